"""One Grafana dashboard for all services: a file to import, no resource of any stack.

``dashboard`` draws what the block ``Dashboard`` draws, over the ``variables`` that one chooses by.
"""
