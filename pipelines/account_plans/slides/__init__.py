"""A plan laid out: each module makes the slides of one part, ``deck.py`` puts them together. Nothing here reads data or
writes files; every number is a ``Figure`` of the plan, told by ``figure.told``."""
