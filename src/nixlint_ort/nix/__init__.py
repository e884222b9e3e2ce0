"""The Nix language as this tool needs it: parse a file, and evaluate it without building anything."""
