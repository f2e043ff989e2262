"""Other matchers on the same sets, each as its own guide would have it used; ``run.py`` runs them side by side.

Nothing here imports the product: the peers have an environment of their own (``requirements.txt``).
"""
