"""People's review of matches: what waits for them, the workbook they answer in, and what they said.

Belongs here: plain Python over the published copy and the state. Does not: what a decision leads to (``pipelines.matching``),
printing (the command line).
"""
