"""Partner lists as files: CSV and XLSX in the shapes that partners really send.

``read_list(path, spec)`` gives rows of canonical columns and names everything that was set aside.
"""

from connectors.partner_files.find import display_name, matching_files
from connectors.partner_files.headings import catalogue_text, column_of
from connectors.partner_files.reader import read_list
from connectors.partner_files.spec import COLUMNS, ListRefused, ListSpec, ReadList, Rejection

__all__ = [
    "COLUMNS", "ListRefused", "ListSpec", "ReadList", "Rejection", "catalogue_text", "column_of", "display_name",
    "matching_files", "read_list",
]  # fmt: skip
