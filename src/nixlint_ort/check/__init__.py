"""Judging: rules over one variant, over the whole repository, over documents and commit messages."""
