"""Generation, moderation and training. Knows nothing of storage, the bot or any chat platform."""
