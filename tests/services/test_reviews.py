"""Reviews in the database: whose team it is, who may do what, limits, reminders, and what stands against approval."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from threading import Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from comp.adjustments import Act, Limits, PersonLimit, Team
from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.models import AdjustmentRow, OutboxRow
from comp.money import Money
from comp.periods import Span
from comp.review import Show, Standing
from comp.roles import Account, Role
from comp.services import (
    access,
    accounts,
    adjusting,
    confirming,
    review_board,
    review_progress,
    settlement,
    teams,
    workflow,
)
from comp.services.adjusting import Ending, Wish
from comp.services.confirming import Choice
from comp.settlement import LineKind
from comp.store.delegations import add_delegation
from comp.store.visibility import Below, chains_above, members
from tests.stored import EVERYBODY, NOW, Q3, calculated, company, publish, taken
from web import reminders
from web.settings import Settings

PEOPLE = """employee,name,unit,from,to,target_amount,currency,manager,email
c,Chief,U,2020-01-01,,4000,EUR,,c@example.org
d,Dora,U,2020-01-01,,4000,EUR,c,d@example.org
m,Mia,U,2020-01-01,,4000,EUR,d,m@example.org
1,Ann,U,2020-01-01,,4000,EUR,m,ann@example.org
2,Bob,V,2020-01-01,2025-08-31,8000,EUR,d,
2,Bob,V,2025-09-01,,8000,EUR,m,
p,Pia,V,2020-01-01,,4000,EUR,c,p@example.org
x,Xan,V,2020-01-01,,4000,EUR,p,
"""
DAYS = Span(date(2025, 7, 1), date(2025, 10, 1))
HR = Account(91, "hr@example.org", "HR", (Role.HR,), 0)
APPROVER = Account(92, "approver@example.org", "A", (Role.APPROVER,), 0)


def person(employee, *roles):
    return Account(1, f"{employee}@example.org", employee, roles, 0, employee)


CHIEF, DORA, MIA, PIA, ANN = person("c"), person("d"), person("m"), person("p"), person("1")


@pytest.fixture
def stored(filled):
    """Chief over Dora over Mia over Ann and Bob, and over Pia over Xan; in review, with limits."""
    return filled(fill)


def fill(engine):
    company(engine, people=PEOPLE)
    publish(engine)
    calculated(engine)
    with writing(engine) as session:
        workflow.begin_review(session, HR, Q3, NOW)
        limits = Limits(None, {"EUR": PersonLimit(Fraction(1, 10), None)}, {Team("", "EUR"): Money(15_000, "EUR")})
        adjusting.set_limits(session, HR, Q3, limits, NOW)


def row(engine, employee, actor=EVERYBODY):
    with reading(engine) as session:
        return teams.find_row(session, actor, Q3, employee, NOW)[0]


def wish(engine, employee, minor=1_000, **fields):
    usual = {"currency": "EUR", "amount": Money(minor, "EUR"), "percent": None, "reason": "Other", "words": "So."}
    return Wish(**{**usual, "employee": employee, "seen": row(engine, employee).sha256, **fields})


def propose(engine, actor, employee, minor=1_000, **fields):
    asked = wish(engine, employee, minor, **fields)
    with writing(engine) as session:
        return adjusting.propose(session, actor, Q3, asked, NOW)


def end(engine, actor, number, act=Act.APPROVE, words="", seen=None):
    with reading(engine) as session:
        employee = adjusting.find(session, Q3, number).employee
    ending = Ending(act, words, row(engine, employee).sha256 if seen is None else seen)
    with writing(engine) as session:
        return adjusting.end(session, actor, Q3, number, ending, NOW)


def confirm(engine, actor, employee, seen=None):
    with writing(engine) as session:
        return confirming.confirm(session, actor, Q3, employee, seen or row(engine, employee).sha256, NOW)


def team(engine, actor, of=""):
    with reading(engine) as session:
        return teams.view_team(session, actor, Q3, of, NOW)


def numbers(view):
    return [each.employee for each in view.rows]


def test_a_team_is_the_tree_below_on_the_last_day_and_never_oneself(stored):
    assert numbers(team(stored, MIA)) == ["1", "2"]
    assert numbers(team(stored, DORA)) == ["1", "2", "m"]
    below = team(stored, CHIEF, "m")
    assert ([each.employee for each in below.scope.path], below.scope.may_confirm) == (["c", "d"], True)
    assert [(each.manager, each.people, each.open) for each in team(stored, CHIEF).teams] == [("d", 3, 3), ("p", 1, 1)]
    assert team(stored, person("1")) is None
    assert team(stored, HR) is None
    assert not team(stored, HR, "m").scope.may_confirm


def test_another_team_and_somebody_who_leads_nobody_look_alike(stored):
    for actor, of in [(MIA, "p"), (MIA, "nobody"), (MIA, "1"), (PIA, "d"), (HR, "nobody")]:
        with pytest.raises(UnseenError, match="leads nobody"):
            team(stored, actor, of)
    with pytest.raises(UnseenError):
        row(stored, "x", MIA)


def test_of_a_large_tree_only_those_are_listed_who_answer_directly(stored, monkeypatch):
    monkeypatch.setattr("comp.services.team_scope.LARGEST", 2)
    view = team(stored, CHIEF)
    assert (numbers(view), view.scope.people) == (["d", "p"], 5 + 1)


def test_a_circle_of_managers_ends(stored):
    taken(stored, "people", PEOPLE.replace("c,Chief,U,2020-01-01,,4000,EUR,,", "c,Chief,U,2020-01-01,,4000,EUR,,"))
    with writing(stored) as session:
        session.execute(text("UPDATE assignment SET manager = 'm' WHERE employee = 'c'"))
        assert chains_above(session, ["1"], DAYS) == {"1": ("m", "d", "c")}
        assert [each.employee for each in members(session, Below(("m",), DAYS), DAYS)] == ["1", "2", "c", "d", "p", "x"]
        assert members(session, Below((), DAYS), DAYS) == []
        session.rollback()


def test_an_adjustment_is_paid_once_somebody_above_approved_it(stored):
    found = propose(stored, MIA, "1")
    assert (row(stored, "1").payable, row(stored, "1").flags) == (Money(100_000, "EUR"), ("adjustment proposed",))
    approved = end(stored, DORA, found.id)
    assert (approved.end.by, row(stored, "1").payable) == (DORA.email, Money(101_000, "EUR"))
    with reading(stored) as session:
        paid = settlement.settle_run(session, workflow.counting_run(session, Q3))
        lines = [line for each in paid.settled for line in each.lines if line.kind is LineKind.ADJUSTMENT]
        alone = settlement.settle_run(session, workflow.counting_run(session, Q3), ["2"])
    assert [(line.amount.minor, line.about, line.source) for line in lines] == [
        (1_000, "Other", f"adjustment {found.id}")
    ]
    assert [each.payable.minor for each in alone.settled] == [100_000]
    calculated(stored)
    assert row(stored, "1").flags == ("adjusted on another run",)


def test_a_percentage_is_of_what_the_run_gave(stored):
    assert propose(stored, MIA, "1", amount=None, percent=Fraction(-1, 20)).amount == Money(-5_000, "EUR")


@pytest.mark.parametrize(
    ("actor", "employee", "fields", "error", "said"),
    [
        (replace(MIA, roles=(Role.HR,)), "m", {}, RefusedError, "Nobody adjusts their own pay"),
        (PIA, "1", {}, UnseenError, "not for you to see"),
        (APPROVER, "1", {}, RefusedError, "proposed by managers"),
        (MIA, "1", {"minor": 10_001}, RefusedError, "an approver decides"),
        (MIA, "1", {"reason": "Because"}, RefusedError, "reason from the list"),
        (MIA, "1", {"words": " "}, RefusedError, "Say in words"),
        (MIA, "1", {"currency": "JPY"}, RefusedError, "Nothing is paid in JPY"),
        (MIA, "1", {"seen": "another"}, ChangedError, "is not what you saw: it is 1000.00 EUR"),
    ],
)
def test_what_may_not_be_proposed_is_refused_with_why(stored, actor, employee, fields, error, said):
    with pytest.raises(error, match=said):
        propose(stored, actor, employee, **fields)


def test_the_budget_of_a_team_counts_what_is_proposed(stored):
    propose(stored, MIA, "1", 9_000)
    with pytest.raises(RefusedError, match=r"raised by 150\.00 EUR together; with this it is 160\.00"):
        propose(stored, MIA, "2", 7_000)
    assert team(stored, MIA).budgets == ((Money(15_000, "EUR"), Money(9_000, "EUR")),)


@pytest.mark.parametrize("actor", [MIA, PIA, APPROVER, ANN])
def test_others_than_the_next_manager_up_and_hr_do_not_approve(stored, actor):
    found = propose(stored, MIA, "1")
    with pytest.raises((RefusedError, NotFoundError)):
        end(stored, actor, found.id)


def test_what_is_beyond_the_limits_hr_proposes_and_an_approver_decides(stored):
    found = propose(stored, HR, "1", 20_000)
    assert found.beyond
    with pytest.raises(RefusedError, match="an approver decides"):
        end(stored, DORA, found.id)
    with reading(stored) as session:
        assert review_progress.stands_against(session, Q3)[0].startswith(
            "1 adjustment is proposed and not decided, 1 of"
        )
    assert end(stored, APPROVER, found.id).counts


def test_a_proposal_ends_once_and_not_on_what_nobody_saw(stored):
    found = propose(stored, MIA, "1")
    with pytest.raises(ChangedError, match="is not what you saw"):
        end(stored, DORA, found.id, seen="another")
    with pytest.raises(RefusedError, match="Say why it is refused"):
        end(stored, DORA, found.id, Act.REFUSE)
    end(stored, DORA, found.id, Act.REFUSE, "No.")
    with pytest.raises(ChangedError, match=r"refused by d@example.org already"):
        end(stored, HR, found.id)
    with pytest.raises(NotFoundError, match="no such adjustment"):
        end(stored, HR, 99)


def test_limits_that_were_lowered_since_keep_a_proposal_from_being_approved(stored):
    found, taken_off = propose(stored, MIA, "1"), propose(stored, HR, "2", -100_000)
    with writing(stored) as session:
        adjusting.set_limits(session, HR, Q3, Limits(None, {"EUR": PersonLimit(None, Money(1, "EUR"))}, {}), NOW)
    with pytest.raises(RefusedError, match="Limits changed since"):
        end(stored, DORA, found.id)
    taken(stored, "results", "unit,quarter,metric,value\nV,2025-Q3,k,40\n")
    calculated(stored)
    with writing(stored) as session:
        workflow.begin_review(session, HR, Q3, NOW)
    with pytest.raises(RefusedError, match=r"takes off more than the 800\.00 EUR"):
        end(stored, APPROVER, taken_off.id)


def test_limits_are_those_of_the_last_quarter_before_and_do_not_change_once_approved(stored):
    with reading(stored) as session:
        assert adjusting.limits_of(session, Q3.plus(2)).quarter == Q3
        assert adjusting.limits_of(session, Q3.plus(-1)) == Limits()
        seen = review_board.seen_limits(adjusting.limits_of(session, Q3))
        sha256 = settlement.settle_run(session, workflow.counting_run(session, Q3)).sha256
        changes = workflow.life_of(session, Q3).changes
    with writing(stored) as session:
        own = Limits(None, {"EUR": PersonLimit()}, {Team("m", "EUR"): Money(5, "EUR")})
        adjusting.set_limits(session, HR, Q3, own, NOW)
        assert adjusting.limits_of(session, Q3).budgets == own.budgets
        with pytest.raises(ChangedError):
            review_board.require_limits_unchanged(session, Q3, seen)
    with writing(stored) as session:
        workflow.approve(session, APPROVER, Q3, workflow.Seen(changes, sha256), NOW)
        with pytest.raises(RefusedError, match="is approved: its limits"):
            adjusting.set_limits(session, HR, Q3, own, NOW)


def test_a_confirmation_holds_until_a_cent_changes(stored):
    confirm(stored, MIA, "1")
    assert row(stored, "1").standing is Standing.CONFIRMED
    with pytest.raises(ChangedError, match=r"m@example.org confirmed"):
        confirm(stored, DORA, "1")
    end(stored, DORA, propose(stored, MIA, "1").id)
    assert row(stored, "1").standing is Standing.CHANGED
    with pytest.raises(ChangedError, match="is not what you saw"):
        confirm(stored, MIA, "1", "0" * 64)


def test_nobody_confirms_their_own_pay_nor_while_an_adjustment_waits(stored):
    for actor, employee in [(MIA, "m"), (HR, "1"), (ANN, "1")]:
        with pytest.raises(RefusedError, match="confirmed by a manager above"):
            confirm(stored, actor, employee)
    propose(stored, MIA, "1")
    with pytest.raises(RefusedError, match="is decided first"):
        confirm(stored, MIA, "1")


def test_who_stands_in_confirms_where_the_manager_said_so_but_never_the_managers_own_pay(stored):
    with writing(stored) as session:
        always = Span(date(2020, 1, 1))
        add_delegation(session, ("d", "p"), always, "d", NOW, may_confirm=True)
        add_delegation(session, ("m", "x"), always, "m", NOW)
    confirm(stored, PIA, "m")
    with pytest.raises(UnseenError):
        confirm(stored, PIA, "d")
    with pytest.raises(RefusedError, match="confirmed by a manager above"):
        confirm(stored, person("x"), "1")
    with pytest.raises(RefusedError, match="proposed by managers"):
        propose(stored, PIA, "1")


def test_rows_are_confirmed_together_as_they_were_seen(stored):
    choice = Choice("", Show.ALL, "", None)
    with reading(stored) as session:
        chosen = confirming.choose(session, DORA, Q3, choice, NOW)
    seen = len(chosen.selection.people), chosen.selection.sha256, chosen.selection.words
    assert (chosen.selection.people, chosen.left_out) == (("1", "2", "m"), 0)
    confirm(stored, MIA, "1")
    with (
        pytest.raises(ChangedError, match=r"3 people, 3000.00 EUR then, 2 people, 2000.00 EUR now"),
        writing(stored) as session,
    ):
        confirming.confirm_chosen(session, DORA, Q3, choice, seen, NOW)
    with reading(stored) as session:
        left = confirming.choose(session, DORA, Q3, choice, NOW).selection
    with writing(stored) as session:
        confirming.confirm_chosen(session, DORA, Q3, choice, (2, left.sha256, ""), NOW)
        assert review_progress.progress(session, Q3).confirmed == 3
        nobody = confirming.choose(session, DORA, Q3, choice, NOW).selection
        with pytest.raises(RefusedError, match="nobody to confirm"):
            confirming.confirm_chosen(session, DORA, Q3, choice, (0, nobody.sha256, ""), NOW)
        with pytest.raises(RefusedError, match="confirmed by a manager above"):
            confirming.choose(session, HR, Q3, Choice("m"), NOW)


def test_two_managers_at_once_confirm_one_row_once(stored):
    seen, said = row(stored, "1").sha256, []

    def press(actor):
        try:
            confirm(stored, actor, "1", seen)
            said.append("confirmed")
        except ChangedError:
            said.append("told")

    threads = [Thread(target=press, args=(actor,)) for actor in (MIA, DORA, CHIEF)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["confirmed", "told", "told"]


def test_what_is_sent_back_stands_against_approval_until_hr_answers(stored):
    seen = row(stored, "1").sha256
    with writing(stored) as session:
        with pytest.raises(RefusedError, match="Say what is wrong"):
            confirming.send_back(session, MIA, Q3, ("1", seen), " ", NOW)
        confirming.send_back(session, MIA, Q3, ("1", seen), "She was ill.", NOW)
    with reading(stored) as session:
        assert review_progress.stands_against(session, Q3)[0].startswith("The pay of 1 person was sent back")
        board = review_board.view(session, HR, Q3, NOW)
        assert [(each.employee, each.name, each.mark.words) for each in board.sent_back] == [
            ("1", "Ann", "She was ill.")
        ]
    with writing(stored) as session:
        for actor, words, said in [(HR, " ", "Say what was done"), (replace(HR, employee="1"), "x", "your own pay")]:
            with pytest.raises(RefusedError, match=said):
                confirming.answer(session, actor, Q3, "1", words, NOW)
        confirming.answer(session, HR, Q3, "1", "It counts.", NOW)
        with pytest.raises(RefusedError, match="answered already"):
            confirming.answer(session, HR, Q3, "1", "It counts.", NOW)
        assert review_progress.stands_against(session, Q3) == ()


def test_who_is_held_is_told_and_can_be_sent_back_only(engine):
    company(engine, people=PEOPLE, results="unit,quarter,metric,value\nU,2025-Q3,k,100\n")
    publish(engine)
    calculated(engine)
    with writing(engine) as session:
        workflow.begin_review(session, HR, Q3, NOW)
    bob = row(engine, "2")
    assert (bob.standing, bob.flags, bool(bob.held)) == (Standing.NOT_PAID, ("held",), True)
    with pytest.raises(RefusedError, match="There is nothing to confirm"):
        confirm(engine, MIA, "2", "")
    with writing(engine) as session:
        confirming.send_back(session, MIA, Q3, ("2", ""), "The score is there.", NOW)
    assert row(engine, "2").standing is Standing.SENT_BACK


def test_progress_counts_teams_and_people_and_nothing_before_the_first_run(stored):
    for employee in "12":
        confirm(stored, MIA, employee)
    with reading(stored) as session:
        found = review_progress.progress(session, Q3)
        assert review_progress.progress(session, Q3.plus(1)).people == 0
    assert [(each.name, each.confirmed, each.people) for each in found.teams] == [
        ("Chief", 0, 2),
        ("Dora", 0, 1),
        ("Mia", 2, 2),
        ("Pia", 0, 1),
    ]
    assert found.words == "1 of 4 teams confirmed, 2 of 6 people."


def mails(engine):
    with reading(engine) as session:
        return sorted((each.recipient, each.subject, each.body) for each in session.scalars(select(OutboxRow)))


def test_managers_are_reminded_before_the_due_day_and_theirs_after_it_once_a_day(stored):
    with writing(stored) as session:
        for name in "cdmp":
            accounts.add_account(session, f"{name}@example.org", name, "ten or more letters", ())
            access.link_person(session, EVERYBODY, accounts_of(session, name), name, NOW)
        due = review_progress.due_on(session, Q3)
    there = Settings(address="https://pay.example.org")

    def at(days, work=reminders.remind, goes_on=lambda: True):
        return work(
            stored, there, NOW.replace(year=due.year, month=due.month, day=due.day) + timedelta(days=days), goes_on
        )

    assert at(-6) == "0 reminders queued."
    assert at(-5, goes_on=lambda: False) == "0 reminders queued."
    assert (at(-5), at(-5), at(-4)) == ("4 reminders queued.", "0 reminders queued.", "4 reminders queued.")
    assert at(0, reminders.escalate) == "0 escalations queued."
    assert (at(1), at(1, reminders.escalate), at(1, reminders.escalate)) == (
        "0 reminders queued.",
        "3 escalations queued.",
        "0 escalations queued.",
    )
    to, subject, body = next(each for each in mails(stored) if each[0] == "m@example.org")
    assert (to, subject) == ("m@example.org", "2025-Q3: pay to confirm in your team")
    assert "2 people in your team" in body
    assert "https://pay.example.org/team/2025-Q3" in body
    assert any("the team of Mia" in each[1] and each[0] == "d@example.org" for each in mails(stored))


def accounts_of(session, name):
    return access.find_account_by_email(session, f"{name}@example.org")


def test_a_mail_without_an_address_of_the_site_names_the_page(stored):
    assert "page My team" in reminders._link(Settings(), first_reminder(stored))


def first_reminder(engine):
    with reading(engine) as session:
        return review_progress.reminders(session, Q3)[0]


def test_reasons_are_a_list_of_the_companys_own(stored):
    with writing(stored) as session:
        for wrong in [(), ("A", "A")]:
            with pytest.raises(RefusedError, match="at least one reason"):
                adjusting.set_reasons(session, HR, wrong, NOW)
        adjusting.set_reasons(session, HR, ("Fire", "Flood"), NOW)
        assert adjusting.reasons(session) == ("Fire", "Flood")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE adjustment SET amount_minor = 999999",
        "DELETE FROM adjustment",
        "UPDATE adjustment_end SET act = 'refuse'",
        "DELETE FROM adjustment_end",
        "UPDATE review_mark SET said_by = 'x'",
        "DELETE FROM review_mark",
        "UPDATE adjustment_limit SET amount_minor = NULL",
        "DELETE FROM adjustment_limit",
    ],
)
def test_the_database_itself_keeps_what_was_said(stored, statement):
    end(stored, DORA, propose(stored, MIA, "1").id)
    confirm(stored, MIA, "1")
    with pytest.raises(DatabaseError), writing(stored) as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "ended_by = proposed_by",
        "ended_as = employee",
        "seen_sha256 = ''",
        "act = 'refuse', words = ''",
        "act = 'ask'",
        "employee = '2'",
        "is_beyond = NOT is_beyond",
    ],
)
def test_the_database_itself_keeps_four_eyes(stored, change):
    found = propose(stored, MIA, "1")
    values = {"adjustment_id": str(found.id), "employee": "'1'", "proposed_by": "'m@example.org'", "act": "'approve'"}
    values |= {"is_beyond": "false", "words": "'x'", "seen_sha256": f"'{'0' * 64}'", "ended_by": "'d@example.org'"}
    values |= {"ended_as": "'d'", "ended_at": "'2026-04-03 09:30:00'"}
    for each in change.split(", "):
        name, _, value = each.partition(" = ")
        values[name] = {"NOT is_beyond": "true"}.get(value) or values.get(value, value)
    told = f"INSERT INTO adjustment_end ({', '.join(values)}) VALUES ({', '.join(values.values())})"  # noqa: S608 - the test's own
    with pytest.raises(DatabaseError), writing(stored) as session:
        session.execute(text(told))


def test_the_database_itself_keeps_ones_own_pay_from_being_adjusted(stored):
    found = propose(stored, MIA, "1")
    with reading(stored) as session:
        fields = session.get_one(AdjustmentRow, found.id).model_dump(exclude={"id"})
    with pytest.raises(DatabaseError), writing(stored) as session:
        session.add(AdjustmentRow(**fields | {"proposed_as": "1"}))
