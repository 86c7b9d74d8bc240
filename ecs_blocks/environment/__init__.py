"""Declaring, reading and checking environment.yaml and platform.yaml."""
