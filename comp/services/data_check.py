"""The data check of a quarter as pages, commands and the workflow ask it, and what its last result was."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from sqlmodel import Session

from comp.calculate import uncollected
from comp.data_check import check_data
from comp.data_findings import DataFinding
from comp.errors import UnseenError
from comp.periods import Quarter
from comp.roles import Account, Permission
from comp.services import snapshots
from comp.store import data_check as stored
from comp.store import settings, waivers
from comp.store.data_check import CheckCounts
from comp.store.facts import load_facts
from comp.store.quarter_calendar import load_rules
from comp.waivers import Waiver, in_force, unwaived

_MOST = 3
_KEPT: OrderedDict[tuple[str, ...], tuple[DataFinding, ...]] = OrderedDict()
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class CheckedQuarter:
    """What was found in a quarter's data, and what became of each finding.

    `waivers` has the last waiver of each finding that stands, by the finding's id; `lapsed` those that were granted or
    wait for a decision, and whose figures have changed since.
    """

    quarter: Quarter
    findings: tuple[DataFinding, ...]
    waivers: Mapping[str, Waiver]
    lapsed: tuple[Waiver, ...]
    against: tuple[DataFinding, ...]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many errors that nobody waived, warnings, waived errors, and people who are held."""
        errors = [finding for finding in self.findings if finding.is_error]
        held = {employee for finding in errors for employee in finding.held}
        waived = len(errors) - len(self.against)
        return len(self.against), len(self.findings) - len(errors), waived, len(held)

    def find(self, finding_id: str) -> DataFinding | None:
        """A finding by its id; None where there is none, or not any more."""
        return next((finding for finding in self.findings if finding.id == finding_id), None)


def findings_of(session: Session, quarter: Quarter) -> tuple[DataFinding, ...]:
    """Everything that is found in a quarter's data, worked out once for each state of it and kept in the process."""
    state = snapshots.state_of(session, quarter)
    with _LOCK:
        if state in _KEPT:
            _KEPT.move_to_end(state)
            return _KEPT[state]
    with uncollected():
        calendar = settings.load_company(session).calendar
        facts, _ = load_facts(session, quarter)
        before = stored.load_before(session, quarter, calendar, load_rules(session).swing)
        found = check_data(facts, before)
    with _LOCK:
        _KEPT[state] = found
        while len(_KEPT) > _MOST:
            _KEPT.popitem(last=False)
    return found


def check_quarter(session: Session, quarter: Quarter) -> CheckedQuarter:
    """What is found in a quarter's data, with its waivers."""
    findings = findings_of(session, quarter)
    known = waivers.load_waivers(session, str(quarter))
    last = in_force(findings, known)
    return CheckedQuarter(quarter, findings, last, tuple(_lapsed(known, last)), tuple(unwaived(findings, known)))


def _lapsed(known: Sequence[Waiver], last: Mapping[str, Waiver]) -> list[Waiver]:
    return [each for each in known if (each.is_open or each.is_granted) and each.finding not in last]


def stands_against(session: Session, quarter: Quarter) -> list[DataFinding]:
    """The errors of a quarter that nobody waived: what keeps it from going on to review."""
    return list(check_quarter(session, quarter).against)


def read_check(session: Session, actor: Account, quarter: Quarter) -> CheckedQuarter:
    """What is found in a quarter's data, for somebody who may see it: it tells of single people's pay and targets.

    Raises `UnseenError` for everybody else.
    """
    if not {Permission.READ_CHECKS, Permission.READ_PAYOUTS} <= actor.permissions:
        raise UnseenError(f"The data check of {quarter} is not for you to see.", "check", str(quarter))
    return check_quarter(session, quarter)


def note_checked(session: Session, checked: CheckedQuarter, now: datetime) -> CheckCounts:
    """Keep how many findings there were, so that they can be told without checking again."""
    counts = CheckCounts(*checked.counts, now)
    stored.save_counts(session, str(checked.quarter), counts)
    return counts


def last_counts(session: Session, quarter: Quarter) -> CheckCounts | None:
    """How many findings a quarter had when its data was checked last by night; None where it never was."""
    return stored.load_counts(session, str(quarter))
