"""Who may do what: roles, and the permissions that each brings. What a role does not bring is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

COMMAND_LINE = "command line"
"""Who acts where nobody signed in: somebody who has the machine itself."""

CLOCK = "clock"
"""Who acts where nobody asked: a job that fell due."""


class Role(StrEnum):
    """What a person may be for the company."""

    EMPLOYEE = "employee"
    HR = "hr"
    APPROVER = "approver"
    PAYROLL = "payroll"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that somebody may be allowed to do."""

    SIGNED_IN = "signed in"
    READ_SCORES = "read scores"
    READ_ANSWERS = "read customers' answers"
    PROPOSE_EXCLUSIONS = "propose to leave answers out"
    DECIDE_EXCLUSIONS = "decide which answers are left out"
    READ_IMPORTS = "read imports"
    IMPORT = "import"
    WITHDRAW_FILES = "decide that a file is withdrawn"
    READ_PLANS = "read plans"
    WRITE_PLANS = "write plans"
    PUBLISH_PLANS = "publish plans"
    SEE_READERS = "see who has read a plan"
    TRY_PLANS = "try plans out"
    KEEP_SCENARIOS = "keep what-ifs"
    READ_PAYOUTS = "read everybody's payouts"
    LIST_PAYOUTS = "list the payouts of others"
    DELEGATE = "let somebody stand in"
    CALCULATE = "calculate"
    READ_CHECKS = "read the data check"
    ASK_WAIVERS = "ask for waivers"
    DECIDE_WAIVERS = "grant and refuse waivers"
    SET_CALENDAR = "set the calendar of quarters"
    READ_QUARTERS = "read where quarters stand"
    MOVE_QUARTERS = "begin and end reviews"
    APPROVE_QUARTERS = "approve what quarters pay"
    ASK_TO_REOPEN = "ask that a quarter be reopened"
    SEE_TEAMS = "see how teams are reviewed"
    REVIEW_TEAMS = "confirm what a team gets"
    ADJUST = "propose adjustments"
    DECIDE_ADJUSTMENTS = "decide about adjustments"
    FOLLOW_REVIEWS = "see how far reviews are"
    LEAD_REVIEWS = "set limits, remind and answer managers"
    PROPOSE_CORRECTIONS = "propose corrections of paid quarters"
    DECIDE_CORRECTIONS = "decide about corrections"
    SET_FUNDING = "set pools and guarantees"
    CONFIRM_FUNDING = "confirm pools and guarantees"
    END_FUNDING = "end pools and guarantees"
    RELEASE = "release and close quarters"
    HOLD_PAYOUTS = "hold back single payouts"
    TAKE_PAYROLL = "take payroll files"
    TAKE_ANALYSIS = "take the analysis of everybody's pay"
    READ_OVERTIME = "read what overtime adds to bonuses"
    STATE_HOURS = "state hours worked"
    SET_OVERTIME = "say whose overtime is looked at"
    TAKE_STATEMENTS = "take everybody's statements"
    TAKE_EVIDENCE = "take evidence packs"
    READ_LAYOUTS = "read payroll layouts"
    WRITE_LAYOUTS = "change payroll layouts and maps"
    BOOK_ACCRUALS = "book accruals, set exchange rates and accounts"
    READ_QUERIES = "read everybody's queries"
    ANSWER_QUERIES = "answer everybody's queries"
    READ_AUDIT = "read the audit chain"
    MANAGE_ACCOUNTS = "manage accounts"
    REVIEW_ACCESS = "review access"
    RUN_JOBS = "look after jobs"


