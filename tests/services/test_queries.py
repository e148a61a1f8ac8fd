"""Queries on both databases: who sees and owns them, what is done with them, what is told, and what stays as it was."""

import json
from contextlib import suppress
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.models import AccountRow, OutboxRow, QueryMessageRow, QueryRow
from comp.periods import Quarter
from comp.queries import LONGEST, Act, Outcome, State, Subject
from comp.roles import Role, whoever_has_the_machine
from comp.services import access, accounts, audit, payouts, queries, query_mails, query_moves
from comp.services.queries import Filter, Show
from comp.services.query_moves import By
from comp.store import accounts as stored_accounts
from comp.store.queries import count_living
from tests.stored import NOW, Q3, calculated, company, publish
from web.query_reminders import remind
from web.settings import Settings

PEOPLE = """
    employee,name,unit,from,to,target_amount,currency,manager
    1,Ann,U,2020-01-01,,4000,EUR,3
    2,Bob,V,2020-01-01,,8000,EUR,3
    3,Cora,CO,2020-01-01,,8000,EUR,4
    4,Dan,CO,2020-01-01,,8000,EUR,
    5,Eve,V,2020-01-01,2025-09-30,4000,EUR,2
    6,Flo,V,2020-01-01,,4000,EUR,5
"""
UNITS = """
    unit,name,parent,loyalty_lead
    CO,Company,,4
    U,Unit,CO,2
    V,Other unit,CO,
"""
RESULTS = """
    unit,quarter,metric,value
    CO,2025-Q3,k,70
    U,2025-Q3,k,100
    V,2025-Q3,k,50
"""
PERSONS = {"ann": "1", "bob": "2", "cora": "3", "dan": "4", "flo": "6", "hr": "5"}
ROLES = {"hr": Role.HR, "hr2": Role.HR, "audit": Role.AUDITOR, "payroll": Role.PAYROLL, "admin": Role.ADMIN}
DUE = date(2026, 4, 10)
"""Five working days after `NOW`, a Friday."""


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine, people=PEOPLE, units=UNITS, results=RESULTS)
    publish(engine)
    calculated(engine)
    with writing(engine) as session:
        for name in dict.fromkeys([*PERSONS, *ROLES]):
            roles = (ROLES[name],) if name in ROLES else ()
            accounts.add_account(session, address(name), name.title(), "correct horse battery", roles)
        for name, employee in PERSONS.items():
            found = access.find_account_by_email(session, address(name))
            access.link_person(session, whoever_has_the_machine(), found, employee, NOW)


def address(name):
    return f"{name}@example.org"


def account(engine, name):
    with reading(engine) as session:
        return stored_accounts.find_credentials(session, address(name)).account


def by(engine, name, now=NOW):
    return By(account(engine, name), now, lambda number: f"https://pay.example/queries/{number}")


def ask(engine, name="ann", employee="1", part="", words="Why so little?", now=NOW):
    with writing(engine) as session:
        choices = queries.payout_choices(session, account(engine, name), Q3, employee, now)
        chosen = next(each.key for each in choices if each.part.endswith(part))
        return query_moves.raise_query(
            session, by(engine, name, now), choices, chosen, query_moves.seen_of(choices), words
        )


def ask_score(engine, name="ann", unit="U"):
    with writing(engine) as session:
        choices = queries.score_choices(session, Q3, "k")
        chosen = next(each.key for each in choices if each.unit == unit)
        return query_moves.raise_query(session, by(engine, name), choices, chosen, query_moves.seen_of(choices), "Hm?")


def see(engine, name, number, now=NOW):
    with reading(engine) as session:
        return queries.find_query(session, account(engine, name), number, now)


def do(engine, name, number, what, *told, now=NOW):
    with writing(engine) as session:
        view = queries.find_query(session, account(engine, name), number, now)
        return what(session, by(engine, name, now), view, *told)


def say(engine, name, number, act, words="So it is."):
    do(engine, name, number, query_moves.say, act, words)


def close(engine, name, number, outcome=Outcome.EXPLAINED, answered_by="", words="That is why."):
    do(engine, name, number, query_moves.close, outcome, answered_by, words)


def listed(engine, name, **chosen):
    with reading(engine) as session:
        return [each.id for each in queries.list_queries(session, account(engine, name), Filter(**chosen), NOW).queries]


