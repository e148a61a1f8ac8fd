"""Checks of scores: units whose people have none to be paid on, scores that fell under a plan's minimum, conflicts."""

from collections.abc import Iterator
from dataclasses import dataclass

from comp.data_check_grounds import Grounds, Paid
from comp.data_findings import Check, Concerned, DataFinding, Mend, MendKind, Place, PlaceKind, Stop
from comp.facts import Person
from comp.figures import counted
from comp.plan import PERSON, Fallback, Plan, Reading
from comp.readings import Found, Missing
from comp.scores import ROLLING_4, STATED, Score, Statistic

_WITHOUT = {
    Fallback.RENORMALISE: "the measure is left out",
    Fallback.NEUTRAL: "it counts as 100\N{NARROW NO-BREAK SPACE}% whatever customers say",
    Fallback.ZERO: "it counts as 0\N{NARROW NO-BREAK SPACE}% whatever customers say",
}


def check_scores(grounds: Grounds) -> Iterator[DataFinding]:
    """What is found of the scores that plans read, for the people whom `check_people` found to be paid by them."""
    for _, paid in sorted(grounds.paid.items()):
        yield from _held(grounds, paid)
    yield from _fallen(grounds)
    for problem in grounds.readings.pools.problems(grounds.facts.quarter):
        metric, _, place = problem.where.partition(" of ")
        unit = place.rpartition(" in ")[0]
        change = "Withdraw or correct one of them in the next file."
        here, mend = _unit(grounds, unit), Mend(MendKind.IMPORT, "results")
        yield DataFinding(Check.CONFLICTING_RESULTS, here, problem.why, change, mend, figures=(metric,))


def check_units(grounds: Grounds) -> Iterator[DataFinding]:
    """Units that are in no tree, where nobody is assigned to them: who is, is told of with the people."""
    peopled = {each.unit for person, _ in grounds.present for each in person.assignments}
    for problem in grounds.organisation.problems():
        code = problem.where.removeprefix("unit ")
        if code not in peopled:
            change = "Import the units with the right parents."
            mend = Mend(MendKind.IMPORT, "units")
            yield DataFinding(Check.LOST_UNIT, _unit(grounds, code), problem.why, change, mend)


def _unit(grounds: Grounds, code: str) -> Place:
    return Place(PlaceKind.UNIT, code, grounds.organisation.name(code))


@dataclass(frozen=True, slots=True)
class _Lack:
    """What a plan misses for one person or unit: sentences about scores, and about targets that curves need."""

    scores: tuple[str, ...]
    targets: tuple[str, ...]


def _held(grounds: Grounds, paid: Paid) -> Iterator[DataFinding]:
    """The people of a unit whom a plan cannot pay: one finding for scores, one for targets."""
    scores: dict[str, list[Concerned]] = {}
    targets: dict[str, list[Concerned]] = {}
    known: dict[tuple[str, ...], _Lack] = {}
    for person, reasons in paid.held.values():
        lack = known.get(reasons) or known.setdefault(reasons, _lack(grounds, paid, person, reasons))
        for found, sentences in ((scores, lack.scores), (targets, lack.targets)):
            for sentence in sentences:
                found.setdefault(sentence, []).append(Concerned(person.employee, person.name))
    place, version = _unit(grounds, paid.unit), paid.plan.version
    if scores:
        what, people = _told(scores)
        missing = _missing_answers(grounds, paid)
        enough = f" {counted(missing, 'more answer')} would be enough." if missing else ""
        mend = Mend(MendKind.IMPORT, _brought_by(grounds, paid))
        change = f"See what {version} needs, and import what is missing."
        yield DataFinding(
            Check.NO_SCORE, place, what + enough, change, mend, Stop.PEOPLE, (version, *sorted(scores)), people
        )
    if targets:
        what, people = _told(targets)
        mend = Mend(MendKind.TARGETS, str(grounds.facts.quarter))
        change = f"State the target that a curve of {version} is read by."
        yield DataFinding(
            Check.NO_METRIC_TARGET, place, what, change, mend, Stop.PEOPLE, (version, *sorted(targets)), people
        )


def _told(by_sentence: dict[str, list[Concerned]]) -> tuple[str, tuple[Concerned, ...]]:
    """What is said of people who lack something, and who they are. Sentences of single persons become their notes."""
    people: dict[str, Concerned] = {}
    shared = [sentence for sentence, those in by_sentence.items() if len(by_sentence) <= _FEW or len(those) > 1]
    for sentence, those in by_sentence.items():
        for each in those:
            note = "" if sentence in shared else sentence
            known = people.get(each.employee)
            people[each.employee] = each._replace(note=" ".join(filter(None, [known.note if known else "", note])))
    held = "1 person is held" if len(people) == 1 else f"{len(people):,} people are held"
    if not shared:
        return f"{held}, each for want of a result of their own.", tuple(people.values())
    return f"{held}. {' '.join(shared)}", tuple(people.values())


_FEW = 4
"""So many sentences are told at once; more of them are one each of many people."""


