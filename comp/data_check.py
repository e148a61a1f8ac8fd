"""The data check of a quarter: everything to be mended, decided or looked at before it pays. Start reading here.

Whoever a finding holds is held by the calculation, and the other way round: it asks the same questions of the same
plans and scores, and tells all of its answers where the calculation stops at a person's first.
"""

from collections.abc import Iterable, Iterator

from comp.data_check_before import Before
from comp.data_check_changes import check_changes
from comp.data_check_grounds import Grounds
from comp.data_check_managers import check_managers
from comp.data_check_people import check_people
from comp.data_check_scores import check_scores, check_units
from comp.data_findings import Check, DataFinding, Mend, MendKind, Place, PlaceKind, Stop
from comp.facts import Facts

__all__ = ["Before", "DataFinding", "check_data", "held", "lacking"]

_ORDER = {check: place for place, check in enumerate(Check)}


def check_data(facts: Facts, before: Before | None = None) -> tuple[DataFinding, ...]:
    """Everything that is found in the data of a quarter, errors first.

    `before` is what is known of the quarter before; without it nothing is held against that.
    """
    grounds = Grounds(facts)
    findings = [*lacking(facts), *check_people(grounds), *check_scores(grounds), *check_units(grounds)]
    findings += check_managers(grounds)
    findings += check_changes(grounds, before) if before else ()
    return tuple(sorted(findings, key=_place))


def _place(finding: DataFinding) -> tuple[bool, int, str, str]:
    return not finding.is_error, _ORDER[finding.check], finding.place.key, finding.what


def held(findings: Iterable[DataFinding]) -> frozenset[str]:
    """The numbers of everybody whom findings hold."""
    return frozenset(employee for finding in findings for employee in finding.held)


def lacking(facts: Facts) -> Iterator[DataFinding]:
    """What a quarter needs before anything can be calculated: these stop the run."""
    quarter = facts.quarter
    place = Place(PlaceKind.QUARTER, str(quarter))
    if not facts.people:
        what, change = f"Nobody was employed in {quarter}.", "Import people whose assignments reach into it."
        yield DataFinding(Check.NOBODY_EMPLOYED, place, what, change, Mend(MendKind.IMPORT, "people"), Stop.RUN)
    has_results = any(result.quarter == quarter for result in facts.results)
    if not has_results and not any(person.results for person in facts.people):
        what, mend = f"{quarter} has no answers and no results of any kind.", Mend(MendKind.IMPORT, "answers")
        yield DataFinding(Check.NO_RESULTS, place, what, "Import them first.", mend, Stop.RUN)
    if not facts.plans:
        what = f"No plan is published for {quarter}, so nobody can be paid."
        change, mend = "Import a plan and publish it.", Mend(MendKind.PLANS)
        yield DataFinding(Check.NO_PLAN_PUBLISHED, place, what, change, mend, Stop.RUN)
