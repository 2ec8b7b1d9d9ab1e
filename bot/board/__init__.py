"""The board of a brainstorm as people see it: grouped, drawn and exported."""
