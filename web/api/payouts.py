"""Payouts: what a quarter pays each person, in lines that add up, with the explanation of one."""

from collections.abc import Iterable

from flask import Blueprint
from pydantic import Field

from comp.db import noting, reading
from comp.nodes import node_document
from comp.periods import Quarter
from comp.services import payout_pages, payouts, reads
from comp.settlement import Settled, SettledLine
from comp.tokens import Scope
from web.api.routing import operation
from web.api.shapes import Amount, Page, Paged, QuarterText, Shape, cursor_after
from web.state import account, engine, now

blueprint = Blueprint("api_payouts", __name__)


class LineShape(Shape):
    """One part of what somebody is paid."""

    kind: str = Field(
        description="`earned`, `funding`, `adjustment`, `guarantee`, `recovery`, `correction` or `carried`.",
        examples=["earned"],
    )
    quarter: QuarterText = Field(description="The quarter that it is for: another one in a correction.")
    amount: Amount
    about: str = Field(description="Why, in words for the person whose pay it is.", examples=[""])


class PayoutShape(Shape):
    """What a quarter pays one person in one currency: the lines together."""

    employee: str = Field(examples=["30417"])
    name: str = Field(examples=["Marta Brandt"])
    payable: Amount
    held_back: str = Field(description="Why it is not paid yet; empty where it is.", examples=[""])
    lines: list[LineShape]


class PayoutPage(Page):
    """Some people's payouts of a quarter, by employee number and currency."""

    quarter: QuarterText
    state: str = Field(
        description="Where the quarter stands: what is not released may still change.", examples=["approved"]
    )
    run: str = Field(examples=["2026-Q2/3"])
    payouts: list[PayoutShape]


class NodeShape(Shape):
    """One number of an explanation, with how it came about and the numbers below it."""

    kind: str = Field(examples=["payout"])
    title: str = Field(examples=["Marta Brandt, 2026-Q2"])
    value: str = Field(examples=["1012.98 EUR"])
    how: list[str] = Field(examples=[["456.178533 + 556.796739 EUR, rounded half up."]])
    numbers: dict[str, str] = Field(examples=[{"exact": "1012.975272"}])
    parts: list["NodeShape"] = Field(examples=[[]])


class ExplainedPayouts(Shape):
    """What a quarter pays one person, and every number that made it; or why it pays nothing."""

    employee: str = Field(examples=["30417"])
    quarter: QuarterText
    state: str = Field(examples=["approved"])
    run: str = Field(examples=["2026-Q2/3"])
    payouts: list[PayoutShape]
    explanation: list[NodeShape]


@operation(
    blueprint,
    "/quarters/<quarter:quarter>/payouts",
    Scope.PAYOUTS_READ,
    query=Paged,
    answer=PayoutPage,
    refusals=(404,),
)
def list_payouts(quarter: Quarter, query: Paged) -> PayoutPage:
    """List a quarter's payouts.

    Of everybody whose pay the token's owner may see now, those too whom only a correction pays. What is told is always
    what is paid: the run that counts with everything that was added to it. Such a look is kept in the audit chain.
    """
    with reading(engine()) as session:
        found = payout_pages.page_after(session, account(), quarter, query.after, query.limit, now())
    _note(quarter, found.settled)
    return PayoutPage(
        quarter=str(quarter),
        state=found.state.value,
        run=found.run.name,
        payouts=[_payout(each) for each in found.settled],
        next_cursor=cursor_after(found.last),
    )


@operation(
    blueprint,
    "/quarters/<quarter:quarter>/payouts/<path:employee>",
    Scope.PAYOUTS_READ,
    answer=ExplainedPayouts,
    refusals=(404,),
)
def explain_payout(quarter: Quarter, employee: str) -> ExplainedPayouts:
    """Read and explain one person's payouts.

    The lines, and the tree of exact numbers behind what was earned, as `loyaltypay explain --json` tells it. Whoever is
    held, or in no plan, has no payouts, and the tree says why. Such a look is kept in the audit chain.
    """
    with reading(engine()) as session:
        found = payout_pages.of_person(session, account(), quarter, employee, now())
        view = payouts.view_person(session, account(), employee, quarter, now())
    with noting(engine()) as session:
        reads.note_read(session, account(), quarter, [employee], now())
    nodes = [*(each.tree for each in view.payouts), *view.without]
    return ExplainedPayouts(
        employee=employee,
        quarter=str(quarter),
        state=found.state.value,
        run=found.run.name,
        payouts=[_payout(each) for each in found.settled],
        explanation=[NodeShape.model_validate(node_document(node)) for node in nodes],
    )


def _note(quarter: Quarter, settled: Iterable[Settled]) -> None:
    with noting(engine()) as session:
        reads.note_read(session, account(), quarter, {each.employee for each in settled}, now())


def _payout(each: Settled) -> PayoutShape:
    return PayoutShape(
        employee=each.employee,
        name=each.name,
        payable=Amount.of(each.payable),
        held_back=each.held_back,
        lines=[_line(line) for line in each.lines],
    )


def _line(line: SettledLine) -> LineShape:
    return LineShape(kind=line.kind.value, quarter=str(line.quarter), amount=Amount.of(line.amount), about=line.about)
