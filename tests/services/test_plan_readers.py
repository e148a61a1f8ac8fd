"""Plan documents for those whom they pay, and who has read one: within sight, with those who join later."""

from datetime import date

import pytest

from comp.db import reading, writing
from comp.errors import RefusedError, UnseenError
from comp.roles import Account, Role
from comp.services import plan_readers, plans
from comp.services.plan_readers import find_document, list_readers, own_plans
from tests.make import plan_document
from tests.stored import NOW, company, publish, taken

PEOPLE = """
    employee,name,unit,from,to,target_amount,currency,manager,grade
    1,Ann,U,2020-01-01,,4000,EUR,3,
    2,Bob,V,2020-01-01,,8000,EUR,3,
    3,Cora,CO,2020-01-01,,8000,EUR,,
    4,Dan,U,2020-01-01,2025-12-31,4000,EUR,3,
"""
NAME = "p@2025-01-01"


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine, people=PEOPLE)
    publish(engine, applies_to={"units": ["U"]})


def account(employee=None, *roles):
    return Account(1, f"{employee}@example.org", "Name", roles, 0, employee)


HR = account(None, Role.HR)
ANN, BOB, CORA, DAN = map(account, "1234")


def see(engine, actor, name=NAME):
    with reading(engine) as session:
        return find_document(session, actor, name)


def listed(engine, actor, name=NAME):
    with reading(engine) as session:
        found = list_readers(session, actor, name, NOW)
    return [(each.unit, each.employee, each.read_at is not None) for each in found.everybody]


def read(engine, actor, name=NAME):
    with writing(engine) as session:
        seen = find_document(session, actor, name)
        plan_readers.acknowledge(session, actor, seen, seen.version.sha256, NOW)


def own(engine, actor):
    with reading(engine) as session:
        return [(each.version.plan.version, each.read_at) for each in own_plans(session, actor, NOW)]


def test_a_document_is_for_those_whom_it_pays_on_any_day_of_it(stored):
    assert see(stored, ANN).is_own
    assert see(stored, DAN).is_own
    for stranger in (BOB, CORA, account("99"), account()):
        with pytest.raises(UnseenError, match="or it is not yours"):
            see(stored, stranger)


def test_hr_reads_every_document_and_is_asked_for_none(stored):
    seen = see(stored, HR)
    assert (seen.is_own, seen.read_at) == (False, None)
    with pytest.raises(RefusedError, match="does not pay you"):
        read(stored, HR)


def test_what_is_not_published_is_not_for_those_whom_it_would_pay(stored):
    with writing(stored) as session:
        plans.save_draft(session, plan_document(starts="2026-01-01"), "author@example.org", NOW)
    for name in ("p@2026-01-01", "q", "p@2031-01-01"):
        with pytest.raises(UnseenError):
            see(stored, ANN, name)
    assert see(stored, HR, "p@2026-01-01").version.plan.starts == date(2026, 1, 1)


def test_whoever_has_read_it_is_in_the_list_once_and_whoever_has_not_too(stored):
    assert listed(stored, HR) == [("U", "1", False)]
    read(stored, ANN)
    read(stored, ANN)
    assert listed(stored, HR) == [("U", "1", True)]
    assert see(stored, ANN).read_at == NOW


def test_another_document_than_the_one_that_was_seen_is_not_acknowledged(stored):
    with writing(stored) as session, pytest.raises(RefusedError, match="Load the page again and read it"):
        plan_readers.acknowledge(session, ANN, find_document(session, ANN, NAME), "0" * 64, NOW)
    assert see(stored, ANN).read_at is None


def test_whoever_joins_later_appears_and_whoever_left_does_not(stored):
    taken(stored, "people", PEOPLE + "5,Eve,U,2027-01-01,,4000,EUR,3,")
    assert listed(stored, HR) == [("U", "1", False), ("U", "5", False)]


def test_a_new_version_asks_anew(stored):
    read(stored, ANN)
    publish(stored, applies_to={"units": ["U"]}, starts="2027-01-01")
    assert own(stored, ANN) == [(NAME, NOW), ("p@2027-01-01", None)]
    assert listed(stored, HR, "p@2027-01-01") == [("U", "1", False)]


def test_a_superseded_version_is_nobodys_to_read_but_keeps_who_read_it(stored):
    publish(stored, applies_to={"units": ["U"]}, starts="2026-01-01")
    assert own(stored, ANN) == [("p@2026-01-01", None)]
    assert listed(stored, HR) == [("U", "1", False), ("U", "4", False)]


def test_own_plans_are_nothing_for_accounts_of_nobody_and_for_people_in_no_plan(stored):
    assert own(stored, HR) == []
    assert own(stored, CORA) == []


def test_a_manager_sees_the_own_team_and_nobody_else(stored):
    publish(stored, id="all", applies_to="everyone")
    assert listed(stored, CORA) == [("U", "1", False)]
    assert [each[1] for each in listed(stored, CORA, "all")] == ["3", "2"]
    assert listed(stored, ANN) == [("U", "1", False)]
    for actor, name in ((BOB, NAME), (ANN, "nothing"), (account(), NAME)):
        with pytest.raises(UnseenError):
            listed(stored, actor, name)


def test_a_plan_for_nobody_has_an_empty_list_for_hr(stored):
    publish(stored, id="none", applies_to={"grades": ["Z"]})
    with reading(stored) as session:
        found = list_readers(session, HR, "none", NOW)
    assert (found.units, found.everybody, found.read) == ((), (), 0)
    with writing(stored) as session:
        plans.save_draft(session, plan_document(starts="2028-01-01"), "author@example.org", NOW)
    with pytest.raises(UnseenError):
        listed(stored, HR, "p@2028-01-01")


def test_units_are_counted(stored):
    publish(stored, id="all", applies_to={"units": ["CO"]})
    with reading(stored) as session:
        found = list_readers(session, HR, "all", NOW)
    assert [(unit.name, len(unit.readers), unit.read) for unit in found.units] == [
        ("Company", 1, 0),
        ("Other unit", 1, 0),
    ]
