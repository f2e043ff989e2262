"""dbt in Dagster: two ``@dbt_assets``, before and after matching, with dbt's tests as asset checks."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtCliResource, DbtProject, dbt_assets

from pipelines import gate
from pipelines.resources import Totsugo
from pipelines.settings.environment import write_back_allowed
from pipelines.transform.remember import RefusedToRemember, newer_run, remember
from pipelines.writeback.approval import is_held

_SOURCES = {"config": ["settings"], "state": ["state"]}
"""dbt sources of which we show the whole schema as one asset."""
_GROUPS = {"seeds": "settings", "staging": "staging", "intermediate": "records", "crm": "writeback", "account_plans": "plans"}
"""Schema, or folder of the marts, whose group in the graph has another name."""


_PARTLY = "only a part of it was built last, which says nothing of the whole: build all of it"


class Translator(DagsterDbtTranslator):
    """Keys, groups and owners of dbt's models in our graph."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=True, enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source" and dbt_resource_props["source_name"] in _SOURCES:
            return dg.AssetKey(_SOURCES[dbt_resource_props["source_name"]])
        return super().get_asset_key(dbt_resource_props)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        schema = dbt_resource_props["config"].get("schema") or ""
        folders = dbt_resource_props["fqn"][1:-1]
        folder = folders[1] if len(folders) > 1 else "map"
        return _GROUPS.get(schema) or _GROUPS.get(folder, folder)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return ["team:data"]


def _build(context: dg.AssetExecutionContext, dbt: DbtCliResource, totsugo: Totsugo, phase: str) -> Iterator[Any]:
    """Run dbt, hand its events on, and note for the gate whether the whole phase was built and tested without an error."""
    builds = bool(context.selected_asset_keys)  # else only checks were asked for, which change no data
    if builds:
        with totsugo.warehouse.connect() as con:
            gate.begin(con, f"dbt:{phase}", context.run_id)
    target = totsugo.paths.home / "dbt" / f"{context.run_id}-{phase}"
    command = ["--log-level-file", "info", "build", "--exclude-resource-type", "unit_test"]  # debug lines cost seconds
    invocation = dbt.cli(command, context=context, target_path=target, raise_on_error=False)
    yield from invocation.stream()
    ended_well = invocation.process.wait() == 0  # its stream may end before it lets go of the warehouse
    faults = (
        _faults(invocation.get_artifact("run_results.json")) if _has_results(invocation.target_path) else ["dbt did not start"]
    )
    if not faults and not ended_well:
        faults = ["dbt broke off before its end; its log says where"]
    verdict = "; ".join(faults) or (_PARTLY if context.is_subset else None)
    if builds or faults:
        with totsugo.warehouse.connect() as con:
            gate.record(con, f"dbt:{phase}", verdict is None, context.run_id, verdict)
    _prune(totsugo.paths.home / "dbt")
    if faults:
        raise dg.Failure(f"dbt {phase}: " + "; ".join(faults))


def _has_results(target: Path) -> bool:
    return (target / "run_results.json").exists()


def _faults(results: Mapping[str, Any]) -> list[str]:
    """Nodes that failed, in dbt's words; warnings are none."""
    bad = [r for r in results["results"] if r["status"] in ("error", "fail", "runtime error")]
    return [f"{r['unique_id'].split('.')[2]}: {r['message']}" for r in bad]


def _prune(folder: Path, kept: int = 10) -> None:
    for old in sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime)[:-kept]:
        shutil.rmtree(old, ignore_errors=True)


def dbt_phases(project: DbtProject) -> list[dg.AssetsDefinition]:
    """The two phases, made from the project's manifest."""

    @dbt_assets(
        manifest=project.manifest_path,
        select="tag:before_matching",
        project=project,
        name="dbt_before_matching",
        dagster_dbt_translator=Translator(),
        pool="duckdb",
    )
    def before(context: dg.AssetExecutionContext, dbt: DbtCliResource, totsugo: Totsugo) -> Iterator[Any]:
        yield from _build(context, dbt, totsugo, "before_matching")

    @dbt_assets(
        manifest=project.manifest_path,
        select="tag:after_matching",
        project=project,
        name="dbt_after_matching",
        dagster_dbt_translator=Translator(),
        pool="duckdb",
    )
    def after(context: dg.AssetExecutionContext, dbt: DbtCliResource, totsugo: Totsugo) -> Iterator[Any]:
        yield from _build(context, dbt, totsugo, "after_matching")

    return [before, after]


@dg.asset(
    key=["memory"],
    group_name="map",
    kinds={"duckdb"},
    owners=["team:data"],
    pool="duckdb",
    deps=[
        "change_set",
        ["intermediate", "registration_claims"],
        *(["marts", name] for name in ("account_map", "assignments", "collision_log", "account_map_history")),
    ],
)
def memory(context: dg.AssetExecutionContext, totsugo: Totsugo) -> dg.MaterializeResult:
    """What must outlive a rebuild: since when a row exists, who holds what, when a claim came, what collided, the map's past.

    Of a run whose change set a brake holds only when claims came; the rest once a person has approved it.
    """
    with totsugo.warehouse.connect() as con:
        newer, held = newer_run(con), write_back_allowed() and is_held(con, totsugo.settings)
        try:
            counts = remember(con, held)
        except RefusedToRemember as refused:
            raise dg.Failure(str(refused), allow_retries=False) from None
    if newer:
        context.log.warning(
            f"A run of {newer.isoformat()} is remembered already: this one shows an earlier moment and is not remembered. "
            "If that run was a mistake, put back the copy of the state made before it (backups/)."
        )
    metadata: dict[str, dg.MetadataValue] = {name: dg.MetadataValue.int(count) for name, count in counts.items()}
    return dg.MaterializeResult(metadata={"remembered": dg.MetadataValue.bool(not newer and not held), **metadata})
