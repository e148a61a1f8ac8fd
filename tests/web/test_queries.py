"""Queries on pages: raised where the thing is shown, answered, closed; who sees them, and what stays text."""

import pytest

from comp.db import reading
from comp.errors import LoyaltyPayError
from comp.services import access, audit, queries
from comp.services.queries import Filter, Show
from tests.web.company import (
    ADMIN,
    APPROVER,
    AUDITOR,
    DELEGATE,
    DIRECTOR,
    EMPLOYEE,
    HR,
    LEAD,
    MANAGER,
    NOW,
    PAYROLL,
    PEER,
    Q4,
    ROLES,
    SECOND_HR,
)

PAYOUT, SCORE = "/queries/new/payout/2025-Q4/1003", "/queries/new/score/2025-Q4/csat"
WORDS = "I worked <b>all</b> of December.\nWhy so little?"


def ask(visit, who=PEER, address=PAYOUT, about="payout 2025-Q4 1003 hold", words=WORDS):
    return visit(who).get(address).submit("Send", about=about, words=words)


def ask_score(visit, who=PEER, unit="FAR"):
    return ask(visit, who, SCORE, f"score 2025-Q4 {unit} csat")


def mails(database):
    """What waits to be sent."""
    connection = database.raw_connection()
    try:
        return connection.cursor().execute("SELECT recipient, subject, body FROM outbox ORDER BY id").fetchall()
    finally:
        connection.close()


def test_one_thread_from_the_page_of_the_payout_to_the_adjustment_that_answered_it(visit, database):
    employee, manager = visit(PEER), visit(DIRECTOR)
    page = employee.get("/my-pay").follow("2025-Q4").follow("Ask about this")
    assert page.heading == "Ask about the payout of 2025-Q4"
    assert page.submit("Send", 422).errors == ["Your question: Say what you think is wrong, or want to know."]
    page = page.submit("Send", about="payout 2025-Q4 1003 hold", words=WORDS)
    assert page.notes[0].startswith("Query 1 is sent.")
    assert page.heading == "Payout of Cleo Costa, 2025-Q4"
    assert "I worked <b>all</b> of December." in page.text
    assert "Run 2025-Q4/1" in page.text
    assert "Why" in page.text

    assert "A query waits for you" in manager.get("/").text
    page = manager.get("/queries")
    assert [row[0] for row in page.rows("Waiting for me")] == ["1 · Cleo Costa, 2025-Q4 Held"]
    page = page.follow("1 · Cleo Costa, 2025-Q4")
    page = page.submit("Send", act="ask back", words="Which day did you start?")
    assert page.notes == ["Whoever asked is told by mail."]

    page = employee.get("/queries").follow("1 · Cleo Costa, 2025-Q4").submit("Send", words="On the first.")
    assert page.notes == ["Your reply is sent."]
    page = manager.get("/queries/1")
    assert page.submit("Hand on", owner="1", note="Yours to mend.").notes == ["The query is handed on to Hr."]

    page = visit(HR).get("/queries/1")
    assert "replied" in page.text
    page = page.submit("Close the query", 422, outcome="adjustment", reason="We pay it.")
    assert page.errors == ["Say which adjustment answered it, by its number."]
    page = page.submit("Close the query", outcome="adjustment", answered_by="12", reason="We pay it.")
    assert page.notes == ["The query is closed."]
    page = employee.get("/queries?show=mine")
    assert [row[1] for row in page.rows()] == ["closed adjustment"]
    page = page.follow("1 · Cleo Costa, 2025-Q4")
    assert "Outcome: adjustment, by adjustment 12." in page.text
    assert page.buttons() == visit(PEER).get("/help").buttons()
    assert [(to.partition("@")[0], subject) for to, subject, _ in mails(database)] == [
        ("director", "A query waits for you"),
        ("peer", "Your query waits for you"),
        ("director", "A query waits for you"),
        ("hr", "A query waits for you"),
        ("peer", "Your query is closed"),
    ]
    assert all("http://localhost/queries/1" in body for *_, body in mails(database))


def test_an_answer_is_accepted_by_whoever_asked(visit):
    ask_score(visit)
    page = visit(LEAD).get("/queries/1")
    assert page.heading == "Customer satisfaction of Faro, 2025-Q4"
    page.submit("Send", act="answer", words="It was the new survey.")
    page = visit(PEER).get("/queries/1")
    assert "for you" in page.text
    page = page.submit("Accept the answer")
    assert page.notes == ["The query is closed: it is explained."]
    assert "Outcome: explained." in page.text


