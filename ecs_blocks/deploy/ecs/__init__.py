"""What ECS says of a deployment: why its tasks fail, and whether the new ones serve."""
