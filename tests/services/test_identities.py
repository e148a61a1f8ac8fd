"""Who somebody of an identity provider's is here: by issuer and subject, on both databases."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from comp.db import reading, writing
from comp.errors import RefusedError
from comp.models import IdentityRow
from comp.roles import COMMAND_LINE, Role
from comp.services import accounts, audit, identities
from comp.services.identities import Vouched
from comp.store import identities as stored
from tests.store.test_transactions import at_once
from tests.stored import NOW, company

ISSUER = "https://id.company.example"
INES = Vouched(ISSUER, "subject-1", "Ines@Company.example", "Ines Duarte", None)
EVE = replace(INES, subject="subject-2")
EMAIL = "ines@company.example"
CREATE_AT_ONCE = f"""
import sys
from datetime import UTC, datetime
from comp.db import connect, writing
from comp.services import identities
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
who = identities.Vouched("{ISSUER}", "subject-1", "{EMAIL}", "Ines", None)
with writing(engine) as session:
    assert identities.sign_in(session, who, datetime.now(UTC), creates_accounts=True)
engine.dispose()
"""


@pytest.fixture
def known(filled):
    """A database in which Ines has an account, in HR."""
    return filled(fill)


def fill(engine):
    with writing(engine) as session:
        accounts.add_account(session, EMAIL, "Ines", "correct horse battery", (Role.HR,))


def sign_in(engine, who=INES, now=NOW, **options):
    with writing(engine) as session:
        return identities.sign_in(session, who, now, **{"creates_accounts": False, **options})


def noted(engine):
    """What the audit chain says, without who."""
    with reading(engine) as session:
        return [
            (sealed.entry.action, sealed.entry.about, json.loads(sealed.entry.details))
            for sealed in reversed(audit.search(session, "", 1))
        ]


def test_the_first_time_an_account_is_found_by_its_verified_address_and_then_by_the_subject_alone(known):
    account = sign_in(known)
    assert (account.email, account.roles) == (EMAIL, (Role.HR,))
    moved = replace(INES, email="ines.married@company.example")
    assert sign_in(known, moved).id == account.id
    assert sign_in(known, replace(INES, email="")).id == account.id
    with reading(known) as session:
        [(issuer, subject, linked_at)] = session.execute(
            select(IdentityRow.issuer, IdentityRow.subject, IdentityRow.linked_at)
        )
        key = audit.keyed(session, f"{ISSUER} subject-1")
    assert (issuer, subject, linked_at) == (ISSUER, "subject-1", NOW)
    about = f"account {account.id}"
    assert noted(known) == [
        ("linked identity", about, {"identity": key}),
        ("signed in by provider", about, {}),
        ("signed in by provider", about, {}),
        ("signed in by provider", about, {}),
    ]


def test_an_account_that_is_somebodys_is_never_anothers_by_its_address(known):
    sign_in(known)
    assert sign_in(known, EVE) is None
    assert sign_in(known, EVE, creates_accounts=True) is None
    assert sign_in(known, replace(INES, issuer="https://other.example")) is None
    assert noted(known)[-1] == ("sign-in refused", "sign-in", {"why": "address of another"})


@pytest.mark.parametrize("creates", [True, False])
def test_an_address_that_is_not_verified_links_and_makes_nothing(known, creates):
    assert sign_in(known, replace(INES, email=""), creates_accounts=creates) is None
    assert noted(known) == [("sign-in refused", "sign-in", {"why": "address not verified"})]


@pytest.mark.parametrize("linked", [True, False])
def test_a_closed_account_stays_closed(known, linked):
    if linked:
        sign_in(known)
    with writing(known) as session:
        session.execute(text("UPDATE account SET is_active = false"))
    assert sign_in(known, creates_accounts=True) is None
    assert noted(known)[-1] == ("sign-in refused", "sign-in", {"why": "closed"})


def test_who_was_refused_is_noted_by_a_hash_that_tells_the_same_person_again(known):
    for who in (EVE, EVE, replace(EVE, subject="subject-3")):
        sign_in(known, replace(who, email="nobody@company.example"))
    with reading(known) as session:
        actors = [sealed.entry.actor for sealed in audit.search(session, "", 1)]
    assert len(set(actors)) == 2
    assert not any("subject" in actor or "nobody" in actor for actor in actors)


def test_an_account_is_made_without_a_role_and_opens_with_no_password(engine):
    name = "  Ines\n\0\x1b[31m Duarte " + "x" * 200
    account = sign_in(engine, replace(INES, name=name), creates_accounts=True)
    assert (account.email, account.roles) == (EMAIL, ())
    assert account.name.startswith("Ines[31m Duarte xx")
    assert len(account.name) == 100
    with reading(engine) as session:
        assert accounts.find_credentials(session, EMAIL).password_hash == ""
    assert [action for action, _, _ in noted(engine)] == ["added account", "linked identity", "signed in by provider"]
    assert sign_in(engine, replace(EVE, email="b@company.example", name=""), creates_accounts=True).name == (
        "b@company.example"
    )


def test_browsers_that_come_for_the_first_time_at_once_make_one_account(engine, url):
    at_once(CREATE_AT_ONCE, url, 3)
    with reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM account")) == 1
        assert session.scalar(text("SELECT count(*) FROM identity")) == 1


def test_roles_that_the_provider_brings_replace_the_earlier_ones_and_end_other_sessions(known):
    before = sign_in(known)
    account = sign_in(known, replace(INES, roles=(Role.PAYROLL, Role.APPROVER)), NOW + timedelta(hours=1))
    assert account.roles == (Role.APPROVER, Role.PAYROLL)
    with reading(known) as session:
        found = accounts.credentials_of(session, account.id).account
    assert found == account
    assert found.epoch > before.epoch
    assert noted(known)[-2:] == [
        (
            "grant",
            f"account {account.id}",
            {"before": "hr", "after": "approver, payroll", "how": "claim of the identity provider"},
        ),
        ("signed in by provider", f"account {account.id}", {}),
    ]
    again = sign_in(known, replace(INES, roles=(Role.PAYROLL, Role.APPROVER)))
    assert again.epoch == account.epoch
    assert [action for action, _, _ in noted(known)].count("grant") == 1
    assert sign_in(known, replace(INES, roles=())).roles == ()


def test_roles_of_which_nobody_may_hold_all_open_nothing(known):
    assert sign_in(known, replace(INES, roles=(Role.HR, Role.AUDITOR))) is None
    assert noted(known) == [("sign-in refused", "sign-in", {"why": "roles that cannot be held together"})]
    assert sign_in(known).roles == (Role.HR,)


def test_a_new_account_is_the_persons_who_has_its_verified_address(engine):
    header = "employee,name,unit,from,target_amount,currency,email\n"
    company(engine, people=f"{header}1,Ines,U,2020-01-01,4000,EUR,INES@company.example")
    assert sign_in(engine, creates_accounts=True).employee == "1"


def link(engine, email=EMAIL, subject="subject-1"):
    with writing(engine) as session:
        identities.link(session, email, ISSUER, subject, COMMAND_LINE, NOW)


def test_an_account_is_linked_by_hand_where_the_provider_verifies_no_address(known):
    link(known)
    assert sign_in(known, replace(INES, email="")).email == EMAIL
    with reading(known) as session:
        key = audit.keyed(session, f"{ISSUER} subject-1")
    assert [(action, details) for action, _, details in noted(known)] == [
        ("linked identity", {"identity": key}),
        ("signed in by provider", {}),
    ]


def test_neither_an_account_nor_a_subject_is_linked_twice(known):
    with writing(known) as session:
        accounts.add_account(session, "other@company.example", "Other", "correct horse battery", ())
    link(known)
    for email, subject, why in (
        (EMAIL, "subject-2", "is somebody's account"),
        ("other@company.example", "subject-1", "has another account here"),
        ("x@company.example", "subject-3", "Nobody has an account"),
    ):
        with pytest.raises(RefusedError, match=why):
            link(known, email, subject)


def test_an_account_that_was_unlinked_is_linked_anew(known):
    before = sign_in(known)
    with writing(known) as session:
        identities.unlink(session, EMAIL, COMMAND_LINE, NOW)
    with reading(known) as session:
        assert accounts.credentials_of(session, before.id).account.epoch > before.epoch
    assert noted(known)[-1] == ("unlinked identity", f"account {before.id}", {})
    assert sign_in(known, EVE).id == before.id
    assert sign_in(known) is None


@pytest.mark.parametrize(
    ("email", "why"),
    [(EMAIL, "is nobody's account at an identity provider"), ("x@company.example", "Nobody has an account")],
)
def test_an_account_that_is_nobodys_cannot_be_unlinked(known, email, why):
    with writing(known) as session, pytest.raises(RefusedError, match=why):
        identities.unlink(session, email, COMMAND_LINE, NOW)


@pytest.mark.parametrize(("subject", "other"), [("subject-1", True), ("subject-2", False)])
def test_the_database_itself_keeps_each_subject_and_each_account_to_one_link(known, subject, other):
    account = sign_in(known)
    with writing(known) as session:
        accounts.add_account(session, "other@company.example", "Other", "correct horse battery", ())
        there = accounts.find_credentials(session, "other@company.example").account
    linked = there.id if other else account.id
    with pytest.raises(IntegrityError), writing(known) as session:
        stored.link(session, linked, ISSUER, subject, NOW)
