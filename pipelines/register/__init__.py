"""The national company register (法人番号) as the reference list: official files into ``raw.company_register``."""
