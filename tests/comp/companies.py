"""Companies by chance: every rule of pay, alone and together, with data that is sometimes wrong.

Each is made of one number, which a failing test prints: `company(Random(number))` makes it again.
"""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from comp.curves import Axis, Curve, Shape
from comp.facts import Absence, Assignment, Facts, Person, PersonalResult, Result, Target, Unit
from comp.periods import FiscalCalendar, FiscalYear, Quarter, Span
from comp.plan import Component, Eligibility, Fallback, Gate, Measure, Modifier, Plan, Reading, Scope
from comp.scores import STANDARD_QUESTIONS, Metric, Statistic, sample

QUESTIONS = {question.id: question for question in STANDARD_QUESTIONS}
METRICS = (
    Metric("nps", Statistic.NPS, 1, question=QUESTIONS["recommend"]),
    Metric("csat", Statistic.TOP_BOX, 0, question=QUESTIONS["satisfaction"], counted=frozenset({4, 5})),
    Metric("effort", Statistic.MEAN, 2, better="lower", question=QUESTIONS["effort"]),
    Metric("income", Statistic.VALUE, 2),
)
SCORES = {"nps": (-100, 100), "csat": (0, 100), "effort": (1, 7), "income": (-50, 150)}
UNITS = ("CO", "A", "B", "A1", "A2")
TOUCHPOINTS = ("store", "web")
LONG_AGO = date(2020, 1, 1)


def companies(*, rising=False):
    """The facts of a quarter. Where `rising`, no better score pays less by any curve or gate."""
    return st.integers(0, 2**40).map(lambda number: company(Random(number), rising=rising))


def company(chance, *, rising=False):
    quarter = Quarter(2025, chance.randint(1, 4))
    calendar = FiscalCalendar(chance.randint(1, 12), chance.choice(["start", "end"]))
    days = calendar.span(quarter)
    return Facts(
        quarter=quarter,
        units=units(chance),
        metrics=METRICS,
        plans=tuple(plan(chance, *version, rising=rising) for version in versions(chance, days)),
        results=tuple(results(chance, quarter)),
        people=tuple(people(chance, quarter, days)),
        targets=tuple(targets(chance, quarter)),
        calendar=calendar,
        round_to=(("JPY", Fraction(100)),) if is_so(chance, 50) else (),
    )


def is_so(chance, percent):
    return chance.random() * 100 < percent


def ratio(chance):
    return Fraction(chance.choice([0, 50, 100, 200, chance.randint(0, 200), chance.randint(0, 200)]), 100)


def amount(chance):
    return Fraction(chance.randint(0, 10_000_000), 100)


def parts_of_a_whole(chance, count):
    """Ratios that add up to 1."""
    cuts = sorted(chance.randint(0, 100) for _ in range(count - 1))
    return [Fraction(after - before, 100) for before, after in pairwise([0, *cuts, 100])]


def units(chance):
    parents = [None] + [chance.choice([*UNITS[:n], None]) for n in range(1, len(UNITS))]
    if is_so(chance, 5):
        parents[-1] = chance.choice(["A2", "NOWHERE"])
    twice = [Unit("A2", "Another", "CO")] if is_so(chance, 2) else []
    return (*(Unit(code, code, parent) for code, parent in zip(UNITS, parents, strict=True)), *twice)


# Plans


def versions(chance, days):
    mid = days.start + timedelta(chance.randint(0, 91))
    return [("p", LONG_AGO), *chance.choice([[], [], [("p", mid)], [("q", mid)], [("p", days.start)]])]


def plan(chance, id_, starts, *, rising):
    *shares, elsewhere = parts_of_a_whole(chance, chance.randint(2, 3))
    return Plan(
        id=id_,
        name=f"Plan {id_}",
        starts=starts,
        components=tuple(component(chance, n, share, rising=rising) for n, share in enumerate(shares)),
        scope=scope(chance),
        quarter_shares=tuple(parts_of_a_whole(chance, 4)) if is_so(chance, 20) else (Fraction(1, 4),) * 4,
        pay_code=f"{id_}{starts.month}",
        gates=tuple(gate(chance, rising=rising) for _ in range(chance.randint(0, 2))),
        modifiers=tuple(modifier(chance, rising=rising) for _ in range(chance.randint(0, 2))),
        cap=chance.choice([None, ratio(chance)]),
        eligibility=Eligibility(chance.choice([0, 0, 0, 30, 92]), is_so(chance, 20), frozenset({"retired"})),
        absences=(("unpaid", Fraction(0)), ("sick", Fraction(1, 2))),
        elsewhere=elsewhere,
    )


