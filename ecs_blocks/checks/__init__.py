"""Checks of our own: what no other tool sees in a template."""
