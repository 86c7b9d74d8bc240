"""Who may do what that they could not, and what they may no longer do.

- ``grants``: policy documents as single grants, and which grant covers which
- ``roles``: what roles may do, by the policies on them
- ``trust``: who may take a role on
- ``on_resources``: what the policies of buckets, queues, topics, keys and others let in
"""
