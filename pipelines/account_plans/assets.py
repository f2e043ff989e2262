"""Account plans in Dagster: the plans of all partners, or of some, with a picture of their slides."""

import dagster as dg

from pipelines.account_plans.doubt import doubt_of
from pipelines.resources import Totsugo
from pipelines.texts import text

_READ = (
    *("plan_profiles", "plan_sales", "plan_open_deals", "plan_potential", "plan_bases", "plan_people", "plan_acquaintances"),
    *("plan_best_companies", "plan_events", "partner_portfolio", "partner_fit", "partner_lifts", "introduction_proposals"),
    "partner_uses",
)
_SHOWN = 12
"""So many partners' slides are shown in the metadata, which Dagster keeps of every run; the files hold all."""
_CHECK = dg.AssetCheckSpec("every_plan_made", asset=["account_plans"], description="No partner's plan has a fault.")


class PlanOptions(dg.Config):
    """``partners``: only these partners' plans; all where it is empty."""

    partners: list[str] = []


@dg.asset(
    key=["account_plans"],
    deps=[["memory"], *(["marts", name] for name in _READ)],
    group_name="plans",
    kinds={"duckdb", "powerpoint"},
    owners=["team:partners"],
    pool="duckdb",
    check_specs=[_CHECK],
)
def account_plans(context: dg.AssetExecutionContext, config: PlanOptions, totsugo: Totsugo) -> dg.MaterializeResult:
    """Each partner's account plan as slides and as a page for the browser, and all partners on one page. For our own people only.

    None is made of a run whose change set a brake holds, or that replays an earlier moment than one remembered.
    """
    why_not = _why_not(totsugo)
    if why_not:
        context.log.info(f"No account plan is made: {why_not}")
        passed = dg.AssetCheckResult(check_name=_CHECK.name, passed=True)
        return dg.MaterializeResult(metadata={"plans_made": 0, "none_made": why_not}, check_results=[passed])
    return _made(context, config, totsugo)


def _why_not(totsugo: Totsugo) -> str | None:
    if not totsugo.settings.account_plans.enabled:
        return "account_plans.enabled is false in account_mapping.yaml."
    with totsugo.warehouse.connect() as con:
        doubt = doubt_of(con, totsugo.settings)
    return text(f"plan.files.doubt.{doubt}", "en") if doubt else None


def _made(context: dg.AssetExecutionContext, config: PlanOptions, totsugo: Totsugo) -> dg.MaterializeResult:
    from pipelines.account_plans import make, told  # slides and their libraries: the code location loads without them
    from pipelines.account_plans.drawing.svg import sheet_svg
    from pipelines.account_plans.slides.deck import glance_of
    from pipelines.report.svg import as_markdown_image

    settings = totsugo.settings
    known = make.partners_of(settings)
    if unknown := sorted(set(config.partners) - set(known)):
        raise dg.Failure(
            f"No account plan of {', '.join(unknown)}. Partners that have one: {', '.join(known)}.", allow_retries=False
        )
    maker = make.Maker.of(totsugo.warehouse, totsugo.warehouse.connect, settings)
    made = make.make_plans(maker, [partner for partner in known if partner in (config.partners or known)])
    page, _ = make.make_portfolio(maker)
    faults = [
        sentence for one in (*made, page) if one.fault and not one.left_out for sentence in told.sentences(one, maker.language)
    ]
    for one in (*made, page):
        if one.error:
            context.log.error(f"{one.stem}: {one.fault}", exc_info=one.error)
    glances = {one.stem: glance_of(one.plan) if one.plan else one.deck for one in (page, *made)[: _SHOWN + 1]}
    pictures = {stem: as_markdown_image(sheet_svg(deck), stem) for stem, deck in glances.items() if deck}
    check = dg.AssetCheckResult(
        check_name=_CHECK.name,
        passed=not faults,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"faults": dg.MetadataValue.md("\n".join(f"- {fault}" for fault in faults) or "none")},
    )
    return dg.MaterializeResult(
        metadata={
            "plans": dg.MetadataValue.md(told.plans_table(made, maker.language)),
            "missing": dg.MetadataValue.md(told.missing_table(made, maker.language) or "–"),
            "plans_made": sum(one.fault is None for one in made),
            "folder": dg.MetadataValue.path(maker.folder),
            **{f"slides_{stem}": dg.MetadataValue.md(picture) for stem, picture in pictures.items()},
        },
        check_results=[check],
    )
