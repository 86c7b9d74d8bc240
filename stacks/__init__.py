"""The apps of this repository: one folder each, with a stack.py and an environment.yaml."""
