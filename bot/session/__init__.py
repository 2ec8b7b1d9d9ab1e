"""The facilitator of brainstorms: phases, techniques, ideas out of messages, Riff's own part, the outcome."""
