"""`riff setup`: looks at the machine, offers models, asks for tokens, and writes settings and secrets."""
