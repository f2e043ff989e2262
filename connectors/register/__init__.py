"""The company register and what fills it in: the national register (国税庁 法人番号公表サイト), EDINET's code list, gBizINFO's
basic information, and our own file of other names.

``content_of(path)`` tells which of them a file is; each has a reader of its own.
"""

from connectors.register.aliases import read_aliases
from connectors.register.contents import Content, content_of
from connectors.register.edinet import EdinetBatch, read_edinet
from connectors.register.faults import BadRow, RegisterBatch, RegisterRefused
from connectors.register.files import RegisterFile, newest, superseded
from connectors.register.gbizinfo import read_gbizinfo
from connectors.register.reader import COLUMNS, read_register

__all__ = [
    "COLUMNS", "BadRow", "Content", "EdinetBatch", "RegisterBatch", "RegisterFile", "RegisterRefused", "content_of", "newest",
    "read_aliases", "read_edinet", "read_gbizinfo", "read_register", "superseded",
]  # fmt: skip
