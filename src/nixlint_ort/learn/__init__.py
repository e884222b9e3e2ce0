"""Drafts a convention from variants that have none: what depends on what, and where one is unlike the others."""
