"""Whole applications, each as a team would write it.

A folder with a ``stack.py`` and an ``environment.yaml`` is one app on the platform that stands
beside it; a folder with a ``platform.yaml`` is a repository of its own, of several apps. A new one
is found by itself; ``python -m tests.scenarios`` then rewrites the table in the documents. One that
makes a public template anew says after what, where it differs and why, in its ``README.md``.
"""