def scope(chance):
    named = tuple(chance.sample(UNITS, chance.randint(0, 2)))
    grades = chance.choice([None, None, ("G1",), ("G2",)])
    return chance.choice([None, Scope(), Scope(named, grades)])


def component(chance, number, share, *, rising):
    weights = parts_of_a_whole(chance, chance.randint(1, 3))
    made = tuple(measure(chance, weight, rising=rising) for weight in weights)
    return Component(f"c{number}", f"Component {number}", share, made, chance.choice([None, ratio(chance)]))


def measure(chance, weight, *, rising):
    metric = chance.choice(METRICS)
    return Measure(reading(chance, metric), weight, curve(chance, metric, rising=rising))


def gate(chance, *, rising):
    metric = chance.choice(METRICS)
    low, high = sorted(Fraction(chance.randint(*SCORES[metric.id])) for _ in range(2))
    better_side = (None, high) if metric.better == "lower" else (low, None)
    least, most = better_side if rising else chance.choice([(low, None), (None, high), (low, high)])
    return Gate(reading(chance, metric), ratio(chance), chance.choice(["c0", "total"]), least, most)


def modifier(chance, *, rising):
    metric = chance.choice(METRICS)
    return Modifier(reading(chance, metric), curve(chance, metric, rising=rising), chance.choice(["c0", "total"]))


def reading(chance, metric):
    chain = chance.choices([Fallback.ROLLING_4, Fallback.PARENT, *Fallback], k=chance.randint(0, 2))
    last = chance.choices([Fallback.NEUTRAL, Fallback.RENORMALISE, Fallback.ZERO, Fallback.HOLD], [9, 3, 3, 1])
    share = Fraction(chance.randint(1, 99), 100)
    return Reading(
        metric.id,
        chance.choice(["unit"] * 5 + ["parent", "top", "A", "person"]),
        chance.choice([1, 1, 20, 50]),
        tuple(chain + (last if is_so(chance, 98) else [])),
        tuple(zip(TOUCHPOINTS, (share, 1 - share), strict=True)) if is_so(chance, 20) else (),
    )


def curve(chance, metric, *, rising):
    """A curve along a metric's scores or targets; where `rising`, a better score never pays less."""
    axis = chance.choice([Axis.SCORE, Axis.SCORE, Axis.POINTS_FROM_TARGET, Axis.PERCENT_OF_TARGET])
    low, high = {Axis.SCORE: SCORES[metric.id], Axis.POINTS_FROM_TARGET: (-20, 20)}.get(axis, (0, 150))
    xs = sorted({chance.randint(low, high) for _ in range(chance.randint(1, 4))}, reverse=metric.better == "lower")
    heights = [ratio(chance) for _ in range(len(xs) + 1)]
    below, *ys = sorted(heights) if rising else heights
    points = tuple((Fraction(x), y) for x, y in zip(xs, ys, strict=True))
    shape = chance.choice([Shape.LINEAR, Shape.STEP])
    extends = shape is Shape.LINEAR and len(xs) > 1 and is_so(chance, 50)
    return Curve(points, shape, axis, below, extends=extends)


# Scores


def results(chance, quarter):
    """This quarter's, and some of the three before; seldom a second one of the same unit."""
    for unit in UNITS:
        for metric in METRICS:
            yield from result(chance, metric, unit, quarter)
    for back in chance.choices([0, -1, -1, -2, -2, -3, -3], k=8):
        yield from result(chance, chance.choice(METRICS), chance.choice(UNITS), quarter.plus(back))


