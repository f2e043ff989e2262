"""Taking a returned workbook in: which of its rows are new, and keeping those until a person accepts them.

Belongs here: setting aside what was never shared, telling new from repeated, and recording. Does not: reading the file
(``reading.py``), or verdicts (``decide.py``). The same file twice adds nothing; of two answers to the same row that wait the
newer one stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb

from pipelines.review.layout import folded
from pipelines.review.reading import Fault
from pipelines.sharing.returns.known import Shared, TheirRecord
from pipelines.sharing.returns.reading import Returned
from pipelines.sharing.returns.returned import SUPERSEDED, WAITING, Return, add, as_json, returns_of, supersede
from pipelines.sharing.returns.said import ALREADY_SERVED, STATUS, Said
from pipelines.warehouse import transaction

_OF_ABSENT = ("company_name", "corporate_number", "prefecture")
"""What a company that the partner has no record of becomes a record with."""


@dataclass
class Intake:
    """What became of a file's rows."""

    taken: list[Return] = field(default_factory=list)
    """They wait for a person now."""
    replaced: list[Return] = field(default_factory=list)
    """They waited, and a newer answer came."""
    repeated: int = 0
    """Said before, or as it stands already."""
    faults: list[Fault] = field(default_factory=list)


def take_in(
    con: duckdb.DuckDBPyConnection,
    returned: Returned,
    file: str,
    shared: Mapping[str, Shared],
    records: Mapping[str, Sequence[TheirRecord]],
    at: datetime,
) -> Intake:
    """Record what is new. ``file``: its name as it came back; ``con``: with state."""
    intake = Intake(faults=list(returned.faults))
    with transaction(con):
        earlier = returns_of(con, returned.partner)
        ids = {one.return_id for one in earlier}
        newest = {one.about: one for one in earlier if one.verdict != SUPERSEDED}
        for said in returned.rows:
            if said.row_key is not None and (fault := _fault(said, shared.get(said.row_key))):
                intake.faults.append(fault)
                continue
            new = _return(said, returned, file, shared, records, at)
            last = newest.get(new.about)
            is_old = _says(last) == _says(new) if last else _stands(said, shared)
            if new.return_id in ids or is_old:
                intake.repeated += 1
                continue
            intake.taken.append(new)
            intake.replaced += [last] if last and last.verdict == WAITING else []
        add(con, intake.taken)
        supersede(con, intake.replaced, at)
    return intake


def _fault(said: Said, row: Shared | None) -> Fault | None:
    """Why the row is set aside: it was never shared with this partner, or its key now stands beside another company."""
    place = {"sheet": said.sheet, "row": said.row_number, "company": said.company_name}
    if row is None:
        return Fault("return.fault.not_shared", {**place, "row_key": said.row_key})
    if said.company_name and row.names and folded(said.company_name) not in map(folded, row.names):
        return Fault("return.fault.other_company", {**place, "told": row.names[-1]})
    return None


def _return(
    said: Said,
    returned: Returned,
    file: str,
    shared: Mapping[str, Shared],
    records: Mapping[str, Sequence[TheirRecord]],
    at: datetime,
) -> Return:
    row = shared.get(said.row_key or "")
    theirs = [one for one in records.get(said.row_key or "", ()) if not (one.is_claim and said.kind in (STATUS, ALREADY_SERVED))]
    name = said.company_name or (row.names[-1] if row and row.names else "")
    content: dict[str, Any] = {**said.content, "key": said.key}
    if row and not theirs and said.kind in (STATUS, ALREADY_SERVED):
        told = {**row.told, "company_name": name}
        content |= {column.removeprefix("company_"): told[column] for column in _OF_ABSENT if told.get(column)}
    whole = "\0".join(
        (returned.partner, returned.digest, said.sheet, str(said.row_number), said.kind, said.key, as_json(content))
    )
    return Return(
        return_id=hashlib.sha256(whole.encode()).hexdigest()[:12],
        partner=returned.partner,
        file=file,
        sheet=said.sheet,
        row_number=said.row_number,
        kind=said.kind,
        row_key=said.row_key,
        company_id=row.company_id if row else None,
        record_id=theirs[0].record_id if theirs else None,
        company_name=name,
        content=content,
        received_at=at,
    )


def _says(one: Return) -> tuple[str, str]:
    """What the partner itself said there."""
    if one.row_key is None:
        return one.kind, as_json(one.content)
    return one.kind, as_json({name: one.content.get(name) for name in ("status", "comment")})


def _stands(said: Said, shared: Mapping[str, Shared]) -> bool:
    """A status as the partner was told that it is."""
    row = shared.get(said.row_key or "")
    return said.kind == STATUS and row is not None and row.told.get("partner_status") == said.content["status"]
