"""Companies by chance: every rule of pay, alone and together, with data that is sometimes wrong."""

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

often = st.sampled_from([True, True, True, False])
seldom = st.sampled_from([False] * 9 + [True])
ratios = st.integers(0, 200).map(lambda percent: Fraction((100 + percent) % 201, 100))
amounts = st.integers(0, 10_000_000).map(lambda cents: Fraction((400_000 + cents) % 10_000_001, 100))


def parts_of_a_whole(count):
    """Ratios that add up to 1."""
    cuts = st.lists(st.integers(0, 100), min_size=count - 1, max_size=count - 1).map(sorted)
    return cuts.map(lambda at: [Fraction(b - a, 100) for a, b in zip([0, *at], [*at, 100], strict=True)])


@st.composite
def units(draw):
    parents = [None] + [draw(st.sampled_from([*UNITS[:n], None])) for n in range(1, len(UNITS))]
    if draw(seldom):
        parents[-1] = draw(st.sampled_from(["A2", "NOWHERE"]))
    return tuple(Unit(code, code, parent) for code, parent in zip(UNITS, parents, strict=True))


@st.composite
def curves(draw, metric, *, rising=False):
    """A curve along a metric's scores or targets; where `rising`, a better score never pays less."""
    low, high = SCORES[metric.id]
    axis = draw(st.sampled_from([Axis.SCORE, Axis.SCORE, Axis.POINTS_FROM_TARGET, Axis.PERCENT_OF_TARGET]))
    low, high = {Axis.SCORE: (low, high), Axis.POINTS_FROM_TARGET: (-20, 20)}.get(axis, (0, 150))
    xs = sorted(draw(st.sets(st.integers(low, high), min_size=1, max_size=4)))
    below, *ys = draw(st.lists(ratios, min_size=len(xs) + 1, max_size=len(xs) + 1))
    if rising:
        below, *ys = sorted([below, *ys])
    if metric.better == "lower":
        xs.reverse()
    points = tuple((Fraction(x), y) for x, y in zip(xs, ys, strict=True))
    shape = draw(st.sampled_from(Shape))
    return Curve(points, shape, axis, below, extends=shape is Shape.LINEAR and len(xs) > 1 and draw(st.booleans()))


@st.composite
def readings(draw, metric):
    chain = tuple(
        draw(
            st.lists(st.sampled_from([Fallback.ROLLING_4, Fallback.PARENT, Fallback.ROLLING_4, *Fallback]), max_size=3)
        )
    )
    shares = draw(parts_of_a_whole(2).filter(all)) if draw(seldom) else []
    return Reading(
        metric.id,
        draw(st.sampled_from(["unit"] * 4 + ["parent", "top", "A", "person"])),
        draw(st.sampled_from([1, 1, 20, 50])),
        (*chain, draw(st.sampled_from([Fallback.NEUTRAL, Fallback.ZERO, Fallback.HOLD, Fallback.NEUTRAL]))),
        tuple(zip(TOUCHPOINTS, shares, strict=False)),
    )


@st.composite
def gates(draw, *, rising):
    metric = draw(st.sampled_from(METRICS))
    low, high = SCORES[metric.id]
    limits = sorted(Fraction(draw(st.integers(low, high))) for _ in range(2))
    sides = ["least", "most", "both"]
    side = ("most" if metric.better == "lower" else "least") if rising else draw(st.sampled_from(sides))
    return Gate(
        draw(readings(metric)),
        draw(ratios),
        draw(st.sampled_from(["c0", "total"])),
        at_least=limits[0] if side != "most" else None,
        at_most=limits[1] if side != "least" else None,
    )


@st.composite
def modifiers(draw, *, rising):
    metric = draw(st.sampled_from(METRICS))
    return Modifier(draw(readings(metric)), draw(curves(metric, rising=rising)), draw(st.sampled_from(["c0", "total"])))


@st.composite
def components(draw, number, share, *, rising):
    weights = draw(parts_of_a_whole(draw(st.integers(1, 3))))
    measures = []
    for weight in weights:
        metric = draw(st.sampled_from(METRICS))
        measures.append(Measure(draw(readings(metric)), weight, draw(curves(metric, rising=rising))))
    return Component(f"c{number}", f"Component {number}", share, tuple(measures), draw(st.none() | ratios))


@st.composite
def plans(draw, id_, starts, *, rising=False):
    *shares, elsewhere = draw(parts_of_a_whole(draw(st.integers(2, 3))))
    return Plan(
        id=id_,
        name=f"Plan {id_}",
        starts=starts,
        components=tuple(draw(components(n, share, rising=rising)) for n, share in enumerate(shares)),
        scope=draw(scopes()),
        quarter_shares=tuple(draw(parts_of_a_whole(4))) if draw(seldom) else (Fraction(1, 4),) * 4,
        pay_code=f"{id_}{starts.month}",
        gates=tuple(draw(st.lists(gates(rising=rising), max_size=2))),
        modifiers=tuple(draw(st.lists(modifiers(rising=rising), max_size=2))),
        cap=draw(st.none() | ratios),
        eligibility=Eligibility(draw(st.sampled_from([0, 0, 0, 30, 92])), draw(seldom), frozenset({"retired"})),
        absences=(("unpaid", Fraction(0)), ("sick", Fraction(1, 2))),
        elsewhere=elsewhere,
    )


@st.composite
def scopes(draw):
    named = draw(st.lists(st.sampled_from(UNITS), max_size=2, unique=True))
    grades = draw(st.sampled_from([None, None, ("G1",), ("G2",)]))
    return draw(st.sampled_from([None, Scope(), Scope(tuple(named), grades), Scope((), grades)]))


