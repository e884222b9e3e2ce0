"""A tree of nixpkgs, read without running it: which attributes it has, which of them throw, what functions take."""
