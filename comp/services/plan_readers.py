"""Plan documents as the people concerned receive them, and who of them has said that they read one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.organisation import Organisation
from comp.periods import Span
from comp.plan import Plan
from comp.plan_members import Members, Stay
from comp.roles import Account, Permission
from comp.services import audit
from comp.services.plans import find_plan
from comp.services.relations import sight_today, today
from comp.store import plan_readers, plans, units
from comp.versions import Version


@dataclass(frozen=True, slots=True)
class OwnPlan:
    """A version that pays, or will pay, whoever is asking, and when they said that they read it."""

    version: Version
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A version as somebody reads it: whether it pays them, and when they said that they read it."""

    version: Version
    is_own: bool
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody whom a version pays, in the last of their units there, and when they read it."""

    employee: str
    name: str
    unit: str
    unit_name: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnitReaders:
    """The people of one unit whom a version pays."""

    unit: str
    name: str
    readers: tuple[Reader, ...]

    @property
    def read(self) -> int:
        """How many of them have read it."""
        return sum(1 for reader in self.readers if reader.read_at)


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody within sight whom a version pays from today on, by unit."""

    version: Version
    units: tuple[UnitReaders, ...]

    @property
    def everybody(self) -> tuple[Reader, ...]:
        """All of them, unit after unit."""
        return tuple(reader for unit in self.units for reader in unit.readers)

    @property
    def read(self) -> int:
        """How many have read it."""
        return sum(unit.read for unit in self.units)


def own_plans(session: Session, actor: Account, now: datetime) -> list[OwnPlan]:
    """The versions that pay the actor today or later, the next first; nothing for an account of nobody."""
    stays = plan_readers.stays_of(session, actor.employee) if actor.employee else []
    if not stays:
        return []
    read, day = plan_readers.load_read_by(session, actor.employee or ""), today(session, now)
    published = [version for version in plans.load_versions(session) if version.is_published]
    every, organisation = [version.plan for version in published], Organisation(units.load_units(session))
    found = []
    for version in published:
        members = Members(version.plan, every, organisation)
        if day < members.days.end and members.includes(stays, members.from_today(day)):
            found.append(OwnPlan(version, read.get(version.id)))
    return sorted(found, key=lambda own: own.version.plan.starts)


def find_document(session: Session, actor: Account, name: str) -> PlanDocument:
    """A version for somebody whom it pays on any day of it, or who may read all plans.

    Raises `UnseenError` for everything else, whether there is such a version or not.
    """
    reads_all = Permission.READ_PLANS in actor.permissions
    try:
        version = find_plan(session, name)
    except (NotFoundError, RefusedError) as error:
        if reads_all:
            raise
        raise _unseen(name) from error
    is_own = version.is_published and _is_paid(session, actor, version.plan)
    if not is_own and not reads_all:
        raise _unseen(name)
    read = plan_readers.load_read_by(session, actor.employee) if actor.employee else {}
    return PlanDocument(version, is_own, read.get(version.id))


def _unseen(name: str) -> UnseenError:
    return UnseenError(f"There is no plan {name}, or it is not yours.", "plan", name)


def _is_paid(session: Session, actor: Account, plan: Plan) -> bool:
    stays = plan_readers.stays_of(session, actor.employee) if actor.employee else []
    return bool(stays) and _members(session, plan).includes(stays)


def _members(session: Session, plan: Plan) -> Members:
    return Members(plan, plans.published_plans(session), Organisation(units.load_units(session)))


def acknowledge(session: Session, actor: Account, document: PlanDocument, sha256: str, now: datetime) -> None:
    """Keep that the actor read a version that pays them; a second time changes nothing.

    Raises `RefusedError` where it does not pay them, or where they saw another document.
    """
    version = document.version
    if not document.is_own or actor.employee is None:
        raise RefusedError(f"{version.plan.version} does not pay you, so nobody asks you to have read it.")
    if sha256 != version.sha256:
        raise RefusedError(f"That was not the document of {version.plan.version}. Load the page again and read it.")
    if document.read_at is None:
        plan_readers.note_read(session, version.id, actor.employee, sha256, now)
        audit.note(session, actor.email, now, "acknowledge", f"plan {version.plan.version}", document=sha256)


def list_readers(session: Session, actor: Account, name: str, now: datetime) -> Readers:
    """Who of the people within the actor's sight has read a published version, and who has not.

    Raises `UnseenError` where there is no such version, or nobody within sight whom it pays.
    """
    reads_all = Permission.READ_PLANS in actor.permissions
    try:
        version = find_plan(session, name)
    except (NotFoundError, RefusedError) as error:
        raise _unseen(name) from error
    if not version.is_published:
        raise _unseen(name)
    found = _paid_in_sight(session, actor, version, now)
    if not found and not reads_all:
        raise _unseen(name)
    return Readers(version, tuple(_by_unit(found)))


def _paid_in_sight(session: Session, actor: Account, version: Version, now: datetime) -> list[Reader]:
    members = _members(session, version.plan)
    days = members.from_today(today(session, now))
    read = plan_readers.load_reads(session, version.id)
    names = {unit.code: unit.name for unit in units.load_units(session)}
    rows = plan_readers.load_stays(session, sight_today(session, actor, now), days)
    found = []
    for (employee, name), stays in groupby(rows, key=lambda row: row[:2]):
        place = _last_place(members, [stay for _, _, stay in stays], days)
        if place:
            found.append(Reader(employee, name, place, names.get(place, place), read.get(employee)))
    return found


def _last_place(members: Members, stays: Iterable[Stay], days: Span) -> str:
    return next((stay.unit for stay in reversed(list(stays)) if members.includes([stay], days)), "")


def _by_unit(readers: Iterable[Reader]) -> Iterable[UnitReaders]:
    ordered = sorted(readers, key=lambda reader: (reader.unit_name, reader.unit, reader.name, reader.employee))
    for (unit, name), found in groupby(ordered, key=lambda reader: (reader.unit, reader.unit_name)):
        yield UnitReaders(unit, name, tuple(found))
