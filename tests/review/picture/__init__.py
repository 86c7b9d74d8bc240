"""The stack as a diagram."""
