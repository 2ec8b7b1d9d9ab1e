"""What makes answers a person's or a brand's own: profile, taste, recommendations, recall, preferences, brand voice."""
