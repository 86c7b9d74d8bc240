"""Who may do what that they could not, and what they may no longer do.

- ``grants``: policy documents as single grants, and which grant covers which
- ``held``: what one role may do, by all policies on it
- ``passing``: who may hand a role on
- ``reworded``: what differs in a policy that means the same is noise
- ``roles``: which role may do more or less than before
- ``trust``: who may take a role on
- ``on_resources``: what the policies of buckets, queues, topics, keys and others let in
"""
