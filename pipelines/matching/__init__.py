"""Which records are the same company, with what certainty, and why: candidates, scores, clusters, ids. Writes ``match.*`` and
mints company ids."""
