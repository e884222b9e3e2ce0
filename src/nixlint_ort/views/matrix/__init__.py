"""The matrix: which variants a release should have, which it has, and what is wrong with them."""
