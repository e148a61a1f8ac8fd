"""Settings of mail, hosts and the identity provider: read from the environment, and refused with their names."""

from email.headerregistry import Address

import pytest

from comp.errors import LoyaltyPayError, RefusedError
from comp.roles import Role
from web.app import create_app
from web.settings import Settings, read_settings
from web.smtp import MailServer, read_sender, read_server

MAIL = {"SMTP_URL": "smtp://mail.example", "MAIL_FROM": "pay@company.example"}
PROVIDER = {"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "pay", "OIDC_CLIENT_SECRET": "s3cret"}
MAPPED = {**PROVIDER, "OIDC_ROLES_CLAIM": "groups", "OIDC_ROLE_MAP": "lp-hr=hr, lp-pay=payroll"}


@pytest.fixture
def settings(monkeypatch):
    """Reads settings from an environment that has these and no others."""

    def read(**stated):
        for name, value in stated.items():
            monkeypatch.setenv(f"LOYALTYPAY_{name}", value)
        return read_settings()

    return read


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "", "", "")),
        ("smtp://mail.example:25/", MailServer("mail.example", 25, "", "", "")),
        ("smtps://mail.example", MailServer("mail.example", 465, "at once", "", "")),
        (
            "smtp://pay:p%40ss@mail.example?starttls=required",
            MailServer("mail.example", 587, "starttls", "pay", "p@ss"),
        ),
        ("smtp://pay:x@localhost:2525", MailServer("localhost", 2525, "", "pay", "x")),
        ("smtp://pay:x@[::1]:2525", MailServer("::1", 2525, "", "pay", "x")),
    ],
)
def test_a_mail_server_is_told_in_one_setting(settings, address, server):
    assert read_server(settings(SMTP_URL=address, MAIL_FROM="pay@company.example").smtp_url) == server


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("mail.example", "it is written like"),
        ("http://mail.example", "it is written like"),
        ("smtp://", "it is written like"),
        ("smtp://mail.example/inbox", "it is written like"),
        ("smtp://mail.example:port", "Port could not be cast"),
        ("smtp://mail.example?starttls=maybe", "the only option"),
        ("smtp://mail.example?tls=1", "the only option"),
        ("smtps://mail.example?starttls=required", "the only option"),
        ("smtps://pay@mail.example", "both a user and a password"),
        ("smtp://pay:s3cret@mail.example", "would travel unprotected"),
    ],
)
def test_a_mail_server_that_cannot_be_is_refused_without_its_password(settings, address, why):
    with pytest.raises(RefusedError) as refused:
        settings(SMTP_URL=address, MAIL_FROM="pay@company.example")
    [problem] = refused.value.problems
    assert (problem.where, why in problem.why, "s3cret" in str(problem)) == ("LOYALTYPAY_SMTP_URL", True, False)


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("pay@company.example", Address("", "pay", "company.example")),
        ("Löyalty Pay <pay@company.example>", Address("Löyalty Pay", "pay", "company.example")),
        ('"Pay, HR" <pay@company.example>', Address("Pay, HR", "pay", "company.example")),
    ],
)
def test_mails_come_from_one_address(text, sender):
    assert read_sender(text) == sender


@pytest.mark.parametrize(
    "text", ["", "pay", "<>", "a@x, b@x", "a@x\nBcc: b@x", "a@x b@x", "Pay <a@x", "pay@", "Päy <päy@company.example>"]
)
def test_a_sender_that_is_no_one_address_is_refused_where_mails_are_sent(settings, text):
    with pytest.raises(RefusedError) as refused:
        settings(**{**MAIL, "MAIL_FROM": text})
    assert [problem.where for problem in refused.value.problems] == ["LOYALTYPAY_MAIL_FROM"]


def test_without_a_server_no_sender_is_needed(settings):
    assert (settings().smtp_url, settings().mail_from) == ("", "")


