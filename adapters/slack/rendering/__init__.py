"""How replies, panels and forms look in Slack, and how they get there."""
