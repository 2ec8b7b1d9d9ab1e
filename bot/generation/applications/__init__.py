"""Applications: answers of a fixed form, such as an ad or a design brief, whose limits are kept."""
