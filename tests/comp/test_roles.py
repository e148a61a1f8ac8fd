from itertools import combinations

import pytest

from comp.roles import (
    Account,
    Permission,
    Role,
    conflicts,
    permissions,
    related_permissions,
    whoever_has_the_machine,
)

P = Permission
LAYOUTS = {P.READ_LAYOUTS, P.WRITE_LAYOUTS}
READ = {P.READ_SCORES, P.READ_ANSWERS, P.READ_IMPORTS, P.READ_PLANS, P.READ_PAYOUTS, P.LIST_PAYOUTS}
FOLLOW = {P.SEE_TEAMS, P.FOLLOW_REVIEWS}
TRY = {P.TRY_PLANS, P.KEEP_SCENARIOS}
QUERIES = {P.READ_QUERIES, P.ANSWER_QUERIES}


MOVES = {P.READ_QUARTERS, P.ASK_TO_REOPEN, P.HOLD_PAYOUTS}
OVERTIME = {P.READ_OVERTIME, P.STATE_HOURS}
OF_HR = {
    P.TAKE_EVIDENCE,
    P.WITHDRAW_FILES,
    P.PROPOSE_CORRECTIONS,
    *MOVES,
    *FOLLOW,
    P.LEAD_REVIEWS,
    P.ADJUST,
    P.DECIDE_ADJUSTMENTS,
    P.MOVE_QUARTERS,
    P.RUN_JOBS,
    P.SET_FUNDING,
    P.END_FUNDING,
    P.PROPOSE_EXCLUSIONS,
    P.READ_CHECKS,
    P.ASK_WAIVERS,
    P.SET_CALENDAR,
    P.TAKE_ANALYSIS,
    P.SET_OVERTIME,
    *OVERTIME,
    P.BOOK_ACCRUALS,
    P.TAKE_STATEMENTS,
}
OF_APPROVERS = {
    P.WITHDRAW_FILES,
    P.DECIDE_CORRECTIONS,
    *MOVES,
    *FOLLOW,
    P.DECIDE_ADJUSTMENTS,
    P.APPROVE_QUARTERS,
    P.CONFIRM_FUNDING,
    P.END_FUNDING,
    P.DECIDE_EXCLUSIONS,
    P.READ_CHECKS,
    P.DECIDE_WAIVERS,
}


@pytest.mark.parametrize(
    ("role", "more"),
    [
        (Role.EMPLOYEE, set()),
        (Role.HR, {*READ, *TRY, P.IMPORT, P.WRITE_PLANS, P.SEE_READERS, P.CALCULATE, *LAYOUTS, *QUERIES, *OF_HR}),
        (Role.APPROVER, {*READ, *TRY, P.PUBLISH_PLANS, P.SEE_READERS, *OF_APPROVERS}),
        (
            Role.PAYROLL,
            {
                P.READ_PAYOUTS,
                P.LIST_PAYOUTS,
                P.TAKE_PAYROLL,
                P.TAKE_STATEMENTS,
                P.RELEASE,
                P.BOOK_ACCRUALS,
                *LAYOUTS,
                *MOVES,
                *OVERTIME,
            },
        ),
        (
            Role.AUDITOR,
            {
                *READ,
                P.TRY_PLANS,
                P.TAKE_PAYROLL,
                P.TAKE_EVIDENCE,
                P.READ_LAYOUTS,
                P.READ_AUDIT,
                P.REVIEW_ACCESS,
                P.SEE_READERS,
                P.READ_QUERIES,
                P.READ_QUARTERS,
                P.READ_CHECKS,
                P.TAKE_ANALYSIS,
                P.READ_OVERTIME,
                *FOLLOW,
            },
        ),
        (Role.ADMIN, {P.MANAGE_ACCOUNTS, P.REVIEW_ACCESS, P.RUN_JOBS}),
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


def test_no_single_role_proposes_and_decides_exclusions():
    assert not any({P.PROPOSE_EXCLUSIONS, P.DECIDE_EXCLUSIONS} <= permissions([role]) for role in Role)


def test_an_auditor_acts_in_nothing_and_an_admin_moves_no_pay():
    pairs = [pair for pair in combinations(Role, 2) if any(each.is_refused for each in conflicts(pair))]
    assert {frozenset(pair) for pair in pairs} == {
        *(frozenset({Role.AUDITOR, role}) for role in (Role.HR, Role.APPROVER, Role.PAYROLL, Role.ADMIN)),
        *(frozenset({Role.ADMIN, role}) for role in (Role.HR, Role.APPROVER, Role.PAYROLL)),
    }


def test_two_roles_that_leave_one_pair_of_eyes_are_warned_of():
    warned = [pair for pair in combinations(Role, 2) if any(not each.is_refused for each in conflicts(pair))]
    assert warned == [(Role.HR, Role.APPROVER), (Role.APPROVER, Role.PAYROLL)]
    assert len(conflicts([Role.HR, Role.APPROVER, Role.PAYROLL])) == 2
    assert conflicts([Role.EMPLOYEE, Role.HR, Role.PAYROLL]) == ()


def test_relations_bring_lists_and_reviews_and_only_leading_brings_adjusting():
    looked = {P.LIST_PAYOUTS, P.SEE_READERS, P.SEE_TEAMS, P.REVIEW_TEAMS}
    assert related_permissions(leads=False, stands_in=False) == frozenset()
    assert related_permissions(leads=False, stands_in=True) == looked
    led = related_permissions(leads=True, stands_in=False)
    assert led == looked | {P.DELEGATE, P.ADJUST, P.DECIDE_ADJUSTMENTS}
    lead = related_permissions(leads=False, stands_in=False, answers_for=True)
    assert lead == {P.READ_ANSWERS, P.PROPOSE_EXCLUSIONS}


def test_nothing_is_kept_from_whoever_has_the_machine():
    assert whoever_has_the_machine().permissions == frozenset(P) - {P.DELEGATE, P.REVIEW_TEAMS}
