"""What a query may be about: a payout as a whole, its lines and measures, a hold, or a unit's score, with figures."""

from collections.abc import Iterable, Iterator

from comp.figures import MINUS, fixed_text, grouped, money_text, percent
from comp.nodes import Node
from comp.periods import Quarter
from comp.queries import About, Subject
from comp.results import Payout, StoredRun
from comp.scores import Metric, Score

FEWEST_SHOWN = 5
"""Below so many answers a score is not shown."""

_STATED = "stated"
_RESTS_ON = {"own": "own answers", "rolling-4": "last four quarters"}


def payout_subjects(
    run: StoredRun, employee: str, payouts: Iterable[tuple[Payout, Node]], without: Iterable[Node]
) -> list[About]:
    """Everything that may be asked about what a run says of one person. `payouts` come with their explanations.

    `without` says why there is no payout.
    """
    subjects = [each for payout, tree in payouts for each in _of_payout(payout, tree)]
    subjects += [(node.kind, node.title, (("Why", " ".join(node.how)),)) for node in without]
    return [
        About(Subject.PAYOUT, run.quarter, title, (("Run", run.name), *figures), part, employee, run.id)
        for part, title, figures in subjects
    ]


_Found = tuple[str, str, tuple[tuple[str, str], ...]]
"""A part's key, its title and its figures."""


def _of_payout(payout: Payout, tree: Node) -> Iterator[_Found]:
    currency = payout.amount.currency
    amount = ("Payout", money_text(payout.amount))
    attainment = () if payout.attainment is None else (("Attainment", percent(payout.attainment)),)
    yield currency, f"The whole payout in {currency}", (amount, *attainment)
    for place, line in enumerate(payout.lines if len(payout.lines) > 1 else ()):
        booked = ", ".join(filter(None, [line.pay_code, line.cost_centre and f"cost centre {line.cost_centre}"]))
        yield f"{currency} line {place}", f"Booked as {booked}", (amount, ("Line", money_text(line.amount)))
    for piece, pieces in enumerate(each for each in tree.parts if each.kind == "piece"):
        yield f"{currency} piece {piece}", f"Days and target, {pieces.title}", (amount, *_figures_of_piece(pieces))
        yield from _measures(f"{currency} piece {piece}", pieces, amount)


def _figures_of_piece(piece: Node) -> Iterator[tuple[str, str]]:
    yield "Earned", " ".join(piece.how)
    yield from ((part.title, f"{part.value}: {' '.join(part.how)}") for part in piece.parts if part.kind == "target")


def _measures(key: str, piece: Node, amount: tuple[str, str]) -> Iterator[_Found]:
    components = (part for part in piece.parts if part.kind == "component")
    measures = (part for component in components for part in component.parts if part.kind == "measure")
    for place, measure in enumerate(measures):
        figures = amount, (measure.title, f"{measure.value}: {' '.join(measure.how)}")
        yield f"{key} measure {place}", f"{measure.title}, {piece.title}", figures


def score_subject(quarter: Quarter, unit: str, name: str, metric: Metric, score: Score) -> About:
    """What may be asked about a unit's score. One of too few answers to be shown is asked about without its value."""
    title = f"{metric.name} of {name}"
    shown = _value(metric, score)
    answers = () if score.answers is None else (("Answers", grouped(str(score.answers))),)
    figures = (("Score", shown), *answers, ("Rests on", _basis(score.basis)))
    return About(Subject.SCORE, quarter, title, figures, unit=unit, metric=metric.id)


def _basis(basis: str) -> str:
    return _RESTS_ON.get(basis, basis.replace("parent ", "unit above, "))


def _value(metric: Metric, score: Score) -> str:
    if is_hidden(score):
        return f"not shown below {FEWEST_SHOWN} answers"
    return grouped(fixed_text(score.value, metric.decimals)).replace("-", MINUS)


def is_hidden(score: Score) -> bool:
    """Whether a score has too few answers to be shown to anybody."""
    return score.answers is not None and score.answers < FEWEST_SHOWN and score.basis != _STATED
