"""From a stack script to a template as text."""
