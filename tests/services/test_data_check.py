"""The data check over a stored company, and its waivers, on both databases."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from comp.data_findings import Check
from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.periods import Quarter
from comp.roles import Account, Role
from comp.services import audit, data_check, quarter_calendar, waivers
from comp.services.waivers import Seen, key_text
from comp.waivers import Outcome
from tests.stored import EVERYBODY, NOW, Q3, calculated, company, publish, taken

HR = Account(1, "hr@example.org", "HR", (Role.HR,), 0)
APPROVER = Account(2, "approver@example.org", "Approver", (Role.APPROVER,), 0)
ANN = Account(3, "ann@example.org", "Ann", (Role.APPROVER,), 0, employee="1")
BOTH = Account(4, "both@example.org", "Both", (Role.HR, Role.APPROVER), 0)
MANAGER = Account(5, "manager@example.org", "Manager", (), 0, employee="2")
REASON = "The file comes on Monday; whoever is held stays held."
PEOPLE = """
    employee,name,unit,from,target_amount,currency,manager
    1,Ann,U,2020-01-01,,EUR,2
    2,Bob,V,2020-01-01,8000,EUR,
"""


@pytest.fixture
def stored(filled):
    """A company of which one person has no target."""
    return filled(fill)


def fill(engine):
    company(engine, people=PEOPLE)
    publish(engine)


def checked(engine, quarter=Q3):
    with reading(engine) as session:
        return data_check.check_quarter(session, quarter)


def seen(engine):
    (finding,) = checked(engine).against
    return Seen(finding.id, key_text(finding))


def ask(engine, by=HR, what=None, reason=REASON):
    with writing(engine) as session:
        return waivers.ask(session, by, Q3, what or seen(engine), reason, NOW)


def decide(engine, waiver, by=APPROVER, outcome=Outcome.GRANTED, words="Agreed."):
    with writing(engine) as session:
        return waivers.decide(session, by, waiver.id, outcome, words, NOW)[0]


def test_whoever_the_check_holds_is_held_in_the_run(stored):
    _, run = calculated(stored)
    assert [hold.employee for hold in run.held] == ["1"]
    (finding,) = checked(stored).findings
    assert (finding.check, finding.held) == (Check.NO_TARGET, ("1",))
    assert checked(stored).counts == (1, 0, 0, 1)


def test_a_change_of_the_data_is_seen_at_once(stored):
    assert checked(stored).against
    taken(stored, "people", PEOPLE.replace("2020-01-01,,", "2020-01-01,4000,"))
    assert checked(stored).findings == ()


def test_a_quarter_without_anything_says_what_it_lacks(engine):
    checks = [finding.check for finding in checked(engine).findings]
    assert checks == [Check.NOBODY_EMPLOYED, Check.NO_RESULTS, Check.NO_PLAN_PUBLISHED]
    fatal = Seen(checked(engine).findings[0].id)
    with pytest.raises(RefusedError, match="nothing to go on with"):
        ask(engine, what=fatal)


def test_the_quarter_before_is_read_from_the_tables(stored):
    taken(stored, "people", PEOPLE.replace("8000,EUR", "8000,EUR").replace("2020-01-01,,", "2020-01-01,4000,"))
    later = """
        employee,name,unit,from,to,target_amount,currency,manager
        1,Ann,U,2020-01-01,2025-09-30,4000,EUR,2
        1,Ann,U,2025-10-01,,40000,EUR,2
        3,Cleo,U,2025-10-01,,4000,EUR,2
    """
    taken(stored, "people", later)
    taken(stored, "targets", "unit,quarter,metric,target\nU,2025-Q3,k,100\n")
    taken(stored, "results", "unit,quarter,metric,value\nU,2025-Q4,k,100\nV,2025-Q4,k,50\n")
    found = {each.check: each for each in checked(stored, Quarter(2025, 4)).findings}
    assert set(found) == {
        Check.PEOPLE_DIFFER,
        Check.TARGETS_DIFFER,
        Check.SALARIES_DIFFER,
        Check.METRIC_TARGETS_DIFFER,
    }
    assert [(each.employee, each.name, each.note) for each in found[Check.SALARIES_DIFFER].people] == [
        ("1", "Ann", "900\u202f% more")
    ]
    with writing(stored) as session:
        rules = quarter_calendar.load_rules(session)
        wide = quarter_calendar.QuarterRules(rules.calendar, 20 * rules.swing)
        fingerprint = quarter_calendar.rules_fingerprint(rules)
        quarter_calendar.save_rules(session, wide, fingerprint, HR.email, NOW)
    told = {each.check for each in checked(stored, Quarter(2025, 4)).findings}
    assert Check.PEOPLE_DIFFER not in told


def test_only_those_who_see_all_pay_read_the_check(stored):
    with reading(stored) as session:
        assert data_check.read_check(session, EVERYBODY, Q3).against
        for stranger in (MANAGER, Account(9, "p@example.org", "P", (Role.PAYROLL,), 0)):
            with pytest.raises(UnseenError):
                data_check.read_check(session, stranger, Q3)


def test_an_error_stands_until_a_second_person_grants_its_waiver_and_holds_all_the_same(stored):
    waiver = ask(stored)
    with reading(stored) as session:
        assert len(data_check.stands_against(session, Q3)) == 1
    assert waiver.is_open
    decided = decide(stored, waiver)
    assert (decided.decision.outcome, decided.decision.words, decided.decision.by) == (
        Outcome.GRANTED,
        "Agreed.",
        APPROVER.email,
    )
    with reading(stored) as session:
        assert data_check.stands_against(session, Q3) == []
    assert checked(stored).counts == (0, 0, 1, 1)
    assert [hold.employee for hold in calculated(stored)[1].held] == ["1"]


def test_a_refused_waiver_may_be_asked_for_again(stored):
    decide(stored, ask(stored), outcome=Outcome.REFUSED, words="Import it first.")
    assert len(checked(stored).against) == 1
    decide(stored, ask(stored))
    assert checked(stored).against == ()


def test_who_asked_and_whom_it_concerns_may_not_decide(stored):
    waiver = ask(stored, by=BOTH)
    for who, words in ((BOTH, "Somebody else must decide it"), (ANN, "about your own pay")):
        with pytest.raises(RefusedError, match=words):
            decide(stored, waiver, by=who)
    assert decide(stored, waiver).is_granted


def test_asking_and_deciding_need_words(stored):
    for nothing in ("", " \n "):
        with pytest.raises(RefusedError, match="Say it in words"):
            ask(stored, reason=nothing)
    with pytest.raises(RefusedError, match="At most 2,000 characters"):
        ask(stored, reason="x" * 2001)
    waiver = ask(stored)
    with pytest.raises(RefusedError, match="Say it in words"):
        decide(stored, waiver, words=" ")
    with pytest.raises(RefusedError, match="has asked for this waiver already"):
        ask(stored)


def test_a_waiver_lapses_when_figures_change_and_says_what_is_different(stored):
    before = seen(stored)
    waiver = ask(stored)
    taken(stored, "people", PEOPLE.replace("8000", "") + "    3,Cleo,U,2020-01-01,,EUR,2\n")
    with pytest.raises(ChangedError, match=r"Then: “1 person has no target.*By now: “2 people have no target"):
        decide(stored, waiver)
    with pytest.raises(ChangedError, match="By now: “2 people have no target"):
        ask(stored, what=before)
    found = checked(stored)
    assert [each.id for each in found.lapsed] == [waiver.id]
    assert len(found.against) == 2


def test_a_waiver_of_what_is_mended_is_not_granted(stored):
    before, waiver = seen(stored), ask(stored)
    taken(stored, "people", PEOPLE.replace("2020-01-01,,", "2020-01-01,4000,"))
    with pytest.raises(ChangedError, match="By now nothing of the kind is found"):
        decide(stored, waiver)
    with pytest.raises(ChangedError, match="By now it is gone"):
        ask(stored, what=before)


def test_who_asked_may_withdraw_and_then_ask_again(stored):
    waiver = ask(stored)
    with writing(stored) as session, pytest.raises(RefusedError, match="only they may withdraw it"):
        waivers.withdraw(session, BOTH, waiver.id, NOW)
    with writing(stored) as session:
        gone = waivers.withdraw(session, HR, waiver.id, NOW)
    assert gone.decision.outcome is Outcome.WITHDRAWN
    with pytest.raises(RefusedError, match="has withdrawn it already"):
        decide(stored, waiver)
    assert ask(stored).id > waiver.id


def test_there_is_no_waiver_but_those_that_were_asked_for(stored):
    with writing(stored) as session, pytest.raises(NotFoundError, match="no such waiver"):
        waivers.decide(session, APPROVER, 99, Outcome.GRANTED, "Yes.", NOW)
    with writing(stored) as session, pytest.raises(NotFoundError):
        waivers.withdraw(session, HR, 99, NOW)


def test_waivers_are_noted_without_their_words_and_put_no_run_out_of_date(stored):
    with reading(stored) as session:
        number = audit.head(session).number
    decide(stored, ask(stored))
    with reading(stored) as session:
        noted = [each.entry for each in reversed(audit.search(session, "waiver", 1))]
        assert not audit.is_changed_since(session, number)
    assert [each.action for each in noted] == ["ask for waiver", "decide waiver"]
    assert all("Agreed" not in each.details and REASON not in each.details for each in noted)
    assert json.loads(noted[1].details)["outcome"] == "granted"


def test_two_approvers_at_once_one_wins_and_the_other_is_told(stored):
    waiver, barrier, told = ask(stored), Barrier(2), []

    def approve(who):
        barrier.wait()
        try:
            decide(stored, waiver, by=who)
            told.append("won")
        except RefusedError as refused:
            told.append(str(refused))

    others = [Account(10 + n, f"approver-{n}@example.org", "A", (Role.APPROVER,), 0) for n in range(2)]
    threads = [Thread(target=approve, args=(who,)) for who in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(told) == "won"
    assert min(told).endswith("has granted it already.")


@pytest.mark.parametrize("table", ["waiver", "waiver_decision"])
def test_what_was_asked_and_decided_never_changes(stored, table):
    decide(stored, ask(stored))
    for statement in (f"UPDATE {table} SET asked_by = 'x'", f"DELETE FROM {table}"):  # noqa: S608 - the tests' own names
        with pytest.raises(DBAPIError, match="never changes"), writing(stored) as session:
            session.execute(text(statement))


def test_counts_are_kept_with_when_they_were_taken(stored):
    with reading(stored) as session:
        assert data_check.last_counts(session, Q3) is None
    for hours in (0, 1):
        with writing(stored) as session:
            at = NOW + timedelta(hours=hours)
            counts = data_check.note_checked(session, data_check.check_quarter(session, Q3), at)
    with reading(stored) as session:
        assert data_check.last_counts(session, Q3) == counts
    assert (counts.errors, counts.held, counts.checked_at) == (1, 1, NOW + timedelta(hours=1))
