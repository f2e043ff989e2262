"""Telling that a brake held a change set: once for each set and channel, by the first run whose message the channel takes.

Belongs here: reading the set, the note that it was told (before it is sent), the words. Does not: the brakes
(``pipelines/writeback``), the wire (``channels.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from pipelines.automation.channels import ChannelFailed, channels_of
from pipelines.automation.messages import Notice
from pipelines.settings import Settings
from pipelines.texts import text
from pipelines.transform.remember import newer_run
from pipelines.warehouse import transaction

KIND = "change_set_held"
_NOTE = """
    INSERT INTO state.alerts BY NAME
    SELECT $alert AS alert_id, unnest($channels::VARCHAR[]) AS channel, NULL AS owner, as_of AS sent_at FROM config.run
    ON CONFLICT DO NOTHING
    RETURNING channel
"""


def tell_held(con: duckdb.DuckDBPyConnection, settings: Settings, change_set_id: str) -> list[str]:
    """One message to each channel that has not had this set; gives the faults of channels, in words without a secret.

    A run of the past tells nothing, nor does one whose settings leave the kind out.
    """
    if KIND not in settings.alerts.kinds or newer_run(con):
        return []
    channels = {channel.name: channel for channel in channels_of(settings.alerts)}
    notice = _notice(con, change_set_id, settings.us.language)
    faults = []
    for name in _note(con, change_set_id, list(channels)):
        try:
            channels[name].send(notice)
        except ChannelFailed as failed:
            faults.append(str(failed))
            con.execute("DELETE FROM state.alerts WHERE alert_id = ? AND channel = ?", [f"held:{change_set_id}", name])
    return faults


def _note(con: duckdb.DuckDBPyConnection, change_set_id: str, channels: Sequence[str]) -> list[str]:
    """Note the set as told; gives the channels that have not had it."""
    with transaction(con):
        noted = con.execute(_NOTE, {"alert": f"held:{change_set_id}", "channels": list(channels)}).fetchall()
    return [channel for (channel,) in noted]


def _notice(con: duckdb.DuckDBPyConnection, change_set_id: str, language: str) -> Notice:
    """How much is held, every brake, and what to do. Raises ``KeyError`` for a set that is not held."""
    query = "SELECT records, fields, brakes FROM state.change_sets WHERE change_set_id = ?"
    row = con.execute(query, [change_set_id]).fetchone()
    if row is None:
        raise KeyError(change_set_id)
    records, fields, brakes = row
    held = text("alert.held", language, records=f"{records:,}", fields=f"{fields:,}")
    reasons = "\n".join(f"- {sentence}" for sentence in brakes)
    return Notice(text("alert.held_title", language), [held, reasons, text("brake.approve", language, id=change_set_id)])
