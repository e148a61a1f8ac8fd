import pytest

from comp.roles import Account, Permission, Role, permissions

P = Permission
READ = {P.READ_SCORES, P.READ_IMPORTS, P.READ_PLANS, P.READ_PAYOUTS}


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.EMPLOYEE, set()),
        (Role.HR, {*READ, P.IMPORT, P.WRITE_PLANS, P.CALCULATE}),
        (Role.APPROVER, {*READ, P.PUBLISH_PLANS}),
        (Role.PAYROLL, {P.READ_PAYOUTS, P.TAKE_PAYROLL}),
        (Role.AUDITOR, {*READ, P.TAKE_PAYROLL}),
        (Role.ADMIN, set()),
    ],
)
def test_a_role_brings_what_it_is_for_and_nothing_more(role, more):
    assert permissions([role]) == {P.SIGNED_IN, P.READ_SCORES, *more}


def test_whoever_signed_in_may_see_the_scores_of_all_units():
    assert permissions([]) == {P.SIGNED_IN, P.READ_SCORES}


def test_roles_combine():
    account = Account(1, "a@example.org", "A", (Role.PAYROLL, Role.APPROVER), 0)
    assert account.permissions == permissions([Role.PAYROLL]) | permissions([Role.APPROVER])


def test_no_single_role_writes_and_publishes_plans():
    assert not any({P.WRITE_PLANS, P.PUBLISH_PLANS} <= permissions([role]) for role in Role)
