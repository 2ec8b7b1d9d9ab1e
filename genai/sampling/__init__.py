"""From logits to a token: pure functions on batches of rows. Knows nothing of models, requests or threads."""
