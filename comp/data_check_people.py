"""Checks of each person's history, target and plan: everything that holds somebody, and days that earn nothing."""

from collections import Counter
from collections.abc import Iterator

from comp.data_check_grounds import Grounds, Meeting
from comp.data_check_words import SAID
from comp.data_findings import Check, Concerned, DataFinding, Mend, MendKind, Place, PlaceKind, Stop
from comp.facts import Assignment, Person
from comp.figures import day_text
from comp.money import is_currency
from comp.periods import FOREVER, Span, overlapping
from comp.scope import Clash
from comp.stretches import Presence, why_forfeited


def check_people(grounds: Grounds) -> Iterator[DataFinding]:
    """What is found of people themselves, by check and unit. It fills `grounds.paid` on the way."""
    walk = _Walk(grounds)
    for person, presence in grounds.present:
        walk.person(person, presence)
    for (check, place), people in walk.found.items():
        yield _finding(check, place, tuple(people.values()))
    for (place, clash), people in walk.clashes.items():
        yield _clash(place, clash, tuple(people.values()))


def _finding(check: Check, place: Place, people: tuple[Concerned, ...]) -> DataFinding:
    said = SAID[check]
    what = f"1 person {said.one}" if len(people) == 1 else f"{len(people):,} people {said.several}"
    return DataFinding(check, place, what, said.change, said.mend, said.stops, people=people)


def _clash(place: Place, clash: Clash, people: tuple[Concerned, ...]) -> DataFinding:
    what, _, change = clash.why.partition(". ")
    held = "1 person is held." if len(people) == 1 else f"{len(people):,} people are held."
    mend = Mend(MendKind.PLAN, clash.plans[0])
    return DataFinding(
        Check.PLAN_CLASH, place, f"{what}. {held}", change, mend, Stop.PEOPLE, tuple(sorted(clash.plans)), people
    )