def views(engine, numbers):
    """What everybody sees of some queries: their views by name, and by the query's number."""
    with reading(engine) as session:
        return {name: dict(_views(session, name, numbers)) for name in (*PERSONS, "hr2", "audit", "payroll", "admin")}


def _views(session, name, numbers):
    actor = stored_accounts.find_credentials(session, address(name)).account
    for number in numbers:
        with suppress(UnseenError):
            yield number, queries.find_query(session, actor, number, NOW)


def lists(engine, show):
    """The numbers that everybody's list shows, and how many queries are said to wait for them."""
    found = {}
    with reading(engine) as session:
        for name in (*PERSONS, "hr2", "audit", "payroll", "admin"):
            actor = stored_accounts.find_credentials(session, address(name)).account
            listed = queries.list_queries(session, actor, Filter(show), NOW)
            assert listed.counts[Show.WAITING] == queries.count_waiting(session, actor)
            found[name] = {each.id for each in listed.queries}
    return found


def mails(engine):
    """Who was told what, and then forgotten."""
    with writing(engine) as session:
        found = [(row.recipient, row.subject, row.body) for row in session.scalars(select(OutboxRow))]
        session.execute(delete(OutboxRow))
    return sorted(found)


def told(engine):
    return sorted((to.partition("@")[0], subject) for to, subject, _ in mails(engine))


def noted(engine, number):
    with reading(engine) as session:
        entries = reversed(audit.search(session, f"query {number}", 1))
    return [(each.entry.action, json.loads(each.entry.details)) for each in entries]


def test_a_query_on_a_payout_is_the_managers_who_is_told_without_an_amount(stored):
    number = ask(stored)
    query = see(stored, "ann", number).query
    assert (query.owner, query.due, query.state, query.name) == ("Cora", DUE, State.OPEN, "Ann")
    assert query.about.figures[:2] == (("Run", "2025-Q3/1"), ("Payout", "1,000.00 EUR"))
    ((to, subject, body),) = mails(stored)
    assert (to, subject) == (address("cora"), "A query waits for you")
    assert f"https://pay.example/queries/{number}" in body
    assert "A query about a payout of 2025-Q3 waits for your answer until 10 April 2026." in body
    assert "Why so little" not in body
    assert "Ann" not in body


def test_a_query_is_all_of_hrs_where_the_manager_asks_or_there_is_none(stored):
    for who, employee in (("cora", "1"), ("dan", "4")):
        owner = see(stored, who, ask(stored, who, employee)).query
        assert (owner.owner_id, owner.owner) == (None, "HR")
        assert told(stored) == [("hr", "A query waits for you"), ("hr2", "A query waits for you")]
    assert see(stored, "flo", ask(stored, "flo", "6")).query.owner == "Hr"


def test_a_query_on_a_score_is_the_loyalty_leads_or_that_of_the_next_above(stored):
    assert see(stored, "ann", ask_score(stored)).query.owner == "Bob"
    assert see(stored, "ann", ask_score(stored, unit="V")).query.owner == "Dan"
    about = see(stored, "bob", ask_score(stored, "bob")).query
    assert (about.owner, about.about.subject) == ("HR", Subject.SCORE)
    assert about.about.figures == (("Score", "100.00"), ("Rests on", "stated"))


def test_a_closed_account_owns_nothing_new_and_hr_is_told_of_what_it_owned(stored):
    number = ask(stored)
    mails(stored)
    with writing(stored) as session:
        session.execute(update(AccountRow).where(col(AccountRow.email) == address("cora")).values(is_active=False))
    say(stored, "ann", number, Act.REPLY)
    assert told(stored) == [("hr", "A query waits for you"), ("hr2", "A query waits for you")]
    assert see(stored, "bob", ask(stored, "bob", "2")).query.owner_id is None


def test_a_query_on_a_payout_is_seen_by_those_who_see_the_pay_and_one_on_a_score_shows_none(stored):
    pay, score = ask(stored), ask_score(stored)
    seen = views(stored, (pay, score))
    assert {name for name in seen if pay in seen[name]} == {"ann", "cora", "dan", "hr", "hr2", "audit", "payroll"}
    assert {name for name in seen if score in seen[name]} == {"ann", "bob", "hr", "hr2", "audit"}
    assert lists(stored, Show.ALL) == {name: set(found) for name, found in seen.items()}
    with pytest.raises(UnseenError) as hidden, reading(stored) as session:
        queries.find_query(session, account(stored, "admin"), pay, NOW)
    with pytest.raises(UnseenError) as missing, reading(stored) as session:
        queries.find_query(session, account(stored, "admin"), 999, NOW)
    assert str(hidden.value) == str(missing.value)


