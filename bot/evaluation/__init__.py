"""Measures the ideas that Riff gives, by figures (`riff eval ideas`) and by readers (`riff eval reading`)."""
