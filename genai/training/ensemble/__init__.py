"""Several fine-tuned models as one: their weights averaged, or their distributions mixed."""
