"""Applications: answers of a fixed form."""
