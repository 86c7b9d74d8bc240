"""Consequences in words: for each family a table of changes and what is said of them, by hand."""
