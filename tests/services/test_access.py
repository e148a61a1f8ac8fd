"""Whose account is whose, who stands in, and what reaches an actor through the services."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

import comp.services
from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.money import Money
from comp.roles import Account, Role, related_permissions
from comp.services import (
    access,
    accounts,
    audit,
    calculation,
    delegations,
    overview,
    payouts,
    payroll,
    quarters,
    relations,
)
from comp.services.access import Holding
from comp.services.delegations import Handing
from tests.stored import EVERYBODY, NOW, Q3, calculated, company, publish, taken

Q2 = Q3.plus(-1)
TODAY = NOW.date()
HEADER = "employee,name,unit,from,to,target_amount,currency,manager,email,left\n"
PEOPLE = f"""{HEADER}1,Ann,U,2020-01-01,,4000,EUR,,ann@example.org,
2,Bob,V,2020-01-01,2025-06-30,8000,EUR,,BOB@example.org,
2,Bob,V,2025-07-01,,8000,EUR,1,BOB@example.org,
3,Cem,V,2020-01-01,,8000,EUR,2,,2025-08-31
4,Dee,U,2020-01-01,,4000,EUR,,,
"""
RESULTS = """
    unit,quarter,metric,value
    U,2025-Q2,k,100
    V,2025-Q2,k,50
    U,2025-Q3,k,100
    V,2025-Q3,k,50
