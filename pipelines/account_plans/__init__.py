"""Account plans: what we do and do not do with each partner, drawn from the data. Internal: they hold people's names and our
judgement, and never go to a partner; the form (``form/``) is all that does.

A plan is data first. ``gather`` reads the marts, ``profile`` knows the partner, ``written`` is what our people wrote in
``<partner>.yaml``, ``drafts`` proposes sentences, goals and moves, ``history`` keeps what earlier quarters planned. Of these
``build.py`` makes one ``Plan`` (``plan.py``); ``slides`` lays it out, ``drawing`` makes files of that.
"""
