"""`user`: who may sign in to the pages."""

import os

import pytest

from comp.db import connect, reading, writing
from comp.roles import Role
from comp.services import accounts, audit, factors, identities, passwords
from comp.services.access import find_account_by_email
from comp.services.identities import Vouched
from tests.cli.commands import child, finished, stored
from web.cli.context import now
from web.database import disposed

ADD = ("user", "add", "ines@company.example", "--name", "Ines Duarte", "--password-stdin")
PASSWORD = "ten or more letters"  # noqa: S105 - of nobody


def roles_of(url, password=PASSWORD):
    with disposed(connect(url)) as engine, writing(engine) as session:
        known = accounts.find_credentials(session, "ines@company.example")
        is_right = passwords.CONTEXT.verify(password, known.password_hash)
        account = accounts.admit(session, known.account.email, known.password_hash, now(), is_right=is_right)
    return None if account is None else (account.name, account.roles)


def employee_of(url):
    with disposed(connect(url)) as engine, reading(engine) as session:
        return find_account_by_email(session, "ines@company.example").employee


def test_an_account_is_added_with_its_roles_and_may_sign_in(run, initialised):
    told = run(*ADD, "--role", "hr", "--role", "payroll", stdin=f"{PASSWORD}\n")
    assert (told.code, told.out) == (0, "ines@company.example may sign in now: hr, payroll.\n")
    assert roles_of(initialised) == ("Ines Duarte", (Role.HR, Role.PAYROLL))
    assert roles_of(initialised, "another password") is None


def test_an_account_without_a_role_is_called_so(run, initialised):
    assert run(*ADD, stdin=f"{PASSWORD}\n").out == "ines@company.example may sign in now: no role.\n"


def test_roles_replace_the_earlier_ones(run, initialised):
    run(*ADD, "--role", "hr", stdin=f"{PASSWORD}\n")
    told = run("user", "role", "ines@company.example", "approver", "payroll")
    assert told.out == "ines@company.example has changed: approver, payroll.\n"
    assert roles_of(initialised) == ("Ines Duarte", (Role.APPROVER, Role.PAYROLL))
    assert run("user", "role", "ines@company.example").out == "ines@company.example has changed: no role.\n"


@pytest.mark.parametrize(
    ("email", "password", "why"),
    [
        ("ines", PASSWORD, "'ines' is not an e-mail address.\n"),
        ("ines@company.example", "short", "A password needs at least 10 characters.\n"),
        ("ines@company.example", "", "A password needs at least 10 characters.\n"),
    ],
)
def test_an_account_that_cannot_be_is_refused(run, initialised, email, password, why):
    before = stored(initialised)
    told = run("user", "add", email, "--name", "Ines", "--password-stdin", stdin=password)
    assert (told.code, told.out, told.err) == (1, "", why)
    assert stored(initialised) == before


def test_an_account_is_said_to_be_somebodys(run, company):
    told = run(*ADD, "--employee", "10417", stdin=PASSWORD)
    assert (told.code, told.err) == (0, "")
    assert employee_of(company) == "10417"
    assert run("user", "link", "ines@company.example", "10418").out == (
        "ines@company.example is the account of 10418.\n"
    )
    assert employee_of(company) == "10418"
    assert run("user", "link", "ines@company.example").out == (
        "ines@company.example is the account of nobody on file.\n"
    )
    assert employee_of(company) is None


def test_a_number_that_nobody_has_adds_no_account(run, company):
    before = stored(company)
    told = run(*ADD, "--employee", "9", stdin=PASSWORD)
    assert (told.code, told.err) == (1, "Nobody has the employee number 9. Import people first.\n")
    assert stored(company) == before


def test_roles_that_leave_one_pair_of_eyes_are_warned_of_and_others_refused(run, initialised):
    told = run(*ADD, "--role", "hr", "--role", "approver", stdin=PASSWORD)
    assert told.code == 0
    assert told.err.startswith("The roles approver and hr should not be held together.")
    told = run("user", "role", "ines@company.example", "hr", "auditor")
    assert told.code == 1
    assert told.err.startswith("The roles auditor and hr cannot be held together.")
    assert roles_of(initialised) == ("Ines Duarte", (Role.APPROVER, Role.HR))


def test_an_address_has_one_account(run, initialised):
    run(*ADD, stdin=PASSWORD)
    told = run(*ADD, stdin=PASSWORD)
    assert (told.code, told.err) == (1, "ines@company.example has an account already.\n")


def test_roles_of_nobody_are_refused(run, initialised):
    told = run("user", "role", "nobody@company.example", "hr")
    assert (told.code, told.err) == (1, "Nobody has an account with the address nobody@company.example.\n")


def test_a_role_that_there_is_not_is_a_fault_of_usage(run, initialised):
    told = run("user", "role", "ines@company.example", "king")
    assert told.code == 2
    assert "'king' is not one of" in told.err


