"""Who may do what: roles, and the permissions that each brings. What a role does not bring is refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

COMMAND_LINE = "command line"
"""Who acts where nobody signed in: somebody who has the machine itself."""


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
    READ_IMPORTS = "read imports"
    IMPORT = "import"
    READ_PLANS = "read plans"
    WRITE_PLANS = "write plans"
    PUBLISH_PLANS = "publish plans"
    READ_PAYOUTS = "read everybody's payouts"
    CALCULATE = "calculate"
    TAKE_PAYROLL = "take payroll files"
    READ_AUDIT = "read the audit chain"


_READ = {Permission.READ_SCORES, Permission.READ_IMPORTS, Permission.READ_PLANS, Permission.READ_PAYOUTS}
_PERMISSIONS = {
    Role.EMPLOYEE: {Permission.READ_SCORES},
    Role.HR: {*_READ, Permission.IMPORT, Permission.WRITE_PLANS, Permission.CALCULATE},
    Role.APPROVER: {*_READ, Permission.PUBLISH_PLANS},
    Role.PAYROLL: {Permission.READ_SCORES, Permission.READ_PAYOUTS, Permission.TAKE_PAYROLL},
    Role.AUDITOR: {*_READ, Permission.TAKE_PAYROLL, Permission.READ_AUDIT},
    Role.ADMIN: set[Permission](),
}


def permissions(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that a person with these roles may do. Whoever signed in is an employee."""
    granted = {Permission.SIGNED_IN, *_PERMISSIONS[Role.EMPLOYEE]}
    for role in roles:
        granted |= _PERMISSIONS[role]
    return frozenset(granted)


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    id: int
    email: str
    name: str
    roles: tuple[Role, ...]
    epoch: int

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that the account may do."""
        return permissions(self.roles)
