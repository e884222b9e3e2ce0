"""What is made of a document: each mention right, wrong or not understood."""