def test_a_password_is_never_asked_of_nobody(run, initialised):
    told = run("user", "add", "ines@company.example", "--name", "Ines")
    assert (told.code, told.err) == (1, "There is nobody to ask for a password. Use --password-stdin.\n")


def test_a_password_is_asked_for_twice_at_a_terminal(initialised):
    keyboard, terminal = os.openpty()
    command = child(
        "user", "add", "ines@company.example", "--name", "Ines Duarte", stdin=terminal, start_new_session=True
    )
    for prompt in ("Password: ", "\nRepeat for confirmation: "):
        assert command.stderr.read(len(prompt)) == prompt  # once it is shown, what is typed is read
        os.write(keyboard, f"{PASSWORD}\n".encode())
    told = finished(command)
    os.close(keyboard)
    os.close(terminal)
    assert told.code == 0, told.err
    assert PASSWORD not in told.out + told.err
    assert roles_of(initialised) == ("Ines Duarte", ())


def test_the_first_admin_is_added_on_the_machine(run, initialised):
    told = run(*ADD, "--role", "admin", stdin=f"{PASSWORD}\n")
    assert (told.code, told.out) == (0, "ines@company.example may sign in now: admin.\n")
    assert roles_of(initialised) == ("Ines Duarte", (Role.ADMIN,))


def test_a_closed_account_opens_nothing_and_stays_told(run, initialised):
    run(*ADD, stdin=f"{PASSWORD}\n")
    told = run("user", "close", "ines@company.example")
    assert (told.code, told.out) == (0, "ines@company.example may not sign in any more.\n")
    assert roles_of(initialised) is None
    assert (
        run("user", "close", "ines@company.example").err == "The account of ines@company.example is closed already.\n"
    )


def test_whoever_lost_the_second_factors_signs_in_with_the_password_alone(run, initialised):
    run(*ADD, stdin=f"{PASSWORD}\n")
    with disposed(connect(initialised)) as engine:
        with writing(engine) as session:
            account = accounts.find_credentials(session, "ines@company.example").account
            before = factors.secrets_of(session, account.id)
            with_app = factors.Secrets(before.password_hash, before.epoch, "encrypted", 1, ("code",))
            factors.save_secrets(session, account, before, with_app, now())
        told = run("user", "reset-factors", "ines@company.example")
        with reading(engine) as session:
            after = factors.secrets_of(session, account.id)
            entry = audit.search(session, "factors reset", 1)[0].entry
    assert (told.code, told.err) == (0, "")
    assert told.out == "ines@company.example signs in with the password alone until a factor is set up anew.\n"
    assert after == factors.Secrets(before.password_hash, before.epoch + 1)
    assert (entry.actor, entry.about) == ("command line", f"account {account.id}")


@pytest.mark.parametrize("command", ["close", "reset-factors"])
def test_an_account_that_nobody_has_is_not_closed(run, initialised, command):
    told = run("user", command, "nobody@company.example")
    assert (told.code, told.err) == (1, "Nobody has an account with the address nobody@company.example.\n")


def test_an_account_that_is_nobodys_at_a_provider_is_told_so(run, initialised):
    run(*ADD, stdin=PASSWORD)
    told = run("user", "unlink", "ines@company.example")
    assert (told.code, told.err) == (1, "ines@company.example is nobody's account at an identity provider.\n")


def test_an_account_is_unlinked_from_somebody_at_a_provider(run, initialised):
    run(*ADD, stdin=PASSWORD)
    who = Vouched("https://id.example", "1", "ines@company.example", "Ines", None)
    with disposed(connect(initialised)) as engine, writing(engine) as session:
        identities.sign_in(session, who, now(), creates_accounts=False)
    told = run("user", "unlink", "ines@company.example")
    said = "ines@company.example is nobody's account at an identity provider now, and is signed out.\n"
    assert (told.code, told.out) == (0, said)


def test_an_account_is_identified_at_the_provider_that_is_set(run, initialised, monkeypatch):
    run(*ADD, stdin=PASSWORD)
    identify = ("user", "identify", "ines@company.example", "00u1")
    told = run(*identify)
    assert (told.code, told.err) == (1, "There is no identity provider. Set LOYALTYPAY_OIDC_ISSUER first.\n")
    provider = {"ISSUER": "https://id.example", "CLIENT_ID": "pay", "CLIENT_SECRET": "s"}
    for name, value in provider.items():
        monkeypatch.setenv(f"LOYALTYPAY_OIDC_{name}", value)
    told = run(*identify)
    assert (told.code, told.out) == (0, "ines@company.example is the account of 00u1 at https://id.example.\n")
    who = Vouched("https://id.example", "00u1", "", "Ines", None)
    with disposed(connect(initialised)) as engine, writing(engine) as session:
        assert identities.sign_in(session, who, now(), creates_accounts=False).name == "Ines Duarte"
