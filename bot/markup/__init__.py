"""Makes text safe to show on a platform: no pings, no disguised links, no control sequences.

Pure functions, one file a platform. What moderation passed is text; what a platform reads in it is not
moderation's business, so adapters call these on everything that they show.
"""
