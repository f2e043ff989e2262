"""Everything that leaves for one partner out of a world, as names and bytes.

Belongs here: making the outputs as the product does. Does not: searching them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage

import duckdb

from pipelines.settings.models import Settings
from pipelines.sharing import log, news
from pipelines.sharing.digest import digest
from pipelines.sharing.files import files_of
from pipelines.sharing.share import Share

MODELS = ("crm_partner_account_state",)
"""What is built beside the lists."""


def outputs(con: duckdb.DuckDBPyConnection, settings: Settings, share: Share, at: datetime) -> dict[str, bytes]:
    """Name -> content: files, mail, what is written to the partner's own CRM, and what the log keeps as having gone out."""
    # a second connection: what is registered on the first would have every prepared model planned anew
    con = con.cursor()
    con.execute("USE warehouse; SET TimeZone = 'UTC'")
    made = dict(files_of(share))
    log.announce(con, share, log.FOLDER, at)
    made["log.json"] = _rows(
        con, "SELECT list, row_key, company_name, fields, content FROM state.sharing_log WHERE partner = ?", share
    )
    made |= {f"{name}.eml": content for name, content in _mail(con, settings, share, at + timedelta(minutes=1))}
    return made | {"crm.json": written_to_crm(con, share.partner)}


def written_to_crm(con: duckdb.DuckDBPyConnection, partner: str) -> bytes:
    """The wanted values of the accounts in the partner's own CRM."""
    query = "FROM marts.crm_partner_account_state WHERE connection = ? || '_crm' ORDER BY ALL"
    return repr(con.execute(query, [partner]).fetchall()).encode()


def _rows(con: duckdb.DuckDBPyConnection, query: str, share: Share) -> bytes:
    return json.dumps(con.execute(query, [share.partner]).fetchall(), ensure_ascii=False).encode()


def _mail(con: duckdb.DuckDBPyConnection, settings: Settings, share: Share, at: datetime) -> Iterator[tuple[str, bytes]]:
    for partner, told in news.take(con, settings, {share.partner: share}, at).items():
        notice = digest(settings, told)
        letter = EmailMessage()
        letter["Subject"] = notice.title
        letter["To"] = ", ".join(settings.sharing_of(partner).mail_to)
        letter.set_content(notice.body)
        yield "mail", bytes(letter)


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """All that any logger says meanwhile."""
    said: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(self.format(record))

    handler, root = Keep(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
