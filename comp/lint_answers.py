"""Checks against what customers said in the last eight quarters: too few answers, gates that decide nothing."""

from collections.abc import Iterator

from comp.figures import counted, listed, shown
from comp.findings import Finding
from comp.lint_grounds import Grounds, is_answered, is_own
from comp.plan import PERSON, Fallback, Gate, Reading
from comp.plan_places import components, gates, readings
from comp.readings import Found
from comp.scores import ROLLING_4, Score

_A_YEAR = 4
_ALWAYS_WORKS = {Fallback.RENORMALISE, Fallback.NEUTRAL, Fallback.ZERO, Fallback.HOLD}
_OUTCOMES = {
    Fallback.RENORMALISE: "the measure would be left out",
    Fallback.NEUTRAL: "it would count as 100\u202f% whatever customers say",
    Fallback.ZERO: "it would count as 0\u202f% whatever customers say",
}
_HELD = "their people would be held"
_FEW = (
    "Measure it where there are answers (`measured_at`), ask more customers, lower `min_answers`, or choose what "
    "happens in `too_few`."
)


def never_enough(grounds: Grounds) -> Iterator[Finding]:
    """Units that had too few answers for a rule of the plan in every one of the last eight quarters."""
    for place, reading in readings(grounds.plan):
        quarters = len(grounds.quarters(reading.metric))
        if not quarters or reading.metric not in grounds.metrics:
            continue
        by_outcome: dict[str, list[str]] = {}
        for unit in grounds.places(reading):
            if not _had_enough(grounds, reading, unit):
                by_outcome.setdefault(_outcome(grounds, reading, unit), []).append(_with_most(grounds, reading, unit))
        for outcome, units in sorted(by_outcome.items(), key=lambda each: each[0] != _HELD):
            what = f"{_lack(grounds, reading, quarters)}: {listed(sorted(units))}. By the latest of them {outcome}."
            yield place.at("min_answers").warning("never-enough-answers", what, _FEW)


def _lack(grounds: Grounds, reading: Reading, quarters: int) -> str:
    when = f"in the last {counted(quarters, 'quarter')}"
    if is_answered(grounds.metrics[reading.metric]):
        return f"Never {counted(reading.min_answers, 'answer')} to {reading.metric} {when}"
    return f"No value of {reading.metric} {when}"


def _had_enough(grounds: Grounds, reading: Reading, unit: str) -> bool:
    """Whether the unit's own answers sufficed once. Counting is quick; reading is left to where counts do not tell."""
    if not reading.touchpoints and max(grounds.counts(reading, unit), default=0) >= max(1, reading.min_answers):
        return True
    return any(is_own(found) for found in grounds.found(reading, unit))


def _with_most(grounds: Grounds, reading: Reading, unit: str) -> str:
    most = max(grounds.counts(reading, unit), default=0)
    return f"{unit} (at most {_count(most)})" if is_answered(grounds.metrics[reading.metric]) else unit


def _count(number: int) -> str:
    """A count as people read it; `none` for nothing."""
    return f"{number:,}" if number else "none"


def _outcome(grounds: Grounds, reading: Reading, unit: str) -> str:
    """What the plan would do for the unit in the latest quarter."""
    found: Found = grounds.readings_of(grounds.latest).find(reading, unit)
    if isinstance(found, Fallback):
        return _OUTCOMES[found]
    if isinstance(found, Score):
        last_four = found.basis == ROLLING_4
        return (
            "the last four quarters would count" if last_four else f"{found.basis.removeprefix('parent ')} would count"
        )
    return _HELD


def idle_gates(grounds: Grounds) -> Iterator[Finding]:
    """Gates that never fail, or that always do."""
    for place, gate in gates(grounds.plan):
        told = _by_scale(grounds, gate) or _by_history(grounds, gate)
        if told:
            check, why = told
            what = f"The gate {_asks(gate)} {'never' if check == 'gate-never-fails' else 'always'} fails: {why}."
            change = "Move it to a score that units really cross, or leave it out."
            yield place.warning(check, what, change)


def _asks(gate: Gate) -> str:
    limits = [f"at least {shown(gate.at_least)}"] if gate.at_least is not None else []
    limits += [f"at most {shown(gate.at_most)}"] if gate.at_most is not None else []
    return f"{gate.reading.metric} {' and '.join(limits)}"


def _by_scale(grounds: Grounds, gate: Gate) -> tuple[str, str] | None:
    metric = grounds.metrics.get(gate.reading.metric)
    limits = metric.limits() if metric else None
    if limits is None:
        return None
    low, high = limits
    span = f"{gate.reading.metric} lies from {shown(low)} to {shown(high)}"
    if (gate.at_least is None or gate.at_least <= low) and (gate.at_most is None or gate.at_most >= high):
        return "gate-never-fails", span
    if (gate.at_least is not None and gate.at_least > high) or (gate.at_most is not None and gate.at_most < low):
        return "gate-always-fails", span
    return None


def _by_history(grounds: Grounds, gate: Gate) -> tuple[str, str] | None:
    """What a year or more shows of every unit that the plan pays; None where both happened, or where less is known."""
    quarters = len(grounds.quarters(gate.reading.metric))
    if quarters < _A_YEAR or gate.reading.metric not in grounds.metrics:
        return None
    held, tried, units = 0, 0, 0
    for unit in grounds.places(gate.reading):
        outcomes = [gate.holds(found.value) for found in grounds.found(gate.reading, unit) if isinstance(found, Score)]
        held, tried, units = held + sum(outcomes), tried + len(outcomes), units + bool(outcomes)
        if 0 < held < tried:
            return None
    if not tried:
        return None
    where = f"in {counted(units, 'unit')} in each of the last {counted(quarters, 'quarter')}"
    return ("gate-never-fails", f"it held {where}") if held else ("gate-always-fails", f"it failed {where}")


def lost_fallbacks(grounds: Grounds) -> Iterator[Finding]:
    """Fallbacks that stand after one that always works, or a second time."""
    for place, reading in readings(grounds.plan):
        if reading.measured_at == PERSON:
            continue
        for number, fallback in enumerate(reading.too_few):
            before = reading.too_few[:number]
            works = next((each for each in before if each in _ALWAYS_WORKS or each is fallback), None)
            if works:
                what = f"`{fallback}` is never reached: `{works}` stands before it."
                change = f"Put `{fallback}` first, or leave it out."
                yield place.at(f"too_few[{number}]").warning("fallback-unreachable", what, change)
                break


def single_metric(grounds: Grounds) -> Iterator[Finding]:
    """Components that customers' answers decide by one metric alone."""
    for place, component in components(grounds.plan):
        weighty = {measure.reading.metric for measure in component.measures if measure.weight}
        if len(weighty) == 1 and is_answered(grounds.metrics.get(next(iter(weighty)))):
            what = f"{component.name} rests on {next(iter(weighty))} alone: what is paid for is what gets asked for."
            change = "Add a second metric, such as satisfaction, buying again or a service figure."
            yield place.at("measures").warning("single-metric", what, change)