def _lack(grounds: Grounds, paid: Paid, person: Person, reasons: tuple[str, ...]) -> _Lack:
    """The reasons of a hold, parted by what would lift them."""
    missing = set()
    for reading in paid.plan.readings():
        found = _found(grounds, reading, paid.unit, person)
        missing |= {found.why} if isinstance(found, Missing) else set()
    scores = tuple(reason for reason in reasons if reason in missing)
    return _Lack(scores, tuple(reason for reason in reasons if reason not in missing))


def _found(grounds: Grounds, reading: Reading, unit: str, person: Person) -> Found:
    if reading.measured_at == PERSON:
        return grounds.readings.personal(reading, person.employee)
    return grounds.readings.find(reading, grounds.readings.place(reading.measured_at, unit))


def _lacking(grounds: Grounds, paid: Paid) -> Iterator[tuple[Reading, str]]:
    """The readings at units that find nothing, each with its unit."""
    for reading in paid.plan.readings():
        if reading.measured_at != PERSON:
            unit = grounds.readings.place(reading.measured_at, paid.unit)
            if isinstance(grounds.readings.find(reading, unit), Missing):
                yield reading, unit


def _brought_by(grounds: Grounds, paid: Paid) -> str:
    """The kind of file that would bring what is missing."""
    for reading, _ in _lacking(grounds, paid):
        metric = grounds.readings.metrics.get(reading.metric)
        if metric is None:
            return "metrics"
        return "results" if metric.statistic is Statistic.VALUE else "answers"
    return "personal-results"


def _missing_answers(grounds: Grounds, paid: Paid) -> int:
    """How many more answers in the unit would lift all holds for want of answers; 0 where answers would not."""
    lacking = [missing_answers(grounds, reading, unit) for reading, unit in _lacking(grounds, paid)]
    return max(lacking, default=0) if all(lacking) else 0


def missing_answers(grounds: Grounds, reading: Reading, unit: str) -> int:
    """How many more answers to its question in a unit this quarter would give a reading a score.

    They count in the unit, in its last four quarters, and in the units above it: the least that one of these lacks. 0
    where no number of answers helps, or none can be told, as where touchpoints are weighted.
    """
    metric = grounds.readings.metrics.get(reading.metric)
    if metric is None or metric.statistic is Statistic.VALUE or reading.touchpoints or unit not in grounds.organisation:
        return 0
    pools, quarter = grounds.readings.pools, grounds.facts.quarter
    if any(pools.contradiction(metric.id, unit, each) for each in quarter.last_four()):
        return 0
    counts = [pools.pool(metric.id, unit, quarter).answers]
    for fallback in reading.too_few:
        if fallback is Fallback.HOLD:
            break
        if fallback is Fallback.ROLLING_4:
            counts.append(sum(pools.pool(metric.id, unit, each).answers for each in quarter.last_four()))
        if fallback is Fallback.PARENT:
            above = grounds.organisation.way_up(unit)[1:]
            counts += [pools.pool(metric.id, place, quarter).answers for place in above]
    return max(0, reading.min_answers - max(counts))


def _fallen(grounds: Grounds) -> Iterator[DataFinding]:
    """Scores with fewer answers than a plan asks for, where the quarter before had enough."""
    told: dict[tuple[str, str, str, int], DataFinding] = {}
    for (_, unit), paid in sorted(grounds.paid.items()):
        for reading in paid.plan.readings():
            if reading.measured_at == PERSON or reading.metric not in grounds.readings.metrics:
                continue
            place = grounds.readings.place(reading.measured_at, unit)
            key = (paid.plan.version, place, reading.metric, reading.min_answers)
            if key not in told and (found := _fell(grounds, paid.plan, reading, place)):
                told[key] = found
    yield from told.values()


def _fell(grounds: Grounds, plan: Plan, reading: Reading, unit: str) -> DataFinding | None:
    if unit not in grounds.organisation:
        return None
    quarter, pools = grounds.facts.quarter, grounds.readings.pools
    now = pools.pool(reading.metric, unit, quarter).answers
    before = pools.pool(reading.metric, unit, quarter.plus(-1)).answers
    found = grounds.readings.find(reading, unit)
    stands = isinstance(found, Missing) or (isinstance(found, Score) and found.basis == STATED)
    if stands or not now < reading.min_answers <= before:
        return None
    what = (
        f"{counted(now, 'answer')} to {reading.metric} where {plan.version} asks for {reading.min_answers}; "
        f"the quarter before had {before:,}. {_instead(found)}."
    )
    change = "Look whether a file is missing before pay rests on it."
    figures = (plan.version, reading.metric, str(now), str(before), str(reading.min_answers))
    mend = Mend(MendKind.IMPORT, "answers")
    return DataFinding(Check.FELL_BELOW_MINIMUM, _unit(grounds, unit), what, change, mend, figures=figures)


def _instead(found: Found) -> str:
    """What the plan does, as a sentence without its full stop."""
    if isinstance(found, Score):
        return "The last four quarters count" if found.basis == ROLLING_4 else f"{found.unit} above counts"
    return _WITHOUT[found].capitalize() if isinstance(found, Fallback) else ""
