"""Training data: read, encoded, packed and parted."""
