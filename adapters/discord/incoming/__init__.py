"""From messages and interactions into the durable inbox."""
