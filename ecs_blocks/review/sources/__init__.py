"""Where the two sides of a review come from.

- ``snapshot``: every stack of one side, whatever it came from
- ``naming``: what ``--base`` names: a revision, a folder of apps, a folder of renders
- ``revisions``: git: which revision is the base, and its files
- ``rendering``: apps rendered into sides; ``aside``: the same in another process
- ``renders``: what a render has written, read back; ``fed``: its values
- ``files``: two template files
- ``gathering``: both sides of a review, and the same stack on both
"""
