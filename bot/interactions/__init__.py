"""What people do besides typing: pressed buttons, forms opened and filled."""