class _Walk:
    """Goes from person to person, and gathers what it meets by check and unit."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        numbers = Counter(person.employee for person in grounds.facts.people)
        self._repeated = {employee for employee, count in numbers.items() if count > 1}
        self._well: dict[tuple[str, str], bool] = {}
        self.found: dict[tuple[Check, Place], dict[str, Concerned]] = {}
        self.clashes: dict[tuple[Place, Clash], dict[str, Concerned]] = {}

    def person(self, person: Person, presence: Presence) -> None:
        """Everything that a person's days meet."""
        if self._is_alike(person, presence):
            return
        here = self._place(person, presence)
        if person.employee in self._repeated:
            self._add(Check.REPEATED_NUMBER, here, person)
        self._overlaps(Check.OVERLAPPING_ASSIGNMENTS, here, person, [each.span for each in person.assignments])
        self._overlaps(Check.OVERLAPPING_ABSENCES, here, person, [each.span for each in person.absences])
        self._days(here, person, presence)
        for assignment in person.assignments:
            self._assignment(person, presence, assignment)

    def _is_alike(self, person: Person, presence: Presence) -> bool:
        """Whether somebody is where a colleague was found to be well: most are, and need not be walked through."""
        if presence.days != self._grounds.days or len(person.assignments) != 1 or person.employee in self._repeated:
            return False
        (assignment,) = person.assignments
        target = assignment.annual_target
        if len(person.absences) > 1 or target is None or target[0] == 0 or not is_currency(assignment.currency):
            return False
        if assignment.span.meet(presence.days) != presence.days:
            return False
        key = (assignment.unit, assignment.grade)
        if key not in self._well:
            self._well[key] = self._is_well(person, presence, assignment)
        return self._well[key]

    def _is_well(self, person: Person, presence: Presence, assignment: Assignment) -> bool:
        """Whether all who are in a unit and grade for the whole quarter are paid by one plan, and it has a score."""
        grounds = self._grounds
        if assignment.unit not in grounds.organisation:
            return False
        meetings = list(grounds.meetings(presence, assignment))
        plan = meetings[0].plan
        if len({id(each.plan) for each in meetings}) > 1 or plan is None or isinstance(plan, Clash):
            return False
        if plan.reads_personal_results or grounds.attainment(plan, assignment.unit, person).held:
            return False
        grounds.paid_at(plan, assignment.unit)
        return True

    def _place(self, person: Person, presence: Presence) -> Place:
        """The last unit that the person was in while employed; the quarter itself for somebody in none."""
        units = [each for each in person.assignments if each.span.meet(presence.days).days]
        if not units:
            return Place(PlaceKind.QUARTER, str(self._grounds.facts.quarter))
        return self._unit(max(units, key=lambda each: each.span).unit)

    def _unit(self, code: str) -> Place:
        return Place(PlaceKind.UNIT, code, self._grounds.organisation.name(code))

    def _add(self, check: Check, place: Place, person: Person, note: str = "") -> None:
        people = self.found.setdefault((check, place), {})
        known = people.get(person.employee)
        if known and note not in {"", known.note}:
            note = f"{known.note}; {note}"
        people[person.employee] = Concerned(person.employee, person.name, note)

    def _overlaps(self, check: Check, place: Place, person: Person, spans: list[Span]) -> None:
        clash = overlapping(span.meet(self._grounds.days) for span in spans) if len(spans) > 1 else None
        if clash:
            self._add(check, place, person, day_text(clash[1].start))

    def _days(self, place: Place, person: Person, presence: Presence) -> None:
        """Whether the days of the assignments are those of the employment."""
        spans = [each.span for each in person.assignments]
        if len(spans) == 1 and spans[0].meet(presence.days) == presence.days == self._grounds.days:
            return
        gaps = list(_left_out(spans, presence.days))
        if gaps:
            self._add(Check.GAP, place, person, self._grounds.spans(gaps))
        beyond = list(_beyond(spans, person, self._grounds.days))
        if beyond:
            self._add(Check.OUTSIDE_EMPLOYMENT, place, person, self._grounds.spans(beyond))

    def _assignment(self, person: Person, presence: Presence, assignment: Assignment) -> None:
        grounds = self._grounds
        if assignment.unit not in grounds.organisation:
            if assignment.span.meet(presence.days).days:
                self._add(Check.UNKNOWN_UNIT, self._unit(assignment.unit), person)
            return
        for meeting in grounds.meetings(presence, assignment):
            self._meeting(person, presence, meeting)

    def _meeting(self, person: Person, presence: Presence, meeting: Meeting) -> None:
        assignment, days, plan = meeting
        if isinstance(plan, Clash):
            key = (self._unit(assignment.unit), plan)
            self.clashes.setdefault(key, {})[person.employee] = Concerned(person.employee, person.name)
        elif plan is None:
            grade = f"grade {assignment.grade}, " if assignment.grade else ""
            self._add(Check.NO_PLAN, self._unit(assignment.unit), person, f"{grade}{self._grounds.spans([days])}")
        else:
            self._target(person, assignment)
            paid = self._grounds.paid_at(plan, assignment.unit)
            attainment = self._grounds.attainment(plan, assignment.unit, person)
            if attainment.held and not why_forfeited(presence, plan.eligibility):
                paid.held[person.employee] = person, attainment.held

    def _target(self, person: Person, assignment: Assignment) -> None:
        """Whether days that a plan pays have a target in a currency."""
        target, place = assignment.annual_target, self._unit
        if target is None:
            self._add(Check.NO_TARGET, place(assignment.unit), person)
        elif target[0] == 0:
            self._add(Check.ZERO_TARGET, place(assignment.unit), person)
        if not is_currency(assignment.currency):
            self._add(Check.NO_CURRENCY, place(assignment.unit), person, repr(assignment.currency))


def _left_out(spans: list[Span], days: Span) -> Iterator[Span]:
    """The days that are in none of the spans."""
    day = days.start
    for span in sorted(spans):
        if day < min(span.start, days.end):
            yield Span(day, min(span.start, days.end))
        day = max(day, span.end)
    if day < days.end:
        yield Span(day, days.end)


def _beyond(spans: list[Span], person: Person, quarter: Span) -> Iterator[Span]:
    """The days of the quarter that an assignment has before or after employment.

    An assignment that is open when somebody leaves ends with the employment: that is how rosters are written.
    """
    hired, left = person.employment
    for span in spans:
        before = span.meet(quarter).meet(Span(quarter.start, max(quarter.start, hired)))
        after = span.meet(quarter).meet(Span(min(left, quarter.end), quarter.end))
        if before.days:
            yield before
        if after.days and (span.end != FOREVER or span.start >= left):
            yield after
