"""What of a change replaces a resource, and what is replaced because of that.

- ``certainty``: whether two values differ for certain
- ``own``: what a resource's own properties lead to
- ``follow``: what that means for everything that refers to it
- ``fate``: what becomes of the old resource
"""
