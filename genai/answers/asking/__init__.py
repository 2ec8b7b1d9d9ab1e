"""What people ask for in their own words: patterns by kind of request and by language."""