def test_an_owner_who_does_not_see_the_pay_reads_the_thread_without_the_figures(stored):
    number = ask(stored)
    with writing(stored) as session:
        session.execute(update(QueryRow).values(owner_id=account(stored, "bob").id))
    assert see(stored, "bob", number).sees_pay is False
    assert see(stored, "cora", number).sees_pay is True
    assert see(stored, "ann", ask_score(stored)).sees_pay is False


def test_what_waits_for_somebody_is_listed_as_their_own_page_says(stored):
    first, second, third = ask(stored), ask_score(stored, "cora"), ask(stored, "dan", "4")
    say(stored, "cora", first, Act.ANSWER)
    seen = views(stored, (first, second, third))
    waits = {name: {number for number, view in found.items() if view.waits} for name, found in seen.items()}
    assert lists(stored, Show.WAITING) == waits
    assert listed(stored, "bob", show=Show.WAITING) == [second]
    assert listed(stored, "ann", show=Show.WAITING) == listed(stored, "ann", show=Show.MINE) == [first]


def test_the_list_is_narrowed_and_begins_with_what_waits_then_with_what_one_asked(stored):
    pay, score = ask(stored), ask_score(stored)
    close(stored, "hr2", pay)
    assert listed(stored, "audit", state=State.CLOSED) == [pay]
    assert listed(stored, "audit", quarter=Q3) == [score, pay]
    assert listed(stored, "audit", quarter=Quarter(2025, 2)) == listed(stored, "audit", late=True) == []
    assert listed(stored, "audit", page=9) == []
    with reading(stored) as session:
        for name, show in (("bob", Show.WAITING), ("ann", Show.MINE), ("audit", Show.ALL), ("admin", Show.ALL)):
            found = queries.list_queries(session, account(stored, name), Filter(), NOW)
            assert found.show is show
        late = queries.list_queries(session, account(stored, "bob"), Filter(late=True), NOW + timedelta(days=9))
        assert [each.id for each in late.queries] == [score]
        assert late.pages == 1


def test_a_thread_goes_to_and_fro_until_it_is_accepted(stored):
    number = ask(stored)
    mails(stored)
    say(stored, "cora", number, Act.ASK_BACK, "Which measure?")
    assert told(stored) == [("ann", "Your query waits for you")]
    do(stored, "ann", number, query_moves.say, Act.REPLY, "The first.", now=NOW + timedelta(days=3))
    assert see(stored, "ann", number).query.due == date(2026, 4, 13)
    assert told(stored) == [("cora", "A query waits for you")]
    say(stored, "cora", number, Act.ANSWER, "It fell.")
    assert told(stored) == [("ann", "Your query is answered")]
    do(stored, "ann", number, query_moves.accept)
    query = see(stored, "ann", number).query
    assert (query.state, query.outcome, query.answered_by) == (State.CLOSED, Outcome.EXPLAINED, "")
    assert [(each.act, each.by, each.words) for each in query.messages] == [
        (Act.RAISE, "Ann", "Why so little?"),
        (Act.ASK_BACK, "Cora", "Which measure?"),
        (Act.REPLY, "Ann", "The first."),
        (Act.ANSWER, "Cora", "It fell."),
        (Act.ACCEPT, "Ann", ""),
    ]
    assert told(stored) == []


def test_more_words_from_whoever_asked_do_not_move_the_due_day(stored):
    number = ask(stored)
    do(stored, "ann", number, query_moves.say, Act.REPLY, "And another thing.", now=NOW + timedelta(days=3))
    assert see(stored, "ann", number).query.due == DUE


