"""Has the model write what a brief asks for: candidates, re-ranking, and answers of a fixed form."""
