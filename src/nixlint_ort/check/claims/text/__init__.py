"""Pieces of documents and of variants' texts as plain text, in which every character knows its bytes."""
