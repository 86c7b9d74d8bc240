"""The version that runs, started again: new tasks of the same task definition, and nothing else.

``running`` reads what is started again and says what that means, ``start`` calls ECS, ``follow``
watches it to its end.
"""
