"""One variant: what its name says, its header and its facts. This room resolves; it never judges."""
