"""Chat platforms. Each adapter translates between its platform and the core; nothing imports adapters."""
