"""A review, for people and for machines."""
