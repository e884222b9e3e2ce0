"""The language server: what is found, fixed and known, while a file is typed."""
