"""The branches: what each branch of a repository has, side by side."""
