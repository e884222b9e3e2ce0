"""Fixing: edits from violations, and applying them so that nothing else changes."""
