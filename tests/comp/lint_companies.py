"""Companies as the linter sees them: eight quarters of answers, people, targets and plans in force."""

from fractions import Fraction

from comp.facts import Result, Target, Unit
from comp.lint import lint
from comp.lint_facts import Headcount, LintFacts
from comp.metric_documents import read_metrics
from comp.periods import Quarter, parse_period
from comp.scores import groups_tally, sample
from tests.make import measure, plan

METRICS = read_metrics(
    {
        "k": {"statistic": "value"},
        "effort": {"statistic": "value", "better": "lower"},
        "nps": {"question": "recommend", "statistic": "nps", "decimals": 1},
        "csat": {"question": "satisfaction", "statistic": "top_box", "top": 2, "decimals": 1},
        "unhappy": {"question": "satisfaction", "statistic": "share", "answers": [1, 2], "better": "lower"},
    }
)[1]
BY_ID = {metric.id: metric for metric in METRICS}
LAST = Quarter(2024, 4)
EIGHT = tuple(LAST.plus(back) for back in range(-7, 1))
UNITS = (Unit("CO", "Company"), Unit("U", "Unit", "CO"), Unit("V", "Other unit", "CO"))
EXAMPLE = {"name": "at target", "scores": {"k": "100"}, "target": "1000 EUR", "pays": "1000 EUR"}


def facts(people=(("U", "T1", 10),), answers=None, stated=None, targets=(), quarters=EIGHT, **more) -> LintFacts:
    """`answers` are each unit's promoters, passives and detractors in every quarter; `stated` values of metrics."""
    results = [
        Result(unit, quarter, "nps", sample(BY_ID["nps"], groups_tally(*groups)))
        for unit, groups in (answers or {}).items()
        for quarter in quarters
    ]
    results += [
        Result(unit, quarter, metric, value=Fraction(value))
        for (unit, metric), value in (stated or {}).items()
        for quarter in quarters
    ]
    fields = {
        "metrics": METRICS,
        "units": UNITS,
        "quarters": quarters,
        "results": tuple(results),
        "targets": tuple(Target(unit, parse_period(of), metric, Fraction(n)) for unit, of, metric, n in targets),
        "people": tuple(Headcount(*each) for each in people),
    }
    return LintFacts(**{**fields, **more})


def found(known=None, check=None, **fields):
    """What the linter finds in a plan with these fields, in a company of which only names are known unless told."""
    known = known or LintFacts(METRICS, UNITS)
    findings = lint(plan(**{"examples": [EXAMPLE], **fields}), known)
    return [each for each in findings if check in {None, each.check}]


def component(*measures, **fields):
    return {"id": "c", "name": "Customer", "share": "100%", "measures": list(measures) or [measure()], **fields}


def asks(metric="nps", **fields):
    """A plan's components and no example, by one metric with this measure."""
    return {"components": [component(measure(metric, **fields))], "examples": []}
