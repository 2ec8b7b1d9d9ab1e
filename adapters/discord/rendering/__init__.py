"""How replies, panels and forms look in Discord, and how they get there."""
