"""Deploy a rendered stack, watch it, and prove that what was deployed serves."""
