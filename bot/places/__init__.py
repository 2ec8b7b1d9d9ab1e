"""What holds in a workspace or channel: moderation policy, quotas, the review queue, titles."""
