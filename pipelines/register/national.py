"""Brings ``raw.company_register`` to the newest state of each 法人番号 that the national register's files tell, and keeps the
names that entries had before in ``raw.company_register_names``.

Belongs here: full load or difference, and which of several states is the newest. Does not: reading the files
(``connectors.register``), the days from which to which a name held (dbt).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.register import RegisterBatch, newest, read_register, superseded
from pipelines.register.intake import Intake, PresentFile

_STATE = (
    "corporate_number", "process", "update_date", "change_date", "name", "kind", "prefecture", "city", "street", "postal_code",
    "close_date", "close_cause", "successor_corporate_number", "name_en", "name_kana",
)  # fmt: skip
_DELETED = "99"
"""Process code of an entry that should never have been published."""


def load_national(intake: Intake, present: Sequence[PresentFile], known: Mapping[str, str]) -> None:
    """Take in what is new among the files. ``known``: file -> hash of those read before.

    A new full file makes the register anew from all files there are; new differences alone are applied to what is held. A full
    file that a newer one replaces is read for its names only.
    """
    files = {file.path: file for file in present}
    counting = newest(files)
    older = [files[each.path] for each in superseded(files)]
    new = [each for each in counting if known.get(each.path.name) != files[each.path].sha256]
    new_older = [file for file in older if known.get(file.name) != file.sha256]
    if not new and not new_older:
        return
    anew = any(each.is_full for each in new) or not known
    con = intake.con
    intake.create_like("incoming_register", "raw.company_register", latest="VARCHAR", row_number="BIGINT", position="INTEGER")
    for position, file in enumerate(new_older, start=-len(new_older)):
        _read(intake, file, position, is_full=True, only_names=True)
    loading = counting if anew else new
    good = [each for each in loading if _read(intake, files[each.path], loading.index(each), each.is_full)]
    con.execute(_REPEATED)
    con.execute(_SEEN)
    con.execute(_KEEP_NEWEST)
    # A full file that failed must not take the entries away that an earlier one brought: then only add to them.
    if anew and all(each in good for each in loading if each.is_full):
        con.execute(_DROP_GONE)
        _forget_all_but(intake, [*(each.path.name for each in good), *(file.name for file in older)])
        for file in older:
            intake.forget(file.name)
    else:
        con.execute(_KEEP_LATER)
    con.execute(_DROP_CHANGED)
    con.execute(_INSERT, [intake.synced_at])
    con.execute(_REMEMBER)
    con.execute("DROP TABLE incoming_register; DROP TABLE repeated; DROP TABLE seen_names")


def _read(intake: Intake, file: PresentFile, position: int, is_full: bool, only_names: bool = False) -> bool:
    def put(batch: RegisterBatch) -> None:
        intake.insert("incoming_register", batch.table, position=position)

    batches = read_register(file.path)
    if only_names:  # nobody needs to mend what was wrong in an old file
        batches = (RegisterBatch(batch.table, ()) for batch in batches)
    if intake.take(file, batches, put, is_full, "register.no_entries" if is_full else None):
        return True
    intake.con.execute("DELETE FROM incoming_register WHERE position = ?", [position])
    return False


def _forget_all_but(intake: Intake, files: Sequence[str]) -> None:
    gone = "SELECT file FROM raw.register_files WHERE content = 'register' AND NOT list_contains(?, file)"
    intake.con.execute(f"DELETE FROM raw.rejected_rows WHERE source = 'register' AND file IN ({gone})", [files])
    intake.con.execute(f"DELETE FROM raw.register_files WHERE file IN ({gone})", [files])


# Nearly every entry is told of once: only the others need to be put in order.
_REPEATED = """
    CREATE OR REPLACE TEMP TABLE repeated AS
    SELECT corporate_number FROM incoming_register GROUP BY corporate_number HAVING count(*) > 1
"""
_NAME = "corporate_number, name, process, change_date, update_date"
# Every state told or held of the entries at hand that have had more names than one, or that are told to have been otherwise.
_SEEN = f"""
    CREATE OR REPLACE TEMP TABLE seen_names AS
    WITH told AS (SELECT {_NAME}, latest FROM incoming_register WHERE process IS DISTINCT FROM '{_DELETED}'),
    several AS (
        SELECT corporate_number FROM told SEMI JOIN repeated USING (corporate_number)
        GROUP BY corporate_number HAVING min(name) <> max(name)
        UNION SELECT corporate_number FROM told WHERE latest = '0'
        UNION SELECT told.corporate_number FROM told JOIN raw.company_register AS held USING (corporate_number)
        WHERE told.name <> held.name
        UNION SELECT corporate_number FROM raw.company_register_names SEMI JOIN told USING (corporate_number)
    )
    SELECT {_NAME} FROM told SEMI JOIN several USING (corporate_number)
    UNION SELECT {_NAME} FROM raw.company_register SEMI JOIN several USING (corporate_number)
    UNION SELECT {_NAME} FROM raw.company_register_names SEMI JOIN several USING (corporate_number)
"""
_REMEMBER = f"""
    DELETE FROM raw.company_register_names WHERE corporate_number IN (SELECT corporate_number FROM seen_names);
    INSERT INTO raw.company_register_names ({_NAME}) SELECT {_NAME} FROM seen_names ORDER BY ALL
"""
_KEEP_NEWEST = """
    DELETE FROM incoming_register WHERE latest = '0' OR position < 0;
    DELETE FROM incoming_register WHERE rowid IN (
        SELECT rowid FROM incoming_register AS incoming SEMI JOIN repeated USING (corporate_number)
        QUALIFY row_number() OVER (
            PARTITION BY corporate_number
            ORDER BY update_date DESC NULLS LAST, change_date DESC NULLS LAST, position DESC, incoming.row_number DESC
        ) > 1
    )
"""
_DROP_GONE = """
    DELETE FROM raw.company_register WHERE corporate_number NOT IN (SELECT corporate_number FROM incoming_register)
"""
_AGE = "row(coalesce({0}.update_date, DATE '0001-01-01'), coalesce({0}.change_date, DATE '0001-01-01'))"
# A difference that arrives late does not undo a later change.
_KEEP_LATER = f"""
    DELETE FROM incoming_register AS incoming USING raw.company_register AS held
    WHERE held.corporate_number = incoming.corporate_number AND {_AGE.format("held")} > {_AGE.format("incoming")}
"""
# What has not changed stays with its time stamp, so that nothing after this has to look at it again.
_SAME = " AND ".join(f"company_register.{column} IS NOT DISTINCT FROM incoming.{column}" for column in _STATE)
_DROP_CHANGED = f"""
    DELETE FROM raw.company_register USING incoming_register AS incoming
    WHERE incoming.corporate_number = company_register.corporate_number AND NOT ({_SAME})
"""
_INSERT = f"""
    INSERT INTO raw.company_register ({", ".join(_STATE)}, _synced_at)
    SELECT {", ".join(_STATE)}, ? FROM incoming_register AS incoming ANTI JOIN raw.company_register USING (corporate_number)
    WHERE process IS DISTINCT FROM '{_DELETED}'
"""
