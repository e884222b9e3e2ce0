"""What is shown besides findings; each view has a model and its text, Markdown, JSON or page."""
