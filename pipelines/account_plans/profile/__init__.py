"""What we know of a partner: the catalogue of fields, who said what, and whom we believe.

Belongs here: values and their order of trust. Does not: asking the partner (``form/``), or how a slide shows a fact.
"""
