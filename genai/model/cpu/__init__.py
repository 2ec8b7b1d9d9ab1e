"""Faster kernels for models on the CPU: attention, linear layers and NF4."""
