"""Counts: the numbers of a document that count variants, or what variants differ in, and their sums."""
