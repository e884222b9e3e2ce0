"""Blocks: a document in Markdown as units, such as sentences and rows, with the headings that they are below."""
