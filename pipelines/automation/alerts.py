"""What is still to be told to whom, and the note that it was told; before it is sent, so that nothing goes out twice.

Belongs here: reading `marts.alerts`, taking what a channel has not had, grouping by owner. Does not: what is worth an
alert (dbt), sentences (``messages.py``), or sending (``channels.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from pipelines.transform.remember import newer_run
from pipelines.warehouse import transaction


@dataclass(frozen=True)
class Alert:
    """One thing that somebody should hear of, with the values of its sentence."""

    alert_id: str
    kind: str
    text_key: str
    owner: str | None
    company: str
    partner: str | None
    our_status: str | None
    partner_status: str | None
    collision_kind: str | None
    parties: str | None
    severity: str | None
    who_must_act: str | None
    due_on: date | None


_WAITING = """
    SELECT alert_id, kind, text_key, owner, company_name, partners.name, our_status, partner_status, collision_kind,
        array_to_string([coalesce(names[party], party) FOR party IN string_split(parties, ',')], '・'),
        severity, who_must_act, due_on
    FROM marts.alerts
    CROSS JOIN (SELECT map_from_entries(list((party, name))) AS names FROM config.parties)
    LEFT JOIN config.parties AS partners ON partners.party = alerts.partner
    ANTI JOIN (FROM state.alerts WHERE channel = $channel) AS told USING (alert_id)
    ORDER BY list_position(['new_collision', 'claim_lapsing', 'new_overlap'], kind),
        list_position(['high', 'medium', 'low'], severity), due_on, company_name, alert_id
"""


def take(con: duckdb.DuckDBPyConnection, channels: Sequence[str]) -> dict[str, list[Alert]]:
    """What each channel has to send now, most urgent first, noted as sent. A run of the past has nothing and leaves no note."""
    if newer_run(con):
        return {channel: [] for channel in channels}
    taken: dict[str, list[Alert]] = {}
    with transaction(con):
        for channel in channels:
            rows = con.execute(_WAITING, {"channel": channel}).fetchall()
            taken[channel] = [Alert(*row) for row in rows]
            con.execute(
                """
                INSERT INTO state.alerts BY NAME
                SELECT alert_id, $channel AS channel, owner, run.as_of AS sent_at
                FROM marts.alerts CROSS JOIN config.run AS run
                ANTI JOIN (FROM state.alerts WHERE channel = $channel) AS told USING (alert_id)
                """,
                {"channel": channel},
            )
        con.execute("INSERT OR IGNORE INTO state.alert_runs BY NAME SELECT as_of FROM config.run")
    return taken


def by_owner(alerts: Sequence[Alert]) -> dict[str | None, list[Alert]]:
    """Alerts of each owner, those of nobody last."""
    owners = sorted({alert.owner for alert in alerts}, key=lambda owner: (owner is None, owner))
    return {owner: [alert for alert in alerts if alert.owner == owner] for owner in owners}
