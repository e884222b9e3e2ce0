"""Words: what of a text names a row or a column of the tables, and what a sentence says of it."""
