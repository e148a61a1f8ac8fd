"""Why two amounts of one person differ: the days of two quarters laid over each other, and what changed on them.

Where both sides pay for the same days, the amount is attainment × the quarter's share of the year × salary × working
time × target × the part of the days that counts. What differs of these is changed one after another, as
`comp.compare_attainment` says. Where only one side pays for some days, their whole amount has that one cause.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from comp.causes import Cause, Input
from comp.compare_attainment import Steps
from comp.facts import Assignment
from comp.periods import Span
from comp.results import Piece, Stretch

_NOTHING = Fraction(0)
_NO_TARGET = (0, 1)
Exact = tuple[Input, int, int]
"""What an input changes an amount by: a ratio, not in lowest terms."""

_Ratio = tuple[int, int]
Split = Callable[[Stretch, Stretch], tuple[Steps, _Ratio | None]]
"""How the attainments of two stretches differ, and what `counted_alike` gives for them."""


class Half(NamedTuple):
    """One side of a comparison: a person's pieces, whatever their currencies, and the days of the quarter."""

    pieces: Sequence[Piece]
    days: Span


class Cell(NamedTuple):
    """Days on which neither side changes: their share of the quarter, and what pays for them on each side."""

    share: Fraction
    old: Piece | None
    new: Piece | None


def cells(old: Half, new: Half) -> Iterator[Cell]:
    """Both quarters' days laid over each other, first on first and last on last, however many days each has."""
    olds, news = _placed(old, new.days.days), _placed(new, old.days.days)
    cuts = sorted({cut for start, end, _ in (*olds, *news) for cut in (start, end)})
    whole = old.days.days * new.days.days
    for start, end in pairwise(cuts):
        was, now = _covering(olds, start), _covering(news, start)
        if was or now:
            yield Cell(Fraction(end - start, whole), was, now)


_Placed = list[tuple[int, int, Piece]]


def _placed(half: Half, scale: int) -> _Placed:
    def place(day: date) -> int:
        return (day - half.days.start).days * scale

    return [(place(piece.stretch.span.start), place(piece.stretch.span.end), piece) for piece in half.pieces]


def _covering(placed: _Placed, place: int) -> Piece | None:
    return next((piece for start, end, piece in placed if start <= place < end), None)


def split_cell(cell: Cell, currency: str, split: Split) -> Iterator[Exact]:
    """What each input changes the amount of a cell in one currency by, exactly."""
    was, now = _in(cell.old, currency), _in(cell.new, currency)
    if was and now and bool(was.stretch.forfeited) == bool(now.stretch.forfeited):
        yield from () if was.stretch.forfeited else _split_both(cell.share, was, now, split)
        return
    cause = Cause.ELIGIBILITY if was and now else Cause.CURRENCY if cell.old and cell.new else Cause.DAYS
    yield _exact(cause, cell.share * (_rate(now) - _rate(was)))


def _exact(cause: Cause, change: Fraction) -> Exact:
    return Input(cause), change.numerator, change.denominator


def _in(piece: Piece | None, currency: str) -> Piece | None:
    return piece if piece and piece.assignment.currency == currency else None


def _rate(piece: Piece | None) -> Fraction:
    """What a piece earns for a whole quarter at its rate."""
    return piece.amount * piece.stretch.days_in_quarter / piece.stretch.span.days if piece else _NOTHING


def _split_both(share: Fraction, was: Piece, now: Piece, split: Split) -> Iterator[Exact]:
    """Attainment's inputs first, then the person's own; each step at the mean of both ways through."""
    steps, counted = split(was.stretch, now.stretch)
    target = _same_target(share, was, now, counted)
    if target is None:
        yield from _split_all(share, was, now, steps)
        return
    over = target[1] * steps.over
    for each, there, back in zip(steps.inputs, steps.forward, steps.backward, strict=True):
        yield each, target[0] * (there + back), over


def _same_target(share: Fraction, was: Piece, now: Piece, counted: _Ratio | None) -> _Ratio | None:
    """What a cell earns at 100 %, a ratio, where nothing of the person's own changed; None where something did."""
    if counted is None or _terms(was.assignment) != _terms(now.assignment):
        return None
    annual, over = now.assignment.annual_target or _NO_TARGET
    return annual * counted[0] * share.numerator, over * counted[1] * share.denominator


def _terms(assignment: Assignment) -> tuple[Fraction | None, ...]:
    return assignment.annual_salary, assignment.target_percent, assignment.target_amount, assignment.fte


def counted_alike(was: Stretch, now: Stretch) -> _Ratio | None:
    """What part of an annual target the days count for, as if they were the whole quarter; None where it changed."""
    ratios = [each.share_of_year * each.counted_days / each.span.days for each in (was, now)]
    is_same = ratios[0] == ratios[1] and was.share_of_year == now.share_of_year
    return ratios[0].as_integer_ratio() if is_same else None


def _split_all(share: Fraction, was: Piece, now: Piece, steps: Steps) -> Iterator[Exact]:
    """The same where something of the person's own changed, too."""
    factors = list(_factors(was, now))
    olds, news = [old for _, old, _ in factors], [new for _, _, new in factors]
    (a, b), (c, d) = _product([share, *olds]), _product([share, *news])
    for each, there, back in zip(steps.inputs, steps.forward, steps.backward, strict=True):
        yield each, a * d * there + c * b * back, b * d * steps.over
    old_total, new_total = was.stretch.attainment.total, now.stretch.attainment.total
    for place, (cause, old, new) in enumerate(factors):
        if old != new:
            change, after = new - old, place + 1
            a, b = _product([share, new_total, *news[:place], *olds[after:]])
            c, d = _product([share, old_total, *olds[:place], *news[after:]])
            yield Input(cause), change.numerator * (a * d + c * b), change.denominator * b * d * 2


_Factor = tuple[Cause, Fraction, Fraction]


def _product(ratios: Iterable[Fraction]) -> _Ratio:
    """The product, not in lowest terms: nobody needs it to be, and this is done for many people."""
    numerator = denominator = 1
    for ratio in ratios:
        numerator *= ratio.numerator
        denominator *= ratio.denominator
    return numerator, denominator


def _factors(was: Piece, now: Piece) -> Iterator[_Factor]:
    """What an amount is the product of, besides attainment and the share of the quarter; old and new."""
    yield Cause.QUARTER_SHARE, was.stretch.share_of_year, now.stretch.share_of_year
    yield from _annual(was.assignment, now.assignment)
    before, after = (piece.stretch.counted_days / piece.stretch.span.days for piece in (was, now))
    yield Cause.ABSENCE, before, after


def _annual(was: Assignment, now: Assignment) -> Iterator[_Factor]:
    """The annual target: salary × working time × percentage, or working time × a stated amount."""
    salaries = [each.annual_salary for each in (was, now) if each.target_amount is None]
    if len(salaries) == len((was, now)):
        yield Cause.SALARY, was.annual_salary or _NOTHING, now.annual_salary or _NOTHING
    yield Cause.WORKING_TIME, was.fte, now.fte
    if len(salaries) == len((was, now)):
        yield Cause.TARGET, was.target_percent or _NOTHING, now.target_percent or _NOTHING
    else:
        yield Cause.TARGET, _full_time(was), _full_time(now)


def _full_time(assignment: Assignment) -> Fraction:
    """The annual target at full working time."""
    if assignment.target_amount is not None:
        return assignment.target_amount
    return (assignment.annual_salary or _NOTHING) * (assignment.target_percent or _NOTHING)
