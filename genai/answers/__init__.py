"""Reads what models answer, and what people ask in their own words."""