def test_an_identity_provider_is_told_in_a_few_settings(settings):
    machine = settings(**MAPPED, LOCAL_SIGN_IN="false")
    assert machine.oidc_role_map == {"lp-hr": Role.HR, "lp-pay": Role.PAYROLL}
    assert (machine.oidc_scopes, machine.oidc_create_accounts) == ("openid email profile", False)
    assert machine.local_sign_in is False
    assert "s3cret" not in repr(machine)


def test_groups_may_be_named_with_the_sign_that_parts_them_from_roles(settings):
    machine = settings(**{**MAPPED, "OIDC_ROLE_MAP": "cn=people=hr,"})
    assert machine.oidc_role_map == {"cn=people": Role.HR}


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ({**PROVIDER, "OIDC_ISSUER": "id.example"}, {"OIDC_ISSUER"}),
        ({**PROVIDER, "OIDC_ISSUER": "http://id.example"}, {"OIDC_ISSUER"}),
        ({"OIDC_ISSUER": "https://id.example"}, {"OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"}),
        ({**PROVIDER, "OIDC_SCOPES": "email profile"}, {"OIDC_SCOPES"}),
        ({**PROVIDER, "OIDC_ROLES_CLAIM": "groups"}, {"OIDC_ROLES_CLAIM"}),
        ({**PROVIDER, "OIDC_ROLE_MAP": "lp-hr=hr"}, {"OIDC_ROLES_CLAIM"}),
        ({**MAPPED, "OIDC_ROLE_MAP": "lp-hr"}, {"OIDC_ROLE_MAP"}),
        ({**MAPPED, "OIDC_ROLE_MAP": "a=hr,a=admin"}, {"OIDC_ROLE_MAP"}),
        ({**MAPPED, "OIDC_ROLE_MAP": "lp-hr=boss"}, {"OIDC_ROLE_MAP"}),
        ({"LOCAL_SIGN_IN": "false"}, {"LOCAL_SIGN_IN"}),
    ],
)
def test_a_provider_that_cannot_be_is_refused_with_the_setting_that_is_wrong(settings, stated, wrong):
    with pytest.raises(RefusedError) as refused:
        settings(**stated)
    assert {problem.where for problem in refused.value.problems} == {f"LOYALTYPAY_{name}" for name in wrong}
    assert not any(problem.why.startswith("Value error") for problem in refused.value.problems)


def test_hosts_are_told_with_commas_between_them(settings):
    stated = settings(TRUSTED_HOSTS="Pay.example, .company.example, [2001:DB8::7],").trusted_hosts
    assert stated == ("pay.example", ".company.example", "[2001:db8::7]")


@pytest.mark.parametrize(
    "host", ["https://pay.example", "pay.example:8443", "::1", "[::1]:8000", "*", "pay_example", "büro.example"]
)
def test_a_host_that_no_browser_could_name_is_refused(settings, host):
    with pytest.raises(RefusedError) as refused:
        settings(TRUSTED_HOSTS=f"pay.example,{host}")
    assert refused.value.problems[0].why.startswith(f"{host!r} is no host")


def test_nothing_is_served_by_https_without_a_name_to_answer_to(sqlite_engine, tmp_path):
    with pytest.raises(LoyaltyPayError, match="LOYALTYPAY_TRUSTED_HOSTS must be too"):
        create_app(Settings(home=tmp_path, secure_cookies=True), sqlite_engine)


@pytest.mark.parametrize(
    ("stated", "works"),
    [
        ({}, True),
        ({"WORK_IN_SERVE": "false"}, False),
        ({"DATABASE_URL": "postgresql://host/name"}, False),
        ({"DATABASE_URL": "postgresql://host/name", "WORK_IN_SERVE": "true"}, True),
    ],
)
def test_pages_have_the_clock_beside_them_on_sqlite_and_elsewhere_where_it_is_set(settings, stated, works):
    assert settings(**stated).serves_and_works is works
