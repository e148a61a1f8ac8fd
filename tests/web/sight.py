"""Whose pay each account of the small company may see in the last quarter, as its tree of managers stands."""

from tests.web.company import (
    ADMIN,
    APPROVER,
    AUDITOR,
    DELEGATE,
    DIRECTOR,
    EMPLOYEE,
    HR,
    LEAD,
    MANAGER,
    NAMES,
    PAYROLL,
    PEER,
)

SEES = {
    **dict.fromkeys((HR, APPROVER, PAYROLL, AUDITOR), frozenset(NAMES)),
    ADMIN: frozenset(),
    EMPLOYEE: {"1004"},  # self
    MANAGER: {"1001", "1002", "1004", "1007"},  # self, direct, skip-level, and a direct report who moved away since
    DIRECTOR: frozenset(NAMES),  # self, and everybody below
    PEER: {"1003", "1006", "1007"},  # self, who came from the manager in the quarter, and who came after it
    LEAD: {"1007"},  # self: answering for customers opens nobody's pay
    DELEGATE: {"1006", "1002", "1004", "1007"},  # self, and the manager's team, but not the manager
}

KNOWN = {MANAGER: {"1006"}, DELEGATE: {"1001"}}
"""Whose names, and nothing else, somebody learns besides: who stands in for them, and for whom they stand in."""


def hidden_names(email: str) -> set[str]:
    """The names that no page may show somebody."""
    return {NAMES[number] for number in NAMES if number not in SEES[email] and number not in KNOWN.get(email, set())}