def test_a_query_is_handed_on_up_the_tree_or_to_hr_but_not_to_who_asked_or_is_paid(stored):
    number = ask(stored)
    mails(stored)
    view = see(stored, "cora", number)
    assert [each.name for each in view.owners] == ["Dan", "Hr", "Hr2"]
    for nobody in ("999", "", str(account(stored, "ann").id)):
        with pytest.raises(RefusedError, match="Choose who is to answer it"):
            do(stored, "cora", number, query_moves.hand_on, nobody, "")
    assert do(stored, "cora", number, query_moves.hand_on, str(view.owners[0].id), "Yours.") == "Dan"
    assert told(stored) == [("dan", "A query waits for you")]
    assert do(stored, "dan", number, query_moves.hand_on, query_moves.HR, "") == "HR"
    assert see(stored, "hr", number).query.owner_id is None
    with pytest.raises(RefusedError, match="Choose who"):
        do(stored, "hr", number, query_moves.hand_on, query_moves.HR, "")
    of_hr = ask(stored, "dan", "5")
    assert "Hr" not in [each.name for each in see(stored, "hr2", of_hr).owners]


def test_a_query_is_closed_with_what_answered_it_and_the_asker_is_told(stored):
    number = ask(stored)
    mails(stored)
    for outcome, answered_by, why in (
        (Outcome.ADJUSTMENT, " ", "Say which adjustment answered it"),
        (Outcome.REFUSED, "12", "leave the number out"),
        (Outcome.MENDED, "12; drop", "letters, digits"),
    ):
        with pytest.raises(RefusedError, match=why):
            close(stored, "cora", number, outcome, answered_by)
    with pytest.raises(RefusedError, match="Say it in words"):
        close(stored, "cora", number, words=" ")
    close(stored, "cora", number, Outcome.ADJUSTMENT, " 12 ")
    query = see(stored, "ann", number).query
    assert (query.state, query.outcome, query.answered_by) == (State.CLOSED, Outcome.ADJUSTMENT, "adjustment 12")
    assert told(stored) == [("ann", "Your query is closed")]
    for act in (Act.REPLY, Act.ANSWER):
        with pytest.raises(RefusedError, match="This query is closed"):
            say(stored, "ann" if act is Act.REPLY else "cora", number, act)


def test_nobody_answers_themselves_and_nobody_decides_on_their_own_pay(stored):
    own = ask(stored, "hr", "5")
    for act in (Act.ANSWER, Act.ASK_BACK):
        with pytest.raises(RefusedError, match="You raised this query"):
            say(stored, "hr", own, act)
    with pytest.raises(RefusedError, match="You raised this query"):
        close(stored, "hr", own)
    of_hr = ask(stored, "dan", "5")
    with pytest.raises(RefusedError, match="about their own pay"):
        close(stored, "hr", of_hr, Outcome.ADJUSTMENT, "12")
    close(stored, "hr", of_hr, Outcome.EXPLAINED)


def test_auditors_look_and_do_nothing_but_ask_about_their_own_pay(stored):
    number = ask(stored)
    assert see(stored, "audit", number).acts == frozenset()
    with pytest.raises(RefusedError, match="Only its owner, or HR"):
        say(stored, "audit", number, Act.ANSWER)
    with pytest.raises(RefusedError, match="An auditor changes nothing"):
        ask(stored, "audit", "1")
    with pytest.raises(RefusedError, match="An auditor changes nothing"):
        ask_score(stored, "audit")
    with writing(stored) as session:
        session.execute(update(QueryRow).values(owner_id=account(stored, "audit").id))
    with pytest.raises(RefusedError, match="An auditor changes nothing"):
        say(stored, "audit", number, Act.ANSWER)


def test_a_withdrawn_query_is_over_and_the_same_may_be_asked_again(stored):
    number = ask(stored)
    with pytest.raises(RefusedError, match=f"You have asked about this already: query {number} is not over"):
        ask(stored)
    assert ask(stored, "dan") != number
    assert ask(stored, part="piece 0") != number
    do(stored, "ann", number, query_moves.withdraw)
    assert see(stored, "cora", number).query.state is State.WITHDRAWN
    assert ask(stored) > number


def test_one_asks_only_about_what_one_sees_as_one_saw_it(stored):
    with pytest.raises(UnseenError), reading(stored) as session:
        queries.payout_choices(session, account(stored, "bob"), Q3, "1", NOW)
    with pytest.raises(NotFoundError, match="no score of that metric"), reading(stored) as session:
        queries.score_choices(session, Q3, "nps")
    actor = by(stored, "ann")
    with reading(stored) as session:
        seen = query_moves.seen_of(queries.payout_choices(session, actor.actor, Q3, "1", NOW))
    calculated(stored)
    with writing(stored) as session:
        choices = queries.payout_choices(session, actor.actor, Q3, "1", NOW)
        with pytest.raises(ChangedError, match="has changed since you loaded the page"):
            query_moves.raise_query(session, actor, choices, choices[0].key, seen, "Why?")
        with pytest.raises(RefusedError, match="Choose what the query is about"):
            query_moves.raise_query(session, actor, choices, "payout 2025-Q3 2 EUR", seen, "Why?")


