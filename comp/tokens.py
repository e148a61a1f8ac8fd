"""Tokens by which other systems ask: how one is written, what each may be for, and how long it lasts."""

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from comp.errors import Problem
from comp.roles import Permission

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM = 40
"""How many random letters a token has: together more than 230 bits."""

USUAL_DAYS, MOST_DAYS = 90, 365
LONGEST_NAME = 60
MOST_TOKENS = 50
"""How many living tokens one account may have."""

_CHECKED = 6
_SHOWN = 9
_TOKEN = re.compile(rf"lp_[0-9A-Za-z]{{{RANDOM + _CHECKED}}}", re.ASCII)


class Scope(StrEnum):
    """One thing that a token may be for."""

    UNITS_READ = "units:read"
    PEOPLE_READ = "people:read"
    SCORES_READ = "scores:read"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    IMPORTS_READ = "imports:read"
    IMPORTS_WRITE = "imports:write"
    RUNS_READ = "runs:read"
    RUNS_WRITE = "runs:write"
    PAYOUTS_READ = "payouts:read"
    RELEASES_READ = "releases:read"
    PAID_WRITE = "paid:write"
    JOBS_READ = "jobs:read"

    @property
    def needs(self) -> Permission:
        """What the token's owner must be allowed whenever it is used."""
        return _NEEDS[self]

    @property
    def words(self) -> str:
        """What it opens, for people."""
        return _WORDS[self]


_NEEDS = {
    Scope.UNITS_READ: Permission.READ_SCORES,
    Scope.PEOPLE_READ: Permission.READ_PAYOUTS,
    Scope.SCORES_READ: Permission.READ_SCORES,
    Scope.PLANS_READ: Permission.READ_PLANS,
    Scope.PLANS_WRITE: Permission.WRITE_PLANS,
    Scope.IMPORTS_READ: Permission.READ_IMPORTS,
    Scope.IMPORTS_WRITE: Permission.IMPORT,
    Scope.RUNS_READ: Permission.LIST_PAYOUTS,
    Scope.RUNS_WRITE: Permission.CALCULATE,
    Scope.PAYOUTS_READ: Permission.LIST_PAYOUTS,
    Scope.RELEASES_READ: Permission.TAKE_PAYROLL,
    Scope.PAID_WRITE: Permission.RELEASE,
    Scope.JOBS_READ: Permission.SIGNED_IN,
}
_WORDS = {
    Scope.UNITS_READ: "Read the units and their tree",
    Scope.PEOPLE_READ: "Read people with their assignments and what their targets are made of",
    Scope.SCORES_READ: "Read scores with their answers and intervals",
    Scope.PLANS_READ: "Read plans as documents",
    Scope.PLANS_WRITE: "Write drafts of plans",
    Scope.IMPORTS_READ: "Read what was imported",
    Scope.IMPORTS_WRITE: "Import units, people, absences, results and targets",
    Scope.RUNS_READ: "Read quarters and runs with their totals",
    Scope.RUNS_WRITE: "Calculate quarters",
    Scope.PAYOUTS_READ: "Read payouts with their lines and explanations",
    Scope.RELEASES_READ: "Read batches and take their files",
    Scope.PAID_WRITE: "Say what was paid of a batch",
    Scope.JOBS_READ: "Read how far one’s own jobs are",
}


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token without its secret. `shown` is how it begins, so that people know it again."""

    id: int
    account_id: int
    name: str
    shown: str
    scopes: tuple[Scope, ...]
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def lives(self, now: datetime) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and now < self.expires_at


def write_token(random: str) -> str:
    """The token of random letters, with six more that tell a mistyped or made-up one from all others."""
    return f"lp_{random}{_checked(random)}"


def is_token(text: str) -> bool:
    """Whether a text is written as a token is: scanners for secrets can ask the same."""
    random = text[len("lp_") : -_CHECKED]
    return bool(_TOKEN.fullmatch(text)) and text.endswith(_checked(random))


def shown_of(token: str) -> str:
    """How a token begins: too little to guess the rest from."""
    return token[:_SHOWN]


def _checked(random: str) -> str:
    number, letters = zlib.crc32(random.encode()), ""
    for _ in range(_CHECKED):
        number, place = divmod(number, len(LETTERS))
        letters = LETTERS[place] + letters
    return letters


def expires_at(now: datetime, days: int) -> datetime:
    """When a token that lasts some days ends."""
    return now + timedelta(days=days)


def stands_against(
    name: str, scopes: Collection[Scope], days: int, granted: Collection[Permission]
) -> Iterator[Problem]:
    """Everything that keeps a token from being made for somebody who may do what is granted."""
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        yield Problem(f"A token has a name of 1 to {LONGEST_NAME} characters: what it is for.", where="name")
    if not 1 <= days <= MOST_DAYS:
        yield Problem(f"A token lasts 1 to {MOST_DAYS} days, not {days}.", where="days")
    if not scopes:
        yield Problem("Choose at least one thing that the token may be for.", where="scopes")
    for scope in scopes:
        if scope.needs not in granted:
            yield Problem(f"{scope} opens nothing for you: your roles do not let you {scope.needs}.", where="scopes")
