"""The language model itself: its weights found, checked and loaded, and conversations made its tokens."""
