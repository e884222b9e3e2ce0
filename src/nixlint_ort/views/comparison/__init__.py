"""The comparison of the facts of two repositories, revisions or files."""
