"""Direct preference optimisation: an adapter that makes preferred answers likelier, and whether it wins."""
