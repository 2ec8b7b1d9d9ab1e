"""Rounds in which a model writes, a discriminator learns to tell, and the model learns from its best."""
