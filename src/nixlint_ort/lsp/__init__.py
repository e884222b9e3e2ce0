"""The language server: what is found, mended and known, while a file is typed."""
