"""What differs between the two sides of a stack, property by property.

- ``seen``: one side as it is compared: values put in, secrets marked, one spelling
- ``spelling``: one spelling for what means the same; ``policies``: the same for IAM's documents
- ``secret``: which values must never be shown
- ``trees``: where two values differ; ``items``: which item of one list is which of the other
- ``resources``: what differs between the resources, and between the outputs, of two sides
- ``sources``: what the template itself says at a place; ``causes``: why that differs
"""
