"""What partners send back: the workbook of their share with answers, as rows that wait until one of us accepts them.

Belongs here: reading the workbook, keeping its rows in ``state.share_returns``, people's verdicts. Does not: the workbook's form
(``pipelines.sharing.layout``), or what an accepted row changes on the map, which dbt decides (``stg_share_returns``).
"""
