"""The Markdown of models: what lines begin with, and the blocks that they make, as they arrive."""
