"""Makes and measures the embedded demo model out of the written corpus in `genai/demo/corpus`."""
