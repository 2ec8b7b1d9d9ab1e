"""How ideas stand in a list: at which level, from where to where, and what each says."""
