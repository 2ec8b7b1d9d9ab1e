"""The project's own signal of hostility: weighted words, and forms of sentences that attack people."""