"""


def add(engine, *emails, roles=()):
    with writing(engine) as session:
        for email in emails:
            accounts.add_account(session, email, email.partition("@")[0], "ten or more letters", roles)


def account(engine, email):
    with reading(engine) as session:
        return access.find_account_by_email(session, email)


def notes(engine, action):
    with reading(engine) as session:
        found = audit.search(session, action, 1)
        return [(each.entry.actor, each.entry.about, each.entry.details) for each in reversed(found)]


@pytest.fixture
def stored(filled):
    """Ann manages Bob since July, Bob Cem, who left in August; Dee is below nobody. Two quarters are calculated."""
    return filled(fill)


def fill(engine):
    add(engine, "ann@example.org", "bob@example.org")
    company(engine, people=PEOPLE, results=RESULTS)
    publish(engine)
    calculated(engine, Q2)
    calculated(engine)


def test_importing_people_links_accounts_by_their_address(stored):
    assert (account(stored, "ann@example.org").employee, account(stored, "bob@example.org").employee) == ("1", "2")
    linked = notes(stored, "link")
    assert linked[0] == ("unknown " + linked[0][0].split()[1], "account 1", '{"after":"1","before":null}')
    assert [about for _, about, _ in linked] == ["account 1", "account 2"]


def test_an_address_that_two_people_have_links_nobody(engine):
    add(engine, "ann@example.org")
    company(
        engine,
        people=PEOPLE.replace("4,Dee,U,2020-01-01,,4000,EUR,,,", "4,Dee,U,2020-01-01,,4000,EUR,,ann@example.org,"),
    )
    assert account(engine, "ann@example.org").employee is None


def test_a_person_who_has_an_account_gets_no_other_by_address(engine):
    company(engine, people=PEOPLE)
    add(engine, "old@example.org", "ann@example.org")
    with writing(engine) as session:
        old = access.find_account_by_email(session, "old@example.org")
        access.link_person(session, EVERYBODY, old, "1", NOW)
        access.link_by_email(session, EVERYBODY.email, NOW)
    assert account(engine, "ann@example.org").employee is None


def test_people_who_are_imported_again_keep_their_accounts(stored):
    taken(stored, "people", PEOPLE.replace("ann@example.org", "bob@example.org").replace("BOB@example.org", ""))
    assert (account(stored, "ann@example.org").employee, account(stored, "bob@example.org").employee) == ("1", "2")


def test_totals_lists_holds_and_counts_are_those_of_the_actors_team(stored):
    ann, stranger = account(stored, "ann@example.org"), Account(9, "x@example.org", "X", (), 0)
    with reading(stored) as session:
        run = quarters.view_quarter(session, Q3).run
        seen = {actor.email: overview.overview(session, actor, run, NOW) for actor in (ann, stranger, EVERYBODY)}
        told = {email: [(paid.total.people, paid.total.amount) for paid in each.paid] for email, each in seen.items()}
        assert [row.employee for row in payouts.list_payouts(session, ann, run, "", 1, NOW).rows] == ["1", "2", "3"]
        assert payouts.list_payouts(session, stranger, run, "", 1, NOW).total == 0
        assert quarters.readiness(session, ann, NOW).people == 2
        assert quarters.readiness(session, EVERYBODY, NOW).people == 4
    assert told == {
        ann.email: [(3, Money(267391, "EUR"))],
        stranger.email: [],
        EVERYBODY.email: [(4, Money(367391, "EUR"))],
    }


def test_an_earlier_amount_is_shown_only_to_those_who_may_see_that_quarter(stored):
    early, bob = Account(9, "x@example.org", "X", (), 0, "4"), account(stored, "bob@example.org")
    taken(
        stored,
        "people",
        f"{HEADER}5,Eve,U,2020-01-01,2025-06-30,4000,EUR,,,\n5,Eve,U,2025-07-01,2025-12-31,4000,EUR,4,,\n",
    )
    calculated(stored, Q2)
    calculated(stored)
    with reading(stored) as session:
        (view,) = payouts.view_person(session, early, "5", Q3, NOW).payouts
        assert view.before is None
        assert payouts.view_person(session, EVERYBODY, "5", Q3, NOW).payouts[0].before == Money(100000, "EUR")
        assert payouts.view_person(session, bob, "3", Q3, NOW).payouts[0].before == Money(100000, "EUR")
        with pytest.raises(UnseenError):
            payouts.view_person(session, early, "5", Q2, NOW)


def test_unseen_and_missing_people_are_told_in_the_same_words(stored):
    bob = account(stored, "bob@example.org")
    told = []
    with reading(stored) as session:
        for employee in ("1", "4", "x"):
            with pytest.raises(UnseenError) as unseen:
                payouts.view_person(session, bob, employee, Q3, NOW)
            told.append(str(unseen.value).replace(employee, "E", 1))
    assert told == ["E is not in run 1 of 2025-Q3: unknown, not employed then, or not for you to see."] * 3


def test_a_run_and_its_workbook_are_for_those_who_see_everybody(stored):
    ann = account(stored, "ann@example.org")
    with reading(stored) as session:
        for read in (calculation.last_run, lambda *args: payroll.payroll_sheets(*args, NOW)):
            with pytest.raises(NotFoundError, match="The payouts of 2025-Q3 are not for you to see"):
                read(session, ann, Q3)
        assert overview.unit_readings(session, ann, Q3, quarters.view_quarter(session, Q3).run)[1] == []


def test_own_pay_is_that_of_the_last_run_of_each_quarter(stored):
    calculated(stored)
    bob = account(stored, "bob@example.org")
    with reading(stored) as session:
        own = payouts.list_own(session, bob)
        assert payouts.list_own(session, EVERYBODY) == []
    assert [(each.run.quarter, each.run.number, str(each.rows[0].amount)) for each in own] == [
        (Q3, 2, "1000.00"),
        (Q2, 1, "1000.00"),
    ]


def test_relations_bring_permissions_by_themselves(stored):
    ann, bob = account(stored, "ann@example.org"), account(stored, "bob@example.org")
    dee = Account(9, "x@example.org", "X", (), 0, "4")
    with writing(stored) as session:
        led = related_permissions(leads=True, stands_in=False)
        granted = {each.employee: relations.granted(session, each, NOW) - each.permissions for each in (ann, bob, dee)}
        assert granted == {
            "1": led,
            "2": led,
            "4": frozenset(),
        }
        access.link_person(session, EVERYBODY, bob, None, NOW)
        access.link_person(session, EVERYBODY, bob, "4", NOW)
        delegations.hand_over(session, ann, Handing(bob.email, TODAY, TODAY), NOW)
        brought = relations.granted(session, dee, NOW) - dee.permissions
        assert brought == related_permissions(leads=False, stands_in=True)
        assert relations.granted(session, dee, NOW + timedelta(days=1)) == dee.permissions


def test_standing_in_lasts_from_its_first_day_to_its_last_and_is_not_handed_on(stored):
    ann, bob = account(stored, "ann@example.org"), account(stored, "bob@example.org")
    first, last = TODAY + timedelta(days=2), TODAY + timedelta(days=3)
    with writing(stored) as session:
        made = delegations.hand_over(session, ann, Handing(bob.email, first, last), NOW)
        rights = [bool(delegations.list_delegations(session, bob, NOW + timedelta(days=n)).taken) for n in range(6)]
        assert rights == [False, False, True, True, False, False]
        ended = delegations.end_early(session, ann, made.id, NOW)
        assert (ended.delegate_name, ended.days_text) == ("Bob", f"from {first} to {last}")
        assert not delegations.list_delegations(session, bob, NOW + timedelta(days=2)).taken


def test_an_account_of_nobody_on_file_hands_over_nothing(stored):
    with writing(stored) as session:
        with pytest.raises(RefusedError, match="so there is no team to hand over"):
            delegations.hand_over(session, EVERYBODY, Handing("bob@example.org", TODAY, TODAY), NOW)
        with pytest.raises(RefusedError, match="so there is no team to hand over"):
            delegations.end_early(session, EVERYBODY, 1, NOW)
        assert delegations.list_delegations(session, EVERYBODY, NOW).given == ()


def test_roles_that_are_kept_were_granted_when_they_were(stored):
    bob = account(stored, "bob@example.org")
    with writing(stored) as session:
        access.grant_roles(session, EVERYBODY, bob, (Role.HR,), NOW)
        access.grant_roles(
            session, account(stored, "ann@example.org"), bob, (Role.HR, Role.PAYROLL), NOW + timedelta(9)
        )
    with reading(stored) as session:
        (found,) = [each for each in access.review(session, NOW) if each.account.email == bob.email]
    assert found.holds == (
        Holding("role hr", "granted by command line on 2026-04-03"),
        Holding("role payroll", "granted by ann@example.org on 2026-04-12"),
        Holding("own pay", "is employee 2"),
    )


def test_the_review_names_units_that_somebody_leads_and_roles_that_should_not_be_together(stored):
    taken(stored, "units", "unit,name,parent,loyalty_lead\nCO,Company,,1\n")
    add(stored, "both@example.org", roles=(Role.HR, Role.APPROVER))
    with reading(stored) as session:
        found = {each.account.email: each for each in access.review(session, NOW)}
    assert found["ann@example.org"].holds == (
        Holding("own pay", "is employee 1"),
        Holding("pay of the team", "manages 1 person"),
        Holding("customer loyalty", "leads CO, U, V"),
    )
    (warning,) = found["both@example.org"].warnings
    assert warning.startswith("The roles approver and hr should not be held together.")


def test_roles_of_which_nobody_may_hold_all_are_refused_from_the_start(engine):
    with pytest.raises(RefusedError, match="The roles auditor and hr cannot be held together"):
        add(engine, "x@example.org", roles=(Role.AUDITOR, Role.HR))


PAY = {
    "runs",
    "run_totals",
    "people",
    "load_facts",
    "load_run",
    "find_employees",
    "visibility",
    "sight",
    "last_run",
    "explain",
}
WITHOUT_ACTOR = {
    "accrual_costs.costs_of": "adds up what a quarter costs; accruals ask for the actor",
    "accruals.view_accounts": "tells accounts, cost centres and units, and of people nothing",
    "analysis.runs_of": "tells which runs count",
    "evidence.offers": "tells which quarters were calculated",
    "evidence_exceptions.correction_table": "a table of the pack, for which gathering asked for the actor",
    "evidence_exceptions.exceptions": "a table of the pack, for which gathering asked for the actor",
    "evidence_tables.batch_tables": "tables of the pack, for which gathering asked for the actor",
    "evidence_tables.moves": "a table of the pack, for which gathering asked for the actor",
    "evidence_tables.plan_table": "a table of the pack, for which gathering asked for the actor",
    "evidence_tables.run_table": "a table of the pack, for which gathering asked for the actor",
    "settlement.settle_expected": "what nobody stored would pay; accruals ask for the actor",
    "statement_mails.tell": "queues mails without amounts to those whom they are about",
    "calculation.calculate_quarter": "makes the run, and says by whom",
    "calculation.calculate_run": "makes the run, and says by whom",
    "calculation.store_run": "stores the run, and says by whom",
    "scoreboard.scoreboard": "tells units' scores, and of people nothing",
    "quarters.known_quarters": "tells which quarters there are",
    "quarters.view_quarter": "tells how far a quarter has come",
    "quarters.next_open_start": "tells a day",
    "quarters.calculated_quarters": "tells which quarters have a run",
    "review_progress.progress": "tells how many are confirmed, and of pay nothing",
    "teams.chains": "tells who is above somebody, for rules that its callers ask",
    "review_progress.reminders": "tells whom to write how many are missing, and of pay nothing",
    "review_progress.escalations": "tells whom to write how many are missing, and of pay nothing",
    "team_scope.managers_of": "tells who is above somebody, for rules that its callers ask",
    "run_history.known_runs": "tells which runs there are, and nothing of what they pay",
    "run_history.find": "tells which run there is, and nothing of what it pays",
    "definitions.uses": "tells until which quarter a metric was calculated with",
    "snapshots.load": "keeps facts for what-ifs, whose services ask who may see what comes of them",
    "payroll_maps.save_numbers": "stores by whom a person is known to payroll, and of pay tells nothing",
    "targets.grid": "tells which quarters have a run",
    "targets.calculated_quarters": "tells which quarters have a run",
    "company.change_settings": "asks whether there is any run",
    "settlement.settle_run": "settles what its caller may see",
    "workflow.counting_run": "tells which run there is, and nothing of what it pays",
    "funding.view": "adds up what is paid, and tells nobody's pay",
    "funding_lines.fund_run": "scales a run for those who set and apply its pool",
    "exclusion_effects.effect_of": "adds up what pay would change by for those who decide",
    "calculation.sufficient_facts": "calculates or forecasts, and tells nobody's pay",
    "calculation.takes_long": "counts people, and tells nobody's pay",
    "correction_lines.all_recoveries": "adds to what its caller settles",
    "correction_lines.correction_lines": "adds to what its caller settles",
    "correction_standings.released_for": "adds up what was released for those who propose and decide corrections",
    "correction_standings.settled_run": "tells which run there is, and nothing of what it pays",
    "correction_standings.standings": "adds up what was released for those who propose and decide corrections",
    "corrections.lines_of": "is shown by services that ask who may see it",
    "data_check.check_quarter": "is shown by `read_check`, which asks who may see it",
    "data_check.findings_of": "is shown by `read_check`, which asks who may see it",
    "data_check.stands_against": "says whether a quarter can go on",
    "late_data.keep": "stores that a quarter would be calculated differently, and nobody's pay",
    "late_data.look": "finds whether a quarter would be calculated differently, and tells nobody's pay",
    "settlement.settle_own": "settles what its caller may see",
    "queries.first_owner": "finds who answers a query that its caller may ask, and tells nothing of pay",
    "funding_lines.stands_against": "says whether a run can be approved, and tells nobody's pay",
    "guarantee_lines.balance": "is shown by a service that asks who may see it",
    "settlement.before_guarantees": "settles what its caller may see",
    "funding_lines.apply": "stores what a pool makes of a run",
    "guarantee_lines.lines": "adds to what its caller settles",
    "batch_content.paying": "says what a batch pays that its caller may see",
    "payroll.totals": "adds up a run that its caller may see",
    "access.review": "is the review of accounts, which tells counts and no pay",
}


def test_every_service_that_reads_people_or_pay_takes_the_actor():
    found = {name for path in Path(comp.services.__file__).parent.glob("*.py") for name in without_actor(path)}
    assert found == set(WITHOUT_ACTOR)


def without_actor(path):
    """The public functions of a module that come to people or pay, by themselves or by helpers, without an actor."""
    functions = {
        node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)
    }
    for name, function in functions.items():
        takes_actor = "actor" in [argument.arg for argument in function.args.args]
        if not name.startswith("_") and not takes_actor and reached(function, functions) & PAY:
            yield f"{path.stem}.{name}"


def reached(function, functions, seen=()):
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    for name in names & set(functions) - {function.name, *seen}:
        names |= reached(functions[name], functions, (*seen, function.name))
    return names


def test_whoever_has_left_signs_in_no_more_whatever_the_address_of_the_account(stored):
    add(stored, "other@example.org")
    with writing(stored) as session:
        account = access.find_account_by_email(session, "other@example.org")
        access.link_person(session, EVERYBODY, account, "3", NOW)
        known = accounts.find_credentials(session, "other@example.org")
        assert not accounts.may_sign_in(session, known, NOW)
        access.link_person(session, EVERYBODY, account, "4", NOW)
        assert accounts.may_sign_in(session, known, NOW)
