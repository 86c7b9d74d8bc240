"""What AWS says of resource types: what cannot be changed in place, which lists have no order.

- ``types.json``: from the official resource schemas; ``python -m tests.review.facts`` writes it
- ``types``: reads it, and adds what is known beside it
- ``beside``: what the schemas leave out, by hand, with the source
"""
