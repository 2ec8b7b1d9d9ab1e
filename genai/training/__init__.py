"""Makes the embedded model: its corpus, its tokenizer, its training run and its measurements."""
