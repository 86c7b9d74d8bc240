"""The numbers of rules on shared listeners: who claims what, who comes first, and the lock file.

Nothing here builds a resource: it reads the listener rules of templates that are rendered already.
"""
