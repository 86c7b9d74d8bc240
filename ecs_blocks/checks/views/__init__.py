"""Ways to look at a template that several checks share."""
