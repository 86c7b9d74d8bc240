"""Blocks: frozen arguments that become resources; one file each, the smallest first."""
