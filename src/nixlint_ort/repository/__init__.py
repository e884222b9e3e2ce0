"""Which files there are, and where they are read from: disk, memory, an overlay or a revision."""
