"""Flat rows of pay and scores, which scores are hidden, and what charts show."""

from fractions import Fraction

from comp.analysis import OTHERS, ChartFigures, Slice, UnitLine, hidden_scores, paid_scores, pay_lines
from comp.money import Money
from comp.periods import Quarter
from comp.results import Hold
from comp.scores import OWN, STATED, Metric, Score, Statistic
from comp.settlement import Key, LineKind, Settled, SettledLine, settle
from tests.make import measure, person, plan_document, run

Q3 = Quarter(2025, 3)
NPS = Metric("nps", Statistic.NPS, 0)
TOP_BOX = Metric("csat", Statistic.TOP_BOX, 0)
VALUE = Metric("k", Statistic.VALUE, 0)


def scored(unit, answers, basis=OWN, metric=NPS, value=30, **fields):
    score = Score(metric.id, unit, basis, Fraction(value), Fraction(value), answers)
    line = UnitLine(unit, metric, score, None, None, "p", "run 1")
    return line._replace(**fields)


def eur(minor):
    return Money(minor, "EUR")


def test_each_person_and_currency_has_a_row_that_adds_up_and_whoever_is_held_has_one_with_the_reason():
    made = run(people=[person("1"), person("2")])
    settled = settle(Q3, "2025-Q3/1", [_earned(each) for each in made.payouts])
    more = {Key("1", "EUR"): [_line(LineKind.ADJUSTMENT, 500), _line(LineKind.GUARANTEE, -200)]}
    lines = list(pay_lines(settled.plus(more).settled, made.payouts, [Hold("0", "Zoe", "No score.")]))
    assert [(line.employee, line.paid, line.held) for line in lines] == [
        ("0", None, "No score."),
        ("1", eur(100_300), ""),
        ("2", eur(100_000), ""),
    ]
    first = lines[1]
    assert (first.earned, first.adjusted, first.added) == (eur(100_000), eur(500), eur(-200))
    assert (first.unit, first.target, first.attainment) == ("U", eur(100_000), 1)


def test_pay_for_another_quarter_alone_has_no_target_and_what_is_held_back_says_so():
    settled = Settled("9", "Ivy", "EUR", (_line(LineKind.CORRECTION, 700),), "asked")
    (line,) = pay_lines([settled], [], [])
    assert (line.unit, line.target, line.attainment, line.paid, line.held) == (
        "",
        None,
        None,
        eur(700),
        "held back: asked",
    )


def test_a_target_of_nothing_is_attained_by_nobody():
    made = run(people=[person(target_amount="0")])
    (line,) = pay_lines(settle(Q3, "r", [_earned(each) for each in made.payouts]).settled, made.payouts, [])
    assert (line.target, line.attainment) == (eur(0), None)


def _earned(payout):
    return payout


def _line(kind, minor):
    return SettledLine(kind, eur(minor), Q3)


def test_scores_that_pay_rests_on_are_told_once_for_each_unit_without_peoples_own_results():
    own = measure("m", measured_at="person", too_few=["neutral"])
    plans = [
        plan_document(),
        plan_document(id="q", applies_to={"units": ["V"]}, components=[_component(own)]),
    ]
    made = run(
        plans=plans,
        units=[{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}],
        metrics={"k": {"statistic": "value", "decimals": 0}, "m": {"statistic": "value", "decimals": 0}},
        people=[person("1"), person("2"), person("3", unit="V")],
    )
    found = paid_scores(made.payouts, made.metrics, "2025-Q3/1")
    assert [(line.unit, line.metric.id, line.score.value, line.attainment) for line in found] == [("U", "k", 100, 1)]


def test_a_measure_without_a_score_has_no_row():
    made = run(plans=[plan_document(components=[_component(measure("m", too_few=["neutral"]))])], metrics=_metrics())
    assert paid_scores(made.payouts, made.metrics, "r") == []


def _component(*measures):
    return {"id": "c", "name": "C", "share": "100%", "measures": list(measures)}


def _metrics():
    return {"k": {"statistic": "value", "decimals": 0}, "m": {"statistic": "value", "decimals": 0}}


PARENTS = {"TOP": None, "A": "TOP", "B": "TOP", "C": "TOP"}


