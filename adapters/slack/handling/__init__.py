"""Answers events out of the inbox: prompts, commands, forms and what admins set."""
