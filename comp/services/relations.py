"""What somebody may see and do through roles and relations: the one way from an account to what is in its sight."""

from datetime import date, datetime

from sqlmodel import Session

from comp.periods import Quarter, Span
from comp.roles import Account, Permission, related_permissions
from comp.store import settings, visibility
from comp.store.visibility import Sight


def sight(session: Session, actor: Account, quarter: Quarter, now: datetime) -> Sight:
    """What an actor may see of a quarter now."""
    company = settings.load_company(session)
    return Sight(actor, company.calendar.span(quarter), now.astimezone(company.zone).date())


def sight_today(session: Session, actor: Account, now: datetime) -> Sight:
    """What an actor may see of today, whatever the quarter."""
    day = today(session, now)
    return Sight(actor, Span.of_day(day), day)


def days_of(session: Session, quarter: Quarter) -> Span:
    """The days of a quarter in the company's fiscal calendar."""
    return settings.load_company(session).calendar.span(quarter)


def today(session: Session, now: datetime) -> date:
    """The day that it is now in the company's time zone."""
    return now.astimezone(settings.load_company(session).zone).date()


def granted(session: Session, actor: Account, now: datetime) -> frozenset[Permission]:
    """Everything that an account may do, by its roles and by whom its person manages, stands in or answers for."""
    if actor.employee is None:
        return actor.permissions
    stands_in = visibility.stands_in(session, actor.employee, today(session, now))
    leads = visibility.leads(session, actor.employee)
    answers_for = visibility.answers_for(session, actor.employee)
    return actor.permissions | related_permissions(leads=leads, stands_in=stands_in, answers_for=answers_for)


def units_led(session: Session, actor: Account) -> frozenset[str]:
    """The units whose customer loyalty the actor answers for, with all below them, by code."""
    return frozenset(visibility.units_led(session, actor.employee)) if actor.employee else frozenset()