def test_scores_from_few_answers_are_hidden_and_never_one_alone_among_its_siblings():
    lines = [scored("TOP", 60), scored("A", 4), scored("B", 16), scored("C", 40)]
    assert hidden_scores(lines, PARENTS) == {("A", "nps"), ("B", "nps")}


def test_two_hidden_siblings_hide_no_third_and_one_without_siblings_hides_no_other():
    lines = [scored("A", 4), scored("B", 3), scored("C", 40)]
    assert hidden_scores(lines, PARENTS) == {("A", "nps"), ("B", "nps")}
    assert hidden_scores([scored("TOP", 2), scored("A", 40)], PARENTS) == {("TOP", "nps")}


def test_stated_values_and_enough_answers_are_shown():
    lines = [scored("A", 3, STATED), scored("B", None), scored("C", 5)]
    assert hidden_scores(lines, PARENTS) == frozenset()


def part(quarter, scores=(), pay=(), hidden=frozenset()):
    names = {"A": "Alpha", "B": "Beta"}
    return Slice(quarter, "closed", f"{quarter}/1", (), tuple(pay), tuple(scores), (), names, hidden)


def pays(unit, amount, attainment=None, currency="EUR"):
    settled = Settled("1", "Ann", currency, (SettledLine(LineKind.EARNED, Money(amount, currency), Q3),))
    (line,) = pay_lines([settled], [], [])
    return line._replace(unit=unit, attainment=attainment)


def figures(*parts):
    made = ChartFigures()
    for each in parts:
        made.add(each)
    return made


def test_a_trend_has_a_row_for_each_quarter_the_units_with_most_answers_first_and_gaps_where_there_is_no_score():
    later = part(Q3.plus(1), [scored("B", 20, value=50), scored("A", 10, value=41)])
    made = figures(part(Q3, [scored("A", 5, value=40), scored("C", 99, metric=TOP_BOX)]), later)
    assert made.trend("nps") == (("Quarter", "Beta", "Alpha"), [("2025-Q3", None, 40), ("2025-Q4", 50, 41)])
    assert [metric.id for metric in made.charted_metrics] == ["nps", "csat"]


def test_hidden_scores_stand_in_no_chart_and_stated_values_have_none():
    made = figures(part(Q3, [scored("A", 4), scored("B", 50, metric=VALUE)], hidden={("A", "nps")}))
    assert made.charted_metrics == []


def test_attainment_is_counted_by_tenths_of_the_last_quarter_alone():
    before = part(Q3, pay=[pays("A", 1, Fraction(9))])
    made = figures(before, part(Q3.plus(1), pay=[pays("A", 1, Fraction(15, 100)), pays("B", 1, Fraction(3))]))
    header, rows = made.spread()
    assert (header, len(rows)) == (("Attained", "Payouts"), 21)
    assert [row for row in rows if row[1]] == [("10–20 %", 1), ("200 % and more", 1)]
    assert figures(part(Q3)).spread()[1] == [("0–10 %", 0)]


def test_what_units_are_paid_stands_apart_by_currency_with_the_smaller_ones_together():
    many = [pays(f"U{number}", 100 * (number + 1)) for number in range(10)]
    made = figures(part(Q3, pay=[*many, pays("A", 500, currency="JPY"), pays("", 7, currency="JPY")]))
    header, ((quarter, *amounts),) = made.paid_by_unit("EUR")
    assert header == ("Quarter", *(f"U{number}" for number in range(9, 1, -1)), OTHERS)
    assert (quarter, amounts[0], amounts[-1], sum(amounts)) == ("2025-Q3", 10, 3, 55)
    assert made.paid_by_unit("JPY") == (("Quarter", "Alpha", "no unit"), [("2025-Q3", 500, 7)])
    assert made.currencies == ["EUR", "JPY"]


def test_scores_and_attainment_of_the_last_quarter_are_held_against_each_other():
    lines = [scored("A", 9, value=40, attainment=Fraction(1)), scored("B", 9, value=50)]
    made = figures(part(Q3, lines), part(Q3.plus(1), lines))
    assert made.against("nps") == (("Unit", "Score", "Attained"), [("Alpha", 40, 1)])


def test_whoever_is_held_counts_for_no_chart():
    held = next(pay_lines([], [], [Hold("0", "Zoe", "why")]))
    assert figures(part(Q3, pay=[held])).currencies == []
