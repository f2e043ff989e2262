"""The map of the past, read from the history that every run keeps: as of any day, and what changed between two.

Belongs here: finding the run that a day or an id means, and the queries. Does not: what a change is (dbt's macro
`map_changes`, rendered here as it is there), or how it looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import duckdb
import jinja2

from pipelines.report.figures import OUTSIDE, STATUSES, Cell, PartnerMap
from pipelines.settings.environment import PROJECT_ROOT

_MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "marts" / "history.sql"


class NotRemembered(Exception):
    """No remembered run answers to what was asked for."""


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise than it was."""

    change: str
    party: str
    partner: str
    """The partner's name, ours for a change of our own."""
    company: str
    before: str | None
    after: str | None


def runs(con: duckdb.DuckDBPyConnection) -> list[tuple[str, datetime]]:
    """(run id, moment) of every remembered run, the newest first. Raises ``NotRemembered`` where there is none."""
    found = con.execute("SELECT run_id, as_of FROM state.map_runs ORDER BY as_of DESC").fetchall()
    if not found:
        raise NotRemembered("No run is remembered yet. Run `totsugo run` first.")
    return found


def moment_of(con: duckdb.DuckDBPyConnection, asked: str, zone: ZoneInfo, before_the_day: bool = False) -> datetime:
    """The run that a day or the beginning of a run's id means: of a day its last run, or the last one before it.

    Raises ``NotRemembered``.
    """
    remembered = runs(con)
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        named = [as_of for run_id, as_of in remembered if run_id.startswith(asked)]
        if len(named) != 1:
            known = ", ".join(f"{run_id} ({as_of:%Y-%m-%d})" for run_id, as_of in remembered[:5])
            reason = "No run" if not named else "More than one run"
            raise NotRemembered(f"{reason} begins with {asked}. Write a day such as 2026-11-20, or a run: {known}.") from None
        return named[0]
    end = datetime.combine(day if before_the_day else day + timedelta(days=1), time(), tzinfo=zone).astimezone(UTC)
    for _, as_of in remembered:
        if as_of < end:
            return as_of
    first = remembered[-1][1].astimezone(zone).date()
    raise NotRemembered(f"No run {'before' if before_the_day else 'until'} {day} is remembered; the first was on {first}.")


def changes_between(con: duckdb.DuckDBPyConnection, since: datetime, until: datetime, partner: str | None = None) -> list[Change]:
    """What the later map says otherwise than the earlier one, by kind, partner and company."""
    query = f"""
        WITH was AS ({_map_at("since")}), became AS ({_map_at("until")}), changes AS ({_map_changes()})
        SELECT changes.change, changes.party, coalesce(parties.name, changes.party), coalesce(companies.name, changes.company_id),
            changes.before, changes.after
        FROM changes
        LEFT JOIN config.parties AS parties USING (party)
        LEFT JOIN marts.company_profiles AS companies USING (company_id)
        WHERE $partner IS NULL OR changes.party = $partner
        ORDER BY changes.change, parties.position NULLS LAST, changes.party, 4, changes.company_id
    """
    return [Change(*row) for row in con.execute(query, {"since": since, "until": until, "partner": partner}).fetchall()]


def maps_at(con: duckdb.DuckDBPyConnection, moment: datetime) -> list[PartnerMap]:
    """Every partner's map as it stood then: cells, whitespace and no-approach, as counts of companies."""
    counted = con.execute(
        f"""
        SELECT party, coalesce(name, party), coalesce(party_type, 'reseller'), coalesce(stage, 'ended'), run.currency,
            our_status, partner_status, count(*), count_if(is_whitespace), count(no_approach_rule),
            position
        FROM ({_map_at("moment")}) LEFT JOIN config.parties AS parties USING (party) CROSS JOIN config.run AS run
        WHERE party <> 'us' GROUP BY ALL ORDER BY position NULLS LAST, party, our_status, partner_status
        """,
        {"moment": moment},
    ).fetchall()
    maps: dict[str, PartnerMap] = {}
    for party, name, kind, stage, currency, ours, theirs, companies, whitespace, barred, _ in counted:
        m = maps.setdefault(party, PartnerMap(party, name, kind, stage, currency))
        if theirs != "absent":
            sides = (ours if ours in STATUSES else OUTSIDE, theirs if theirs in STATUSES else OUTSIDE)
            m.cells.setdefault(sides, Cell()).companies += companies
        m.whitespace += whitespace
        m.no_approach += barred
    return list(maps.values())


def _map_at(moment: str) -> str:
    """The versions that held at that parameter, in the shape of `map_versions`."""
    return f"""
        SELECT * EXCLUDE (valid_from, valid_until) FROM state.map_history
        WHERE valid_from <= ${moment} AND (valid_until IS NULL OR valid_until > ${moment})
    """


@cache
def _map_changes() -> str:
    macros = jinja2.Environment().from_string(_MACROS.read_text(encoding="utf-8")).module
    return str(macros.map_changes("was", "became"))  # type: ignore[attr-defined]
