"""The company register as the reference list: the national register (法人番号), EDINET's lists, gBizINFO's rows and our own file
of other names, from their files into ``raw.company_register`` and the tables beside it."""