@pytest.mark.parametrize("words", ["x" * (LONGEST + 1), "a\0b"])
def test_what_is_written_is_bounded(stored, words):
    with pytest.raises(RefusedError, match="A message is text of at most 4,000 characters"):
        ask(stored, words=words)
    assert see(stored, "ann", ask(stored, words="é\r\n" * (LONGEST // 2))).query.messages[0].words.count("\r") == 0


def test_what_was_done_since_a_page_was_loaded_is_told_without_a_word_of_it(stored):
    number = ask(stored)
    seen = see(stored, "cora", number).query.fingerprint
    say(stored, "hr2", number, Act.ANSWER, "Secret.")
    with pytest.raises(ChangedError) as changed, reading(stored) as session:
        queries.require_unchanged(session, account(stored, "cora"), number, seen, NOW)
    assert [str(each) for each in changed.value.problems] == ["Hr2 answered."]
    with reading(stored) as session:
        latest = see(stored, "cora", number).query.fingerprint
        assert queries.require_unchanged(session, account(stored, "cora"), number, latest, NOW).query.id == number


def test_the_chain_keeps_who_did_what_with_hashes_and_nobodys_words(stored):
    number = ask(stored, words="Ann is angry.")
    close(stored, "cora", number, Outcome.EXCLUSION, "7", "Dan was asked.")
    (raised, asked), (closed, ended) = noted(stored, number)
    assert (raised, closed) == ("raise", "close")
    assert asked["of"] == "payout 2025-Q3 1 EUR"
    assert asked["seen"] == see(stored, "ann", number).query.about.sha256
    assert set(ended) == {"outcome", "answered", "words"}
    assert (ended["outcome"], ended["answered"]) == ("exclusion", "exclusion 7")
    for details in (asked, ended):
        assert len(details["words"]) == 64
        assert "angry" not in str(details)
        assert "Cora" not in str(details)


def test_rows_of_payouts_are_flagged_and_the_board_has_its_counts(stored):
    first = ask(stored)
    ask(stored, "cora", "1", "piece 0")
    say(stored, "cora", first, Act.ASK_BACK)
    close(stored, "hr2", ask(stored, "bob", "2"))
    with reading(stored) as session:
        assert count_living(session, Q3, ["1", "2", "3"]) == {"1": 2}
        assert count_living(session, Quarter(2025, 2), ["1"]) == {}
        counted = queries.counts(session, Q3, NOW + timedelta(days=30))
        assert (counted.living, counted.late) == (2, 1)
        assert counted.states == {State.OPEN: 1, State.WAITING: 1, State.CLOSED: 1}
        run = payouts.list_own(session, account(stored, "ann"))[0].run
        page = payouts.list_payouts(session, account(stored, "cora"), run, "", 1, NOW)
        assert {row.employee: "query" in row.flags for row in page.rows} == {
            "1": True,
            **dict.fromkeys("2356", False),
        }
        found = queries.of_payout(session, account(stored, "cora"), Q3, "1", NOW)
        assert [each.id for each in found.queries] == [first + 1, first]


def test_owners_are_reminded_once_a_day_from_the_due_day_on(stored):
    machine = Settings(address="https://pay.example")
    number, of_hr = ask(stored), ask(stored, "dan", "4")
    answered = ask(stored, "bob", "2")
    say(stored, "cora", answered, Act.ANSWER)
    mails(stored)
    day = NOW.replace(month=4, day=9)
    assert remind(stored, machine, day) == "0 reminders queued."
    day = NOW.replace(month=4, day=10)
    assert remind(stored, machine, day, lambda: False) == "0 reminders queued."
    assert remind(stored, machine, day) == "2 reminders queued."
    assert remind(stored, machine, day + timedelta(hours=3)) == "0 reminders queued."
    sent = mails(stored)
    assert [to.partition("@")[0] for to, *_ in sent] == ["cora", "hr2", "hr"]
    assert "is to be answered today" in sent[0][2]
    assert f"https://pay.example/queries/{number}" in sent[0][2]
    assert f"https://pay.example/queries/{of_hr}" in sent[1][2]
    assert remind(stored, machine, day + timedelta(days=1)) == "0 reminders queued."  # a Saturday
    assert remind(stored, Settings(), day + timedelta(days=3)) == "2 reminders queued."
    late = mails(stored)[0][2]
    assert "was to be answered by 10 April 2026" in late
    assert "It stands on the page Queries." in late


def test_a_reminder_that_another_process_was_faster_with_is_not_sent(stored, monkeypatch):
    ask(stored)
    mails(stored)
    day = NOW.replace(month=4, day=10)
    with reading(stored) as session:
        due = query_mails.list_due(session, day)
    assert remind(stored, Settings(), day) == "1 reminder queued."
    real, first = query_mails.list_due, [due]
    monkeypatch.setattr(query_mails, "list_due", lambda *told: first.pop() if first else real(*told))
    assert remind(stored, Settings(), day) == "0 reminders queued."
    assert len(mails(stored)) == 1


KEPT = {
    "its person": (QueryRow, {"employee": "2"}, "what a query is about never changes"),
    "its figures": (QueryRow, {"figures": "[]"}, "what a query is about never changes"),
    "its metric": (QueryRow, {"metric": "k"}, "what a query is about never changes"),
    "its words": (QueryMessageRow, {"words": "Nothing."}, "what was said of a query never changes"),
    "itself": (QueryRow, None, "a query is never deleted"),
    "its thread": (QueryMessageRow, None, "what was said of a query never changes"),
}


def test_the_database_keeps_what_a_query_is_about_its_thread_and_its_end(stored):
    number = ask(stored)
    for table, values, why in KEPT.values():
        with pytest.raises(IntegrityError, match=why), writing(stored) as session:
            session.execute(update(table).values(**values) if values else delete(table))
    do(stored, "ann", number, query_moves.withdraw)
    with pytest.raises(IntegrityError, match="a query that is over never changes"), writing(stored) as session:
        session.execute(update(QueryRow).values(state="open"))


WRONG = {
    "in no known state": {"state": "lost"},
    "with an outcome and open": {"state": "open"},
    "closed without an outcome": {"outcome": None},
    "with no known outcome": {"outcome": "forgotten"},
    "closed by nobody": {"closed_by": None},
    "closed at no moment": {"closed_at": None},
    "changed by nothing": {"outcome": "adjustment"},
    "answered by what changes nothing": {"answered_by": "adjustment 12"},
    "closed by who asked": {"closed_by": "asker"},
    "changed by who is paid": {"outcome": "exclusion", "answered_by": "exclusion 1", "closer_employee": "1"},
}


def test_the_database_refuses_a_query_that_cannot_be(stored):
    number, asker = ask(stored), account(stored, "ann").id
    sound = {"state": "closed", "outcome": "refused", "closed_by": account(stored, "cora").id, "closed_at": NOW}
    taken_in = []
    for what, wrong in WRONG.items():
        values = {key: asker if value == "asker" else value for key, value in wrong.items()}
        if not is_refused(stored, update(QueryRow).where(col(QueryRow.id) == number).values(**{**sound, **values})):
            taken_in.append(what)
    assert taken_in == []
    for words in ("", "x" * (LONGEST + 1)):
        row = {"query_id": number, "act": "answer", "said_by": 1, "said_at": NOW, "words": words}
        assert is_refused(stored, insert(QueryMessageRow).values(**row))
    assert not is_refused(stored, update(QueryRow).values(**sound))


def test_the_database_refuses_a_query_about_half_a_thing_and_the_same_one_twice(stored):
    number = ask(stored)
    with reading(stored) as session:
        row = session.get_one(QueryRow, number).model_dump(exclude={"id"})
    for wrong in ({}, {"about": "x", "run_id": None}, {"about": "x", "subject": "score"}, {"about": "x", "unit": "9"}):
        assert is_refused(stored, insert(QueryRow).values(**{**row, **wrong}))
    assert not is_refused(stored, insert(QueryRow).values(**{**row, "about": "x"}))


def is_refused(engine, statement):
    try:
        with writing(engine) as session:
            session.execute(statement)
    except IntegrityError:
        return True
    return False
