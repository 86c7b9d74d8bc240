"""What differs between the two sides of a stack, property by property.

- ``sound``: a template that nobody here wrote, in a form that can be walked
- ``secret``: which values must never be shown
- ``spelling``: one spelling for what means the same
- ``trees``: where two values differ; ``items``: the same for lists
- ``resources``: what differs between the resources and the outputs of two sides
- ``sources``: what the template says at a place, before values are put in
- ``causes``: why it differs
"""
