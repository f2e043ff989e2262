"""What each partner may see, and handing it over: one gate (``gate.py``), everything else works on the ``Share`` it gives."""
