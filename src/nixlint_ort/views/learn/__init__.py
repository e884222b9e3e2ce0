"""What `learn` shows of a study: the same sections as text, Markdown and a page, and everything as JSON."""
