"""What a change will do, said before it is done.

- ``sources``: where the two sides come from, a revision, a folder, a template file
- ``side``: one stack on one side; a pair of them
- ``live``: what the account says of a stack that is reviewed against what runs
- ``difference``: what differs, property by property, with order and spelling set aside
- ``replacement``: which of it replaces a resource, and what is replaced because of that
- ``facts``: what AWS says of resource types, for both
- ``changes``: the two together: what differs, decided, and explained
- ``exports``, ``unknowns``, ``digest``: what outputs mean for others; what could not be known; what
  an approval is bound to
- ``impact``: the consequences, in words
- ``environments``: how the environments of an app differ from each other
- ``reviewing``: both sides become a review
- ``judging``: a pair becomes a ``StackReview``
- ``model``: what a review says
- ``show``: as text, markdown, JSON, a page
- ``picture``: the stack as a diagram
"""
