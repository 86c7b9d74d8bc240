"""One-off tasks: a command, once, in the settings of a service."""
