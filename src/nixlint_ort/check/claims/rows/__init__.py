"""Rows: which row of a table the mentions of a unit name together, and which of them does not fit it."""
