"""A command in a container that runs, by ECS Exec."""
