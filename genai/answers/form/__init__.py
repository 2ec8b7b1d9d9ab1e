"""How forms are labelled, and what stands under a label."""
