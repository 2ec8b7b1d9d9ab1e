"""Work off the request: the durable inbox with its workers, scheduled jobs, and what is done periodically."""