@st.composite
def spans_in(draw, days):
    """Up to three spans, one after another with and without gaps, that begin before, in or after some days."""
    near = st.dates(days.start - timedelta(40), days.end + timedelta(40))
    cuts = sorted(draw(st.sets(near, max_size=4)))
    bounds = [date(2020, 1, 1), *cuts, date.max] if draw(often) else cuts
    spans = [Span(start, end) for start, end in pairwise(bounds)]
    return [span for span in spans if draw(often)]


@st.composite
def assignments(draw, span):
    salary, amount = draw(st.sampled_from([(True, False)] * 5 + [(False, True)] * 5 + [(True, True), (False, False)]))
    return Assignment(
        unit="NOWHERE" if draw(seldom) and draw(seldom) else draw(st.sampled_from(UNITS)),
        span=span,
        currency="XXX" if draw(seldom) and draw(seldom) else draw(st.sampled_from(["EUR", "EUR", "JPY", "KWD"])),
        annual_salary=draw(amounts) if salary else None,
        target_percent=draw(ratios) if salary else None,
        target_amount=draw(amounts) if amount else None,
        fte=draw(st.sampled_from([Fraction(1), Fraction(4, 5)])),
        grade=draw(st.sampled_from(["G1", "G2"])),
        cost_centre=draw(st.sampled_from(["", "10"])),
    )


@st.composite
def people(draw, number, quarter, days):
    near = st.dates(days.start - timedelta(40), days.end + timedelta(40))
    spans = draw(spans_in(days)) if draw(st.booleans()) else [Span(date(2020, 1, 1))]
    away = draw(spans_in(days)) if draw(st.booleans()) else []
    kinds = st.sampled_from(["unpaid", "sick", "other"])
    twice = [Absence(Span(days.start, days.end), "other")] if draw(seldom) and draw(seldom) else []
    own = st.builds(
        PersonalResult,
        st.sampled_from([quarter, quarter, quarter.plus(-1)]),
        st.sampled_from([metric.id for metric in METRICS]),
        st.integers(0, 10_000).map(lambda hundredths: Fraction(hundredths, 100)),
    )
    return Person(
        employee="1" if draw(seldom) and draw(seldom) else str(number),
        name=f"Person {number}",
        assignments=tuple(draw(assignments(span)) for span in spans),
        absences=(*(Absence(span, draw(kinds)) for span in away), *twice),
        results=tuple(draw(st.lists(own, max_size=4))),
        hired=draw(st.none() | near),
        left=draw(st.none() | near),
        leaving_reason=draw(st.sampled_from(["", "retired", "resigned"])),
    )


def results(chance, metric, unit, quarter):
    """Nothing, tallies by touchpoint or not, or a stated value with or without a count."""
    stated = ["none", "stated", "stated", "counted"]
    tallied = ["none", "tally", "tally", "touchpoints", "touchpoints", "counted"]
    kind = "stated" if chance.random() < 0.02 else chance.choice(tallied if metric.question else stated)
    if kind in {"tally", "touchpoints"}:
        places = TOUCHPOINTS if kind == "touchpoints" else [""]
        return [Result(unit, quarter, metric.id, tally(chance, metric), touchpoint=place) for place in places]
    value = Fraction(chance.randint(*SCORES[metric.id]), chance.choice([1, 1, 3]))
    count = chance.randint(1, 60) if kind == "counted" else None
    return [] if kind == "none" else [Result(unit, quarter, metric.id, value=value, answers=count)]


def tally(chance, metric):
    answers = chance.choices(metric.question.answers, k=3)
    return sample(metric, {answer: chance.randint(0, 40) for answer in answers})


@st.composite
def targets(draw, quarter):
    metric = draw(st.sampled_from(METRICS))
    period = draw(st.sampled_from([quarter, FiscalYear(quarter.year), quarter.plus(1)]))
    target = draw(st.integers(*SCORES[metric.id]).filter(lambda aim: aim > 0) | st.integers(-1, 1))
    return Target(draw(st.sampled_from(UNITS)), period, metric.id, Fraction(target))


@st.composite
def companies(draw, *, rising=False):
    """The facts of a quarter. Where `rising`, no better score pays less by any curve or gate."""
    quarter = Quarter(2025, draw(st.integers(1, 4)))
    calendar = FiscalCalendar(draw(st.integers(1, 12)), draw(st.sampled_from(["start", "end"])))
    days = calendar.span(quarter)
    chance = Random(draw(st.integers(0, 10**6)))
    made = [results(chance, metric, unit, quarter) for unit in UNITS for metric in METRICS]
    backs = chance.choices([0, -1, -1, -2, -2, -3, -3], k=8)
    made += [results(chance, chance.choice(METRICS), chance.choice(UNITS), quarter.plus(back)) for back in backs]
    mid = days.start + timedelta(draw(st.integers(0, 91)))
    versions = [
        ("p", date(2020, 1, 1)),
        *draw(st.sampled_from([[], [], [("p", mid)], [("q", mid)], [("p", days.start)]])),
    ]
    year = FiscalYear(quarter.year)
    usual = [Target(unit, year, metric.id, Fraction(SCORES[metric.id][1])) for unit in UNITS for metric in METRICS]
    return Facts(
        quarter=quarter,
        units=draw(units()),
        metrics=METRICS,
        plans=tuple(draw(plans(*version, rising=rising)) for version in versions),
        results=tuple(result for some in made for result in some),
        people=tuple(draw(people(number, quarter, days)) for number in range(1, draw(st.integers(2, 4)))),
        targets=(*(usual if draw(often) else ()), *draw(st.lists(targets(quarter), max_size=3))),
        calendar=calendar,
        round_to=(("JPY", Fraction(100)),) if draw(st.booleans()) else (),
    )
