"""What belongs to the embedded model: its card, what it learned from, and the adapter that it learned."""