def test_a_query_is_withdrawn_and_its_page_offers_nothing_more(visit):
    page = ask_score(visit).submit("Withdraw")
    assert page.notes == ["The query is withdrawn."]
    assert page.buttons() == visit(PEER).get("/help").buttons()


@pytest.mark.parametrize(
    ("raise_it", "seen_by"),
    [
        (ask, {PEER, DIRECTOR, HR, SECOND_HR, APPROVER, PAYROLL, AUDITOR}),
        (ask_score, {PEER, LEAD, HR, SECOND_HR, AUDITOR}),
    ],
    ids=["payout", "score"],
)
def test_who_may_not_see_a_query_finds_what_there_is_not(visit, raise_it, seen_by):
    raise_it(visit)
    for who in ROLES:
        visitor = visit(who)
        page = visitor.get("/queries/1", 200 if who in seen_by else 404)
        rows = visitor.get("/queries?show=all").rows()
        assert len(rows) == (who in seen_by)
        if who not in seen_by:
            assert page.text == visitor.get("/queries/99", 404).text
    admin = visit(ADMIN)
    for act in ("say", "hand-on", "close", "accept", "withdraw"):
        admin.post(f"/queries/1/{act}", 404)


def test_those_who_only_look_are_offered_nothing_and_refused(visit):
    ask(visit)
    seen = visit(HR).get("/queries/1").value("seen")
    for who in (AUDITOR, APPROVER):
        visitor = visit(who)
        assert visitor.get("/queries/1").buttons() == visitor.get("/help").buttons()
        page = visitor.post("/queries/1/close", 422, seen=seen, outcome="explained", reason="Done.")
        assert page.errors == ["Only its owner, or HR can do that with this query."]
    assert "Ask about this" not in visit(AUDITOR).get("/payouts/2025-Q4/1003").text
    assert "Ask about a score" not in visit(AUDITOR).get("/scores").text
    assert "An auditor changes nothing" in visit(AUDITOR).get(SCORE).text


def test_what_words_are_is_one_of_what_they_can_be(visit):
    page = ask(visit)
    for act in ("raise", "close", "nonsense", ""):
        page = page.submit("Send", 422, act=act, words="And?")
        assert page.errors == ["Choose what this is: an answer, a question back or a reply."]
    page = page.submit("Send", 422, act="answer", words="And?")
    assert page.errors == ["You raised this query: somebody else answers it. You can reply to it or withdraw it."]


def test_what_was_done_meanwhile_is_told_and_what_was_typed_is_kept(visit):
    ask(visit)
    late = visit(SECOND_HR).get("/queries/1")
    visit(HR).get("/queries/1").submit("Send", act="answer", words="It fell.")
    page = late.submit("Send", 409, act="answer", words="It rose.")
    assert page.errors[0].startswith("Something was done with this query since you loaded it.")
    assert page.errors[1] == "Hr answered."
    assert "It fell." in page.text
    page = visit(SECOND_HR).get("/queries/1")
    assert "It rose." not in page.text


def test_figures_that_changed_while_one_wrote_are_shown_before_anything_is_sent(visit):
    page = visit(PEER).get(PAYOUT)
    visit(HR).post("/quarters/2025-Q4/calculate")
    page = page.submit("Send", 409, about="payout 2025-Q4 1003 hold", words=WORDS)
    assert "has changed since you loaded the page" in page.errors[0]
    assert WORDS.partition("\n")[0] in page.text
    page = page.submit("Send", about="payout 2025-Q4 1003 hold")
    assert "Run 2025-Q4/2" in page.text


def test_the_same_thing_is_not_asked_twice_at_a_time(visit):
    ask(visit)
    page = visit(PEER).get(PAYOUT).submit("Send", 422, about="payout 2025-Q4 1003 hold", words="Again.")
    assert page.errors == ["You have asked about this already: query 1 is not over. Write to that one."]


def test_queries_stand_on_the_page_of_the_payout_and_flag_its_row(visit):
    ask(visit, MANAGER, "/queries/new/payout/2025-Q4/1001", "payout 2025-Q4 1001 EUR")
    page = visit(MANAGER).get("/payouts/2025-Q4/1001")
    assert [row[0] for row in page.rows("Queries")] == ["1 · Ada Alves, 2025-Q4 The whole payout in EUR"]
    flags = {row["Name"].split(" 100")[0]: row["Notes"] for row in visit(DIRECTOR).get("/payouts").table()}
    assert "query" in flags["Ada Alves"]
    assert "query" not in flags["Ben Brito"]