def result(chance, metric, unit, quarter):
    """Nothing, tallies by touchpoint or not, or a stated value with or without a count."""
    stated = ["none", "stated", "stated", "counted"]
    tallied = ["none", "tally", "tally", "touchpoints", "touchpoints", "counted"]
    kind = "stated" if is_so(chance, 2) else chance.choice(tallied if metric.question else stated)
    if kind in {"tally", "touchpoints"}:
        places = TOUCHPOINTS if kind == "touchpoints" else [""]
        return [Result(unit, quarter, metric.id, answers(chance, metric), touchpoint=place) for place in places]
    value = Fraction(chance.randint(*SCORES[metric.id]), chance.choice([1, 1, 3]))
    count = chance.randint(1, 60) if kind == "counted" else None
    return [] if kind == "none" else [Result(unit, quarter, metric.id, value=value, answers=count)]


def answers(chance, metric):
    return sample(metric, {chance.choice(metric.question.answers): chance.randint(0, 40) for _ in range(3)})


def targets(chance, quarter):
    for unit in UNITS if is_so(chance, 95) else ():
        yield from (Target(unit, FiscalYear(quarter.year), m.id, Fraction(SCORES[m.id][1])) for m in METRICS)
    for _ in range(chance.randint(0, 3)):
        metric, period = chance.choice(METRICS), chance.choice([quarter, FiscalYear(quarter.year), quarter.plus(1)])
        yield Target(chance.choice(UNITS), period, metric.id, Fraction(chance.randint(-1, SCORES[metric.id][1])))


# People


def people(chance, quarter, days):
    """Some to whom much happens, and before them a colleague of each to whom nothing does."""
    for number in range(1, chance.randint(2, 5)):
        made = person(chance, number, quarter, days)
        yield made
        if made.assignments:
            alike = replace(chance.choice(made.assignments), span=Span(LONG_AGO))
            yield Person(f"0{number}", f"Colleague {number}", (alike,))


def person(chance, number, quarter, days):
    spans = spans_near(chance, days) if is_so(chance, 60) else [Span(LONG_AGO)]
    away = spans_near(chance, days) if is_so(chance, 40) else []
    also = [days] if is_so(chance, 3) else []
    return Person(
        employee="1" if is_so(chance, 3) else str(number),
        name=f"Person {number}",
        assignments=tuple(assignment(chance, span) for span in spans),
        absences=tuple(Absence(span, chance.choice(["unpaid", "sick", "other"])) for span in [*away, *also]),
        results=tuple(own_result(chance, quarter) for _ in range(chance.randint(0, 4))),
        hired=day_near(chance, days) if is_so(chance, 30) else None,
        left=day_near(chance, days) if is_so(chance, 30) else None,
        leaving_reason=chance.choice(["", "retired", "resigned"]),
    )


def day_near(chance, days):
    return days.start + timedelta(chance.randint(-40, 130))


def spans_near(chance, days):
    """Up to four spans, one after another with and without gaps, that begin before, in or after some days."""
    cuts = sorted({day_near(chance, days) for _ in range(chance.randint(1, 4))})
    bounds = [LONG_AGO, *cuts, date.max] if is_so(chance, 70) else cuts
    spans = [Span(start, end) for start, end in pairwise(bounds) if is_so(chance, 85)]
    overlaps = len(spans) > 1 and is_so(chance, 3)
    return [Span(spans[0].start, spans[1].end), *spans[1:]] if overlaps else spans


def assignment(chance, span):
    has_salary, has_amount = chance.choice([(True, False)] * 8 + [(False, True)] * 8 + [(True, True), (False, False)])
    return Assignment(
        unit="NOWHERE" if is_so(chance, 2) else chance.choice([*UNITS, *["A1"] * 5]),
        span=span,
        currency="XXX" if is_so(chance, 2) else chance.choice(["EUR", "EUR", "JPY", "KWD"]),
        annual_salary=amount(chance) if has_salary else None,
        target_percent=ratio(chance) if has_salary else None,
        target_amount=amount(chance) if has_amount else None,
        fte=chance.choice([Fraction(1), Fraction(4, 5)]),
        grade=chance.choice(["G1", "G1", "G1", "G2"]),
        cost_centre=chance.choice(["", "10"]),
    )


def own_result(chance, quarter):
    value = Fraction(chance.randint(-1000, 10_000), 100)
    return PersonalResult(chance.choice([quarter, quarter, quarter.plus(-1)]), chance.choice(METRICS).id, value)
