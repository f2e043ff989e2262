"""The form that a partner fills in, the only part of account plans that leaves the house, and what comes back.

Belongs here: the workbook, reading it back, keeping answers until one of us accepts them. Does not: what a plan makes of an
answer (``profile/``, ``gather/``). Nothing of our judgement, our CRM's notes or our customers may stand on it.
"""
