"""The Nix language as this tool needs it: `parse` reads a file, `evaluation` says what it means."""
