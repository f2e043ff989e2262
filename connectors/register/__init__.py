"""The national company register (国税庁 法人番号公表サイト): its CSV and ZIP files, full and daily differences."""

from connectors.register.files import RegisterFile, newest
from connectors.register.reader import COLUMNS, BadRow, RegisterBatch, RegisterRefused, read_register

__all__ = ["COLUMNS", "BadRow", "RegisterBatch", "RegisterFile", "RegisterRefused", "newest", "read_register"]
