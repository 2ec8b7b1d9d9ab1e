"""Persons, profiles, conversations, ideas and moderation decisions in SQL.

Knows nothing of generation, the bot or any chat platform.
"""
