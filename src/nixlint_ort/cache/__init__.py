"""The user's cache."""