_READ_PAY = {Permission.READ_PAYOUTS, Permission.LIST_PAYOUTS}
_READ = {
    Permission.READ_SCORES,
    Permission.READ_ANSWERS,
    Permission.READ_IMPORTS,
    Permission.READ_PLANS,
    *_READ_PAY,
}
_TRY = {Permission.TRY_PLANS, Permission.KEEP_SCENARIOS}
_LAYOUTS = {Permission.READ_LAYOUTS, Permission.WRITE_LAYOUTS}
_OVERTIME = {Permission.READ_OVERTIME, Permission.STATE_HOURS}
_FOLLOW = {Permission.SEE_TEAMS, Permission.FOLLOW_REVIEWS}
_PERMISSIONS = {
    Role.EMPLOYEE: {Permission.READ_SCORES},
    Role.HR: {
        *_READ,
        *_TRY,
        *_LAYOUTS,
        Permission.IMPORT,
        Permission.WITHDRAW_FILES,
        Permission.PROPOSE_EXCLUSIONS,
        Permission.WRITE_PLANS,
        Permission.SEE_READERS,
        Permission.CALCULATE,
        Permission.READ_CHECKS,
        Permission.ASK_WAIVERS,
        Permission.SET_CALENDAR,
        Permission.READ_QUERIES,
        Permission.ANSWER_QUERIES,
        Permission.READ_QUARTERS,
        Permission.MOVE_QUARTERS,
        Permission.SET_FUNDING,
        Permission.END_FUNDING,
        Permission.ASK_TO_REOPEN,
        *_FOLLOW,
        Permission.LEAD_REVIEWS,
        Permission.ADJUST,
        Permission.DECIDE_ADJUSTMENTS,
        Permission.PROPOSE_CORRECTIONS,
        Permission.RUN_JOBS,
        Permission.HOLD_PAYOUTS,
        Permission.TAKE_ANALYSIS,
        *_OVERTIME,
        Permission.SET_OVERTIME,
        Permission.BOOK_ACCRUALS,
        Permission.TAKE_STATEMENTS,
        Permission.TAKE_EVIDENCE,
    },
    Role.APPROVER: {
        *_READ,
        *_TRY,
        Permission.PUBLISH_PLANS,
        Permission.SEE_READERS,
        Permission.READ_CHECKS,
        Permission.DECIDE_WAIVERS,
        Permission.READ_QUARTERS,
        Permission.DECIDE_EXCLUSIONS,
        Permission.APPROVE_QUARTERS,
        Permission.CONFIRM_FUNDING,
        Permission.END_FUNDING,
        Permission.ASK_TO_REOPEN,
        Permission.HOLD_PAYOUTS,
        *_FOLLOW,
        Permission.DECIDE_ADJUSTMENTS,
        Permission.DECIDE_CORRECTIONS,
        Permission.WITHDRAW_FILES,
    },
    Role.PAYROLL: {
        Permission.READ_SCORES,
        *_READ_PAY,
        *_LAYOUTS,
        Permission.TAKE_PAYROLL,
        Permission.TAKE_STATEMENTS,
        Permission.READ_QUARTERS,
        Permission.ASK_TO_REOPEN,
        Permission.RELEASE,
        Permission.HOLD_PAYOUTS,
        *_OVERTIME,
        Permission.BOOK_ACCRUALS,
    },
    Role.AUDITOR: {
        *_READ,
        Permission.TRY_PLANS,
        Permission.READ_CHECKS,
        Permission.TAKE_PAYROLL,
        Permission.TAKE_EVIDENCE,
        Permission.READ_LAYOUTS,
        Permission.READ_QUERIES,
        Permission.READ_AUDIT,
        Permission.READ_QUARTERS,
        Permission.REVIEW_ACCESS,
        Permission.SEE_READERS,
        Permission.TAKE_ANALYSIS,
        Permission.READ_OVERTIME,
        *_FOLLOW,
    },
    Role.ADMIN: {Permission.MANAGE_ACCOUNTS, Permission.REVIEW_ACCESS, Permission.RUN_JOBS},
}


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that a person with these roles may do. Whoever signed in is an employee."""
    granted = {Permission.SIGNED_IN, *_PERMISSIONS[Role.EMPLOYEE]}
    for role in roles:
        granted |= _PERMISSIONS[role]
    return frozenset(granted)


def related_permissions(*, leads: bool, stands_in: bool, answers_for: bool = False) -> frozenset[Permission]:
    """What being a manager, standing in for one, or answering for a unit's customers brings by itself.

    Whose payouts, and which unit's answers, these are is asked for each.
    """
    brought = set[Permission]()
    if leads or stands_in:
        brought |= {Permission.LIST_PAYOUTS, Permission.SEE_READERS, Permission.SEE_TEAMS, Permission.REVIEW_TEAMS}
    if leads:
        brought |= {Permission.DELEGATE, Permission.ADJUST, Permission.DECIDE_ADJUSTMENTS}
    if answers_for:
        brought |= {Permission.READ_ANSWERS, Permission.PROPOSE_EXCLUSIONS}
    return frozenset(brought)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two roles that one person should not hold, and why. Some are refused, others only warned of."""

    roles: frozenset[Role]
    why: str
    is_refused: bool


_ACTING = (Role.HR, Role.APPROVER, Role.PAYROLL, Role.ADMIN)
_JUDGE = "An auditor changes nothing: whoever acts cannot also judge what was done."
_KEYS = "An admin grants roles and sees no pay: with a role that moves pay, one person could do everything alone."
_FOUR_EYES = "HR prepares what an approver approves: with both, only the rule that nobody approves own work is left."
_CASH = "An approver releases what payroll pays out: with both, nobody else sees a payout before it is paid."
CONFLICTS = (
    *(Conflict(frozenset({Role.AUDITOR, role}), _JUDGE, is_refused=True) for role in _ACTING),
    *(Conflict(frozenset({Role.ADMIN, role}), _KEYS, is_refused=True) for role in _ACTING if role is not Role.ADMIN),
    Conflict(frozenset({Role.HR, Role.APPROVER}), _FOUR_EYES, is_refused=False),
    Conflict(frozenset({Role.APPROVER, Role.PAYROLL}), _CASH, is_refused=False),
)
"""Which roles do not go together."""


def conflicts(roles: Iterable[Role]) -> tuple[Conflict, ...]:
    """Every conflict among the roles that one person would hold."""
    held = frozenset(roles)
    return tuple(conflict for conflict in CONFLICTS if conflict.roles <= held)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that an account holds, and who granted it when; neither is known of the oldest."""

    role: Role
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. `employee` is the number of the person whose account it is, where that is known.

    `locale` is how they chose to read and write numbers and days; None where they never did.
    """

    id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    epoch: int
    employee: str | None = None
    locale: str | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that the account may do."""
        return permissions(self.roles)


def whoever_has_the_machine(name: str = COMMAND_LINE) -> Account:
    """Who acts at the command line: it has the database in hand, so nothing is kept from it."""
    return Account(0, name, name, tuple(Role), 0)
