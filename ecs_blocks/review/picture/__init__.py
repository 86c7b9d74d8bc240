"""The stack as a diagram: traffic from the domain to the tasks, and what stands around them."""
