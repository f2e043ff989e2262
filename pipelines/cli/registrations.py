"""``totsugo registrations`` and ``totsugo overrides``: what waits for the partner manager, and the answers.

Belongs here: arguments and printing. Does not: what may be answered, or recording it (``pipelines.registrations``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pipelines import registrations as answers
from pipelines.cli.desk import By, Desk, Note, Reason, at_desk, who
from pipelines.cli.plainly import known_partner
from pipelines.registrations import Claim, Decision, Override
from pipelines.texts import text

registrations = typer.Typer(
    help="Deal registrations (案件登録): what waits for an answer, and answering it. Without a command: the list."
)
overrides = typer.Typer(
    help="Reps' allows against another partner's live registration: they take effect once confirmed. Without a command: the list."
)

ClaimId = Annotated[str, typer.Argument(metavar="CLAIM", help="Id of the claim, or its last part, such as MD2026-0016.")]


@registrations.callback(invoke_without_command=True)
def _registrations(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_claims()


@registrations.command("list")
def list_claims(
    partner: Annotated[str | None, typer.Option(help="Only this partner's.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Rejected, expired and won ones too.")] = False,
) -> None:
    """What waits first, then what holds its company."""
    with at_desk() as desk:
        if partner:
            known_partner(desk.settings, partner)
        claims = [claim for claim in _claims(desk) if partner in (None, claim.partner)]
        waiting, holding = [c for c in claims if c.waits], [c for c in claims if c.holds and not c.waits]
        over = [c for c in claims if not (c.waits or c.holds)]
        for key, group in (("waiting", waiting), ("holding", holding), ("over", over)):
            desk.say(f"claims.{key}", count=len(group))
            for claim in group if key != "over" or every else ():
                _show_claim(desk, claim)


@registrations.command("approve")
def approve_claim(claim: ClaimId, reason: Note = None, by: By = None) -> None:
    """Approve a claim: it holds its company for the protection period, while it shows activity."""
    with at_desk() as desk:
        claims = _claims(desk)
        found = answers.find_claim(claims, claim)
        with desk.warehouse.connect() as con:
            answers.approve(con, found, claims, desk.today, _said(desk, "approved", reason, by))
        said = "approved_unplaced" if found.status == "submitted" else "approved"
        desk.say(said, company=found.company, partner=found.partner_name, until=found.approved_until)


@registrations.command("reject")
def reject_claim(claim: ClaimId, reason: Reason, by: By = None) -> None:
    """Refuse a claim; the next one in line moves up."""
    with at_desk() as desk:
        found = answers.find_claim(_claims(desk), claim)
        with desk.warehouse.connect() as con:
            answers.reject(con, found, _said(desk, "rejected", reason, by))
        desk.say("rejected", company=found.company, partner=found.partner_name)


@registrations.command("extend")
def extend_claim(
    claim: ClaimId,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day, included; the days of the terms where left out.")
    ] = None,
    reason: Note = None,
    by: By = None,
) -> None:
    """Prolong the protection of a claim that holds, also in its days of grace."""
    with at_desk() as desk:
        found = answers.find_claim(_claims(desk), claim)
        wanted = until.date() if until else None
        with desk.warehouse.connect() as con:
            last_day = answers.extend(con, found, desk.today, wanted, _said(desk, "extended", reason, by))
        desk.say("extended", company=found.company, partner=found.partner_name, until=last_day)


@registrations.command("withdraw")
def withdraw_answer(claim: ClaimId, reason: Note = None, by: By = None) -> None:
    """Take back every answer to a claim: it stands as it would have without. The claim itself stays."""
    with at_desk() as desk:
        found = answers.find_claim(_claims(desk), claim)
        with desk.warehouse.connect() as con:
            answers.withdraw(con, found, _said(desk, "withdrawn", reason, by))
        desk.say("withdrawn", company=found.company, partner=found.partner_name)


@overrides.callback(invoke_without_command=True)
def _overrides(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_overrides()


@overrides.command("list")
def list_overrides() -> None:
    """Allows that meet another partner's live registration: what is not confirmed first."""
    with at_desk() as desk:
        met = [override for override in _allows(desk) if override.against]
        for key, group in (("waiting", [o for o in met if o.waits]), ("confirmed", [o for o in met if not o.waits])):
            desk.say(f"overrides.{key}", count=len(group))
            for override in group:
                _show_override(desk, override)


@overrides.command("confirm")
def confirm_override(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="Id of the CRM record that carries the allow.")],
    reason: Reason,
    partner: Annotated[str | None, typer.Option(help="The partner that the allow names, to be sure.")] = None,
    by: By = None,
) -> None:
    """Let a rep's allow lift other partners' registrations, until the allow ends."""
    with at_desk() as desk:
        found = answers.find_override(_allows(desk), record)
        with desk.warehouse.connect() as con:
            answers.confirm(con, found, partner, reason, who(by), desk.now)
        desk.say("confirmed", company=found.company, partner=_partner(desk, found), until=found.until)


def _claims(desk: Desk) -> list[Claim]:
    with desk.warehouse.read() as con:
        return answers.claims_of(con)


def _allows(desk: Desk) -> list[Override]:
    with desk.warehouse.read() as con:
        return answers.overrides_of(con)


def _said(desk: Desk, decision: str, reason: str | None, by: str | None) -> Decision:
    return Decision(decision, None, reason, who(by), desk.now)


def _show_claim(desk: Desk, claim: Claim) -> None:
    desk.say(
        "claims.line",
        status=text(f"registration.status.{claim.status}", desk.language),
        company=claim.company,
        partner=claim.partner_name,
        product=f" ({claim.product})" if claim.product else "",
        received=claim.received_on,
        until=claim.protected_until,
        why=text("answer.claims.in_grace" if claim.in_grace else claim.reason_key, desk.language),
    )
    typer.echo(f"    {claim.claim_id}")


def _show_override(desk: Desk, override: Override) -> None:
    desk.say(
        "overrides.line",
        company=override.company,
        partner=_partner(desk, override),
        against=", ".join(override.against or []),
        until=override.until,
        why=override.reason or "",
    )
    typer.echo(f"    {override.record_id}")


def _partner(desk: Desk, override: Override) -> str:
    return override.partner_name or text("answer.overrides.every_partner", desk.language)
