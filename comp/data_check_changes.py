"""Checks against the quarter before: how many people, answers and targets there are, and what pay is at stake."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from comp.data_check_before import Before, PayJump
from comp.data_check_grounds import Grounds
from comp.data_findings import Check, Concerned, DataFinding, Mend, MendKind, Place, PlaceKind
from comp.facts import Target
from comp.figures import counted, listed, money_text, percent
from comp.money import Money
from comp.periods import FiscalYear, Quarter
from comp.pools import Pools
from comp.scores import Metric, Statistic

_FEWEST_ANSWERS = 20
_FEWEST_MIXED = 50
_SALARIES = Mend(MendKind.IMPORT, "people")


def check_changes(grounds: Grounds, past: Before) -> Iterator[DataFinding]:
    """Everything that differs from the quarter before by more than the stated share. Where it had nothing, nothing."""
    yield from _people(grounds, past)
    yield from _answers(grounds, past.swing)
    yield from _touchpoints(grounds, past.swing)
    yield from _pay(grounds, past)
    yield from _jumps(grounds, past.jumps)
    yield from _targets(grounds, past)


def _differs(now: int | Fraction, before: int | Fraction, swing: Fraction) -> bool:
    return before > 0 and abs(Fraction(now) - Fraction(before)) > swing * before


def _change(now: int | Fraction, before: int | Fraction) -> str:
    """How much more or less something is: `40 % less`. Only where there was something before."""
    share = Fraction(now) / Fraction(before) - 1
    return f"{percent(abs(share), 0)} {'more' if share > 0 else 'less'}"


def _here(grounds: Grounds) -> Place:
    return Place(PlaceKind.QUARTER, str(grounds.facts.quarter))


def _people(grounds: Grounds, past: Before) -> Iterator[DataFinding]:
    now, before = past.now.people, past.before.people
    if _differs(now, before, past.swing):
        what = f"{now:,} people are employed at the quarter's end, {before:,} at the end of the one before: "
        yield DataFinding(
            Check.PEOPLE_DIFFER,
            _here(grounds),
            f"{what}{_change(now, before)}.",
            "Look whether a part of the roster is missing, or there twice.",
            _SALARIES,
            figures=(str(now), str(before)),
        )


def _asked(grounds: Grounds) -> dict[str, Metric]:
    """Of each question one metric that counts its answers."""
    asked: dict[str, Metric] = {}
    for metric in sorted(grounds.facts.metrics, key=lambda each: each.id):
        if metric.question and metric.statistic is not Statistic.VALUE:
            asked.setdefault(metric.question.id, metric)
    return asked


def _answers(grounds: Grounds, swing: Fraction) -> Iterator[DataFinding]:
    """How many answers there are to each question, in all and in each unit that has its own."""
    pools, quarter, organisation = grounds.readings.pools, grounds.facts.quarter, grounds.organisation
    tops = sorted({organisation.top(code) for code in organisation.from_top()})
    places = _answered(grounds)
    for question, metric in _asked(grounds).items():
        now, before = (sum(pools.pool(metric.id, top, each).answers for top in tops) for each in _both(quarter))
        if _differs(now, before, swing):
            place = Place(PlaceKind.METRIC, metric.id, metric.name)
            yield _fewer(Check.ANSWERS_DIFFER, place, question, now, before)
        for unit in places.get(metric.id, ()):
            if unit in tops:
                continue
            now, before = (pools.pool(metric.id, unit, each).answers for each in _both(quarter))
            if before >= _FEWEST_ANSWERS and _differs(now, before, swing):
                place = Place(PlaceKind.UNIT, unit, organisation.name(unit))
                yield _fewer(Check.UNIT_ANSWERS_DIFFER, place, question, now, before)


def _both(quarter: Quarter) -> tuple[Quarter, Quarter]:
    return quarter, quarter.plus(-1)


def _answered(grounds: Grounds) -> dict[str, list[str]]:
    """The units that have answers of their own in the quarter or the one before, by metric."""
    found: dict[str, set[str]] = {}
    for result in grounds.facts.results:
        is_near = result.quarter in _both(grounds.facts.quarter)
        if result.sample and is_near and result.unit in grounds.organisation:
            found.setdefault(result.metric, set()).add(result.unit)
    return {metric: sorted(units) for metric, units in found.items()}


def _fewer(check: Check, place: Place, question: str, now: int, before: int) -> DataFinding:
    what = f"{counted(now, 'answer')} to {question}, {before:,} the quarter before: {_change(now, before)}."
    change = "Look whether a file is missing, or there twice; ask who invites customers whether they invited as before."
    return DataFinding(
        check, place, what, change, Mend(MendKind.IMPORT, "answers"), figures=(question, str(now), str(before))
    )


def _touchpoints(grounds: Grounds, swing: Fraction) -> Iterator[DataFinding]:
    """Units whose answers come from other touchpoints than before: their score moves though no customer changed."""
    pools, quarter = grounds.readings.pools, grounds.facts.quarter
    named = sorted({result.touchpoint for result in grounds.facts.results if result.touchpoint})
    for question, metric in _asked(grounds).items() if named else ():
        for unit in _answered(grounds).get(metric.id, ()):
            moved = [name for name in named if _moved(pools, metric.id, unit, quarter, name, swing)]
            if moved:
                shares = "; ".join(
                    f"{name} {' → '.join(_share(pools, metric.id, unit, each, name) for each in _both(quarter)[::-1])}"
                    for name in moved
                )
                yield DataFinding(
                    Check.TOUCHPOINTS_DIFFER,
                    Place(PlaceKind.UNIT, unit, grounds.organisation.name(unit)),
                    f"Answers to {question} come from other touchpoints than the quarter before: {shares}.",
                    "Read the score with that in mind, or weight touchpoints in the plan.",
                    Mend(MendKind.SCORES, str(quarter)),
                    figures=(question, shares),
                )


def _part(pools: Pools, metric: str, unit: str, quarter: Quarter, touchpoint: str) -> Fraction | None:
    answers = pools.pool(metric, unit, quarter).answers
    if answers < _FEWEST_MIXED:
        return None
    return Fraction(pools.pool(metric, unit, quarter, touchpoint).answers, answers)


def _moved(pools: Pools, metric: str, unit: str, quarter: Quarter, touchpoint: str, swing: Fraction) -> bool:
    now, before = (_part(pools, metric, unit, each, touchpoint) for each in _both(quarter))
    return now is not None and before is not None and abs(now - before) > swing


def _share(pools: Pools, metric: str, unit: str, quarter: Quarter, touchpoint: str) -> str:
    return percent(_part(pools, metric, unit, quarter, touchpoint) or Fraction(0), 0)


def _pay(grounds: Grounds, past: Before) -> Iterator[DataFinding]:
    """What salaries and target amounts come to in a currency, for each person: so that hiring alone is no finding."""
    before = {each.currency: each for each in past.before.pay}
    for now in past.now.pay:
        then = before.get(now.currency)
        if then is None or not then.people or not now.people:
            continue
        for word, new, old in (("salaries", now.salaries, then.salaries), ("targets", now.targets, then.targets)):
            mean, mean_before = Fraction(new, now.people), Fraction(old, then.people)
            if _differs(mean, mean_before, past.swing):
                sums = [money_text(Money(minor, now.currency)) for minor in (new, old)]
                yield DataFinding(
                    Check.TARGETS_DIFFER,
                    _here(grounds),
                    f"A person's {word} in {now.currency} are {_change(mean, mean_before)} on average; in all "
                    f"{sums[0]}, {sums[1]} the quarter before.",
                    "Look whether amounts came in another unit, or as monthly figures.",
                    _SALARIES,
                    figures=(word, now.currency, str(new), str(old)),
                )


def _jumps(grounds: Grounds, jumps: Iterable[PayJump]) -> Iterator[DataFinding]:
    by_unit: dict[str, list[Concerned]] = {}
    for each in jumps:
        note = _change(each.now, each.before) if each.before else "from nothing"
        by_unit.setdefault(each.unit, []).append(Concerned(each.employee, each.name, note))
    for unit, people in sorted(by_unit.items()):
        many = "1 person" if len(people) == 1 else f"{len(people):,} people"
        yield DataFinding(
            Check.SALARIES_DIFFER,
            Place(PlaceKind.UNIT, unit, grounds.organisation.name(unit)),
            f"The salary or target amount of {many} is far from that of the quarter before.",
            "Look at each: a point in the wrong place, a month for a year, or a promotion.",
            _SALARIES,
            people=tuple(people),
        )


def _targets(grounds: Grounds, past: Before) -> Iterator[DataFinding]:
    """Metrics of whose targets many are gone, or are far from what they were."""
    quarter = grounds.facts.quarter
    now, before = _by_place(grounds.facts.targets, quarter), _by_place(past.targets, quarter.plus(-1))
    for metric in sorted({metric for _, metric in before}):
        had = {unit: target for (unit, of), target in before.items() if of == metric}
        gone = sorted(unit for unit in had if (unit, metric) not in now)
        far = sorted(unit for unit, target in had.items() if _is_far(now.get((unit, metric)), target, past.swing))
        told = [f"{listed(gone)} had one the quarter before and {'have' if gone[1:] else 'has'} none"] if gone else []
        told += [f"that of {listed(far)} is far from what it was"] if far else []
        if told:
            yield DataFinding(
                Check.METRIC_TARGETS_DIFFER,
                Place(PlaceKind.METRIC, metric),
                f"Targets of {metric}: {'; '.join(told)}.",
                "Look whether the file of targets is whole; a unit without its own has that of the unit above.",
                Mend(MendKind.TARGETS, str(quarter)),
                figures=(*gone, "", *(f"{unit} {now[unit, metric]} {had[unit]}" for unit in far)),
            )


def _is_far(now: Fraction | None, before: Fraction, swing: Fraction) -> bool:
    return now is not None and abs(now - before) > swing * abs(before) and now != before


def _by_place(targets: Iterable[Target], quarter: Quarter) -> Mapping[tuple[str, str], Fraction]:
    """The target in force by unit and metric: the quarter's before the fiscal year's."""
    found: dict[tuple[str, str], Fraction] = {}
    for period in (FiscalYear(quarter.year), quarter):
        found |= {(each.unit, each.metric): each.target for each in targets if each.period == period}
    return found