def test_a_line_named_in_the_address_is_chosen_from_the_start(visit):
    page = visit(MANAGER).get("/queries/new/payout/2025-Q4/1001?about=payout+2025-Q4+1001+EUR+piece+0")
    assert page.root.xpath("//input[@name='about'][@checked]/@value") == ["payout 2025-Q4 1001 EUR piece 0"]
    page = visit(MANAGER).get("/queries/new/payout/2025-Q4/1001?about=nothing")
    assert page.root.xpath("//input[@name='about'][@checked]/@value") == ["payout 2025-Q4 1001 EUR"]


def test_a_score_that_is_not_shown_is_asked_about_without_its_value(visit):
    page = visit(LEAD).get("/scores").follow("Ask about a score of Net Promoter Score")
    assert page.heading == "Ask about a score of 2025-Q4"
    page = page.submit("Send", about="score 2025-Q4 FAR nps", words="Too few?")
    assert "not shown below 5 answers" in page.text


def test_the_list_is_narrowed_by_its_address(visit):
    ask(visit)
    ask_score(visit)
    visitor = visit(HR)
    assert len(visitor.get("/queries?show=all").rows()) == 2
    assert len(visitor.get("/queries?show=all&state=open&quarter=2025-Q4").rows()) == 2
    assert "No query is like that" in visitor.get("/queries?show=all&state=closed").text
    assert "No query is like that" in visitor.get("/queries?show=all&late=yes").text
    for wrong in ("show=some", "state=lost", "quarter=soon"):
        visitor.get(f"/queries?{wrong}", 404)
    assert visitor.get("/queries?page=-3&show=all").rows()
    assert "No query waits for you" in visit(ADMIN).get("/queries?show=waiting").text
    assert "You have asked nothing yet" in visit(ADMIN).get("/queries?show=mine").text
    assert "There is no query yet" in visit(ADMIN).get("/queries").text


def test_a_list_of_more_than_a_page_has_pages(visit, monkeypatch):
    ask(visit)
    ask_score(visit)
    monkeypatch.setattr("comp.store.queries.PAGE", 1)
    monkeypatch.setattr(queries, "PAGE", 1)
    page = visit(HR).get("/queries?show=all")
    assert len(page.rows()) == 1
    page = page.follow("Later")
    assert len(page.rows()) == 1
    assert "page 2 of 2" in page.text
    assert page.follow("Earlier").rows()


def test_a_late_query_says_so_in_words(visit, database):
    ask(visit)
    _age(database)
    for page in (visit(HR).get("/queries?late=yes"), visit(PEER).get("/queries/1")):
        assert "days late" in page.text


def _age(database):
    """Let every query be due on the day of the company's last import."""
    connection = database.raw_connection()
    try:
        connection.cursor().execute("UPDATE query SET due_on = '2026-01-05'")
        connection.commit()
    finally:
        connection.close()


def test_looking_at_anothers_query_is_noted_and_nobodys_words_are(visit, database):
    ask(visit, words="Cleo is angry.")
    visit(DIRECTOR).get("/queries/1")
    with reading(database) as session:
        noted = [each.entry for each in audit.search(session, "", 1)]
    reads = [each for each in noted if each.action == "read"]
    assert reads[0].about == "payout 2025-Q4 1003"
    assert not any("angry" in each.details for each in noted)


def test_a_message_of_more_than_four_thousand_characters_is_refused_at_its_field(visit):
    page = visit(PEER).get(PAYOUT).submit("Send", 422, about="payout 2025-Q4 1003 hold", words="x" * 4001)
    assert page.errors == ["Your question: At most 4,000 characters."]
    page = visit(PEER).get(PAYOUT).submit("Send", about="payout 2025-Q4 1003 hold", words="\r\n".join("x" * 2000))
    assert page.notes


def test_a_mail_has_no_link_where_nobody_said_where_the_application_is(visit, database, monkeypatch):
    def nowhere():
        raise LoyaltyPayError("Loyalty Pay was not told its own address.")

    monkeypatch.setattr("web.views.queries.own_address", nowhere)
    ask(visit)
    ((_, _, body),) = mails(database)
    assert "It stands on the page Queries." in body


def test_a_delegate_reads_a_teams_queries_and_answers_none(visit):
    ask(visit, MANAGER, "/queries/new/payout/2025-Q4/1002", None)
    page = visit(DELEGATE).get("/queries/1")
    assert "Send" not in page.buttons()


def test_what_waits_is_counted_on_the_home_page_of_all(visit, database):
    ask(visit)
    assert "A query waits for you" in visit(DIRECTOR).get("/").text
    assert "waits for you" not in visit(EMPLOYEE).get("/").text
    with reading(database) as session:
        account = access.find_account_by_email(session, HR)
        found = queries.list_queries(session, account, Filter(Show.ALL), NOW)
        assert [each.about.quarter for each in found.queries] == [Q4]
