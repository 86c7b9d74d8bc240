"""One check, one file: the docstring is its page of reference."""
