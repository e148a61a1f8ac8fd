"""Answers as people judge them, proposals to leave some out, and the decision by somebody whose pay they spare."""

import shutil
from datetime import date, timedelta

import pytest

from comp.db import connect, reading, writing
from comp.intake import Kind
from comp.roles import Role
from comp.services import accounts, audit
from tests.web.company import APPROVER, AUDITOR, EMPLOYEE, HR, LEAD, MANAGER, PASSWORD, PAYROLL, SECOND_HR, take_in
from tests.web.visitor import Visitor, form_values
from web.database import disposed

FARO = "/answers?quarter=2026-Q1&unit=FAR"
COMMENTS = {
    3: "The man begged me for a ten, call me on +351 912 345 678",
    4: "Cleo Costa was kind; write to me at jo@mail.example",
    5: "Repaired in one visit, with a call before.",
    6: "repaired in one visit - with a call before",
}


def answers(*, rows=40):
    lines = ["response,unit,answered_on,touchpoint,customer,recommend,satisfaction,comment"]
    for number in range(rows):
        day = date(2026, 1, 1) + timedelta(days=number)
        customer = "same@mail.example" if number in {1, 2} else f"c{number}@mail.example"
        comment = COMMENTS.get(number, f"This is what customer {number} wrote")
        score = 10 if number < rows - 8 else 2
        lines.append(f'f{number},FAR,{day},store,{customer},{score},5,"{comment}"')
    lines += [f"l{number},LIS,2026-01-0{number + 1},store,x{number}@mail.example,9,4," for number in range(4)]
    return "\n".join(lines)


PLAN_RESULTS = """\
unit,quarter,metric,value,answers,promoters,passives,detractors
FAR,2026-Q1,income,100,,,,
LIS,2026-Q1,income,100,,,,
"""


@pytest.fixture(scope="module")
def answered_template(company_template, tmp_path_factory):
    """The small company with answers of a quarter in Faro and Lisbon."""
    path = tmp_path_factory.mktemp("answered") / "company.db"
    shutil.copy(company_template, path)
    with disposed(connect(f"sqlite:///{path}")) as made:
        take_in(made, Kind.ANSWERS, answers())
        take_in(made, Kind.RESULTS, PLAN_RESULTS)
    return path


@pytest.fixture
def database(answered_template, tmp_path):
    path = tmp_path / "company.db"
    shutil.copy(answered_template, path)
    with disposed(connect(f"sqlite:///{path}")) as made:
        yield made


def ticked(page, *places):
    """The values of the first, second, … box of the list."""
    boxes = page.root.xpath("//input[@name='answer']/@value")
    return [boxes[place] for place in places]


def press(page, button, status=200, **fields):
    """Press a button as browsers do: boxes that are not ticked send nothing, and the button sends its own value."""
    form, pressed = page._form(button), page.root.xpath("//button[normalize-space()=$words]", words=button)[0]
    known = form_values(form)
    for box in form.xpath(".//input[@type='checkbox'][not(@checked)]"):
        known.pop(box.get("name"), None)
    known |= {pressed.get("name"): pressed.get("value")} if pressed.get("name") else {}
    answer = page.visitor.send(form.get("action"), {**known, **fields}, follow_redirects=True)
    return page.visitor._page(answer, status)


def proposed(visit, *places, by=HR, **fields):
    page = visit(by).get(FARO)
    words = {"words": "Entered from the shop's own terminal."}
    return press(page, "Propose", answer=ticked(page, *places), **words, **fields)


def decided(visit, number=1, by=APPROVER, status=200, words="Seen and agreed.", button="Grant"):
    return press(visit(by).get(f"/exclusions/{number}"), button, status, words=words)


def test_answers_are_shown_masked_and_without_whoever_gave_them(visit):
    page = visit(HR).get(FARO)
    assert page.heading == "Answers of Faro, 2026-Q1"
    assert "The man begged me for a ten, call me on [number]" in page.text
    assert "[name] was kind; write to me at [e-mail]" in page.text
    assert not any(told in page.answer.text for told in ("same@mail", "912 345", "jo@mail", ">f1<", "Cleo Costa was"))


def test_flags_stand_beside_the_answers_and_filter_them(visit):
    page = visit(HR).get(f"{FARO}&sign=asked+for+a+score")
    assert len(page.rows()) == 1
    assert "asked for a score The comment tells that somebody asked for a high score (English)." in page.rows()[0][-1]
    assert len(visit(HR).get(f"{FARO}&sign=repeated+respondent").rows()) == 2
    assert len(visit(HR).get(f"{FARO}&sign=identical+comments").rows()) == 2
    assert "None has this flag" in visit(HR).get(f"{FARO}&sign=burst").text
    visit(HR).get(f"{FARO}&sign=made+up", 404)


def test_few_answers_are_for_hr_and_the_units_lead_alone(visit):
    assert len(visit(HR).get("/answers?quarter=2026-Q1&unit=LIS").rows()) == 4
    assert "Too few to be shown" in visit(APPROVER).get("/answers?quarter=2026-Q1&unit=LIS").text
    lead = visit(LEAD)
    assert len(lead.get(FARO).rows()) == 40
    assert lead.get("/answers?quarter=2026-Q1&unit=LIS", 404).heading == "There is nothing here"
    assert lead.get("/answers?quarter=2026-Q1&unit=NOWHERE", 404).heading == "There is nothing here"
    for stranger in (EMPLOYEE, MANAGER, PAYROLL):
        visit(stranger).get(FARO, 404)


def test_few_comments_are_for_hr_and_the_units_lead_alone(visit, database):
    lines = ["response,unit,answered_on,recommend,comment"]
    lines += [f"o{n},OPO,2026-01-0{n + 1},9,{'They begged me for a ten' if n < 3 else ''}" for n in range(6)]
    take_in(database, Kind.ANSWERS, "\n".join(lines))
    porto = "/answers?quarter=2026-Q1&unit=OPO"
    seen = visit(APPROVER).get(porto)
    assert len(seen.rows()) == 6
    assert "Comments are shown from ten on" in seen.text
    assert "begged" not in seen.text
    assert "asked for a score The" not in seen.text
    assert "begged" in visit(HR).get(porto).text


def test_approvers_and_auditors_look_and_propose_nothing(visit):
    for looker in (APPROVER, AUDITOR):
        page = visit(looker).get(FARO)
        assert "Propose" not in page.buttons()
        visit(looker).post("/answers", 404, quarter="2026-Q1", unit="FAR", words="w")


def test_a_proposal_tells_what_it_would_do_and_changes_nothing(visit):
    page = proposed(visit, 30, 31, 32)
    assert page.notes == ["Proposal 1 is stored. Everything counts until somebody else grants it."]
    assert page.heading == "Leave out: 3 responses of Faro, 2026-Q1"
    scores = page.rows("What it does to scores")
    assert scores[0][0] == "Faro FAR"
    assert (scores[0][1][:4], scores[0][2][:4]) == ("60.0", "56.8")
    assert scores[1][0] == "Aurelia AUR"
    assert page.rows("What it does to pay")[0][1] == "0"
    assert "Grant" not in page.buttons()
    assert page.buttons()[0] == "Withdraw" or "Withdraw" in page.buttons()
    assert visit(HR).get("/scores?quarter=2026-Q1").text.count("left out") == 0


def test_what_waits_stands_on_the_home_page_of_whoever_may_look(visit):
    proposed(visit, 3)
    home = visit(APPROVER).get("/?quarter=2026-Q1")
    assert "Leave answers out: FAR, 2026-Q1 proposed by hr@aurelia.example" in home.text
    assert home.follow("Leave answers out: FAR, 2026-Q1").heading.startswith("Leave out: 1 response of Faro")
    decided(visit)
    assert "Leave answers out" not in visit(APPROVER).get("/?quarter=2026-Q1").text


def test_scores_lead_to_the_answers_that_one_may_see(visit):
    address = "/answers?quarter=2026-Q1&unit=FAR"
    assert address in visit(HR).get("/scores?quarter=2026-Q1").links()
    led = [link for link in visit(LEAD).get("/scores?quarter=2026-Q1").links() if link.startswith("/answers?")]
    assert set(led) == {address}
    assert not any(link.startswith("/answers") for link in visit(EMPLOYEE).get("/scores?quarter=2026-Q1").links())


def test_somebody_else_grants_it_and_the_scores_say_so(visit, database):
    proposed(visit, 30, 31, 32)
    done = decided(visit)
    assert done.notes == ["Proposal 1 is granted. Scores read the answers as decided from now on."]
    assert "Net Promoter Score of Faro (FAR)" in done.text
    assert "Seen and agreed." in done.text
    assert "3 left out" in visit(EMPLOYEE).get("/scores?quarter=2026-Q1").text
    listed = visit(HR).get(FARO)
    assert sum("left out" in row[2] for row in listed.rows()) == 3
    assert len(listed.root.xpath("//input[@name='answer'][@disabled]")) == 3
    with reading(database) as session:
        assert audit.verify(session).broken is None


def test_whoever_proposed_it_finds_no_button_to_decide_it(visit, database):
    with writing(database) as session:
        accounts.add_account(session, "both@aurelia.example", "Both", PASSWORD, (Role.HR, Role.APPROVER))
    page = proposed(visit, 1, by="both@aurelia.example")
    assert "You proposed this, so somebody else decides it. These may: Approver." in page.text
    both = visit("both@aurelia.example")
    fields = {"act": "grant", "words": "mine", "seen": fingerprint(page, visit), "figures": "[]"}
    answer = both.post("/exclusions/1/decide", 422, **fields)
    assert answer.errors == ["You made proposal 1 yourself. Somebody else decides it."]


def fingerprint(page, visit):
    return visit(APPROVER).get(page.address).root.xpath("//input[@name='seen']/@value")[0]


def test_what_changes_in_between_is_told_and_not_decided(visit, database):
    proposed(visit, 30, 31)
    page = visit(APPROVER).get("/exclusions/1")
    take_in(database, Kind.ANSWERS, "response,unit,answered_on,recommend\nz1,FAR,2026-02-01,0")
    again = press(page, "Grant", 409, words="Seen and agreed.")
    assert "It is no longer what you looked at. Nothing was stored." in again.text
    assert any(error.startswith("Net Promoter Score of Faro (FAR): 60.0 (40 answers") for error in again.errors)
    assert "Seen and agreed." in again.answer.text
    assert press(again, "Grant").notes[0].startswith("Proposal 1 is granted")
    assert press(page, "Grant", 409, words="Seen and agreed.").heading == "Somebody was faster"


def test_a_form_with_made_up_figures_is_answered_all_the_same(visit):
    page = proposed(visit, 3)
    for figures in ("{", "[1]", '[["a"]]', "null"):
        told = visit(APPROVER).post("/exclusions/1/decide", 409, act="grant", words="w", seen="x", figures=figures)
        assert "It is no longer what you looked at" in told.text
    assert page.address == "/exclusions/1"


def test_a_decision_and_a_proposal_need_words(visit):
    page = visit(HR).get(FARO)
    told = press(page, "Propose", 422, answer=ticked(page, 0), words="")
    assert told.errors == ["In your words: Say why: whoever decides reads it."]
    assert len(told.root.xpath("//input[@name='answer'][@checked]")) == 1
    assert press(page, "Propose", 422, words="nothing ticked").errors == [
        "Tick at least one answer, and at most 500: 0 are ticked."
    ]
    proposed(visit, 3)
    assert decided(visit, words="", status=422).errors == ["In your words: Say why: who proposed it reads it."]


def test_all_that_a_filter_finds_is_proposed_at_once(visit):
    page = visit(HR).get(f"{FARO}&sign=repeated+respondent")
    done = press(page, "Propose", everything="y", reason="answered twice", words="One customer, asked once too often.")
    assert done.heading == "Leave out: 2 responses of Faro, 2026-Q1"


def test_one_questions_answers_are_left_out(visit):
    page = proposed(visit, 0, 1, question="recommend")
    assert "Only the answer to recommend." in page.text
    assert {row[0] for row in page.rows("What it does to scores")} == {"Faro FAR", "Aurelia AUR"}
    decided(visit)
    assert sum("partly left out" in row[2] for row in visit(HR).get(FARO).rows()) == 2


def test_it_is_refused_with_words_or_withdrawn(visit):
    proposed(visit, 3)
    proposed(visit, 4)
    assert decided(visit, button="Refuse").notes == ["Proposal 1 is refused. Nothing was changed."]
    assert "Refused" in visit(HR).get("/exclusions/1").text
    assert press(visit(HR).get("/exclusions/2"), "Withdraw").notes == ["Proposal 2 is withdrawn."]
    assert visit(SECOND_HR).post("/exclusions/2/withdraw", 422).heading == "That cannot be done"


def test_what_was_granted_is_taken_back_by_another_proposal(visit):
    proposed(visit, 3)
    decided(visit)
    page = visit(HR).get("/exclusions/1")
    assert press(page, "Propose to take it back", 422, words="").errors == [
        "Why they shall count again: Say why: whoever decides reads it."
    ]
    again = press(page, "Propose to take it back", words="The customer wrote to us.")
    assert again.heading == "Let count again: 1 response of Faro, 2026-Q1"
    assert "Proposal 2 waits to let these answers count again." in visit(HR).get("/exclusions/1").text
    decided(visit, 2)
    assert "Taken back by proposal 2" in visit(HR).get("/exclusions/1").text
    assert [row[1] for row in visit(AUDITOR).get("/exclusions").rows()] == ["granted", "taken back"]
    assert visit(HR).get("/scores?quarter=2026-Q1").text.count("left out") == 0


def test_a_lead_proposes_for_the_own_unit_and_sees_nothing_of_pay(visit):
    page = proposed(visit, 30, by=LEAD)
    assert "What it does to scores" in page.text
    assert "What it does to pay" not in page.text
    decided(visit)
    assert "whose pay" not in visit(LEAD).get("/exclusions/1").text
    assert "People whose pay of 2026-Q1 changes" in visit(APPROVER).get("/exclusions/1").text
    other = visit(HR).get("/answers?quarter=2026-Q1&unit=LIS")
    press(other, "Propose", answer=ticked(other, 0), words="Not a customer.")
    assert [row[0].split(" FAR")[0] for row in visit(LEAD).get("/exclusions").rows()] == ["Proposal 1"]
    missing = visit(LEAD).get("/exclusions/99", 404)
    assert visit(LEAD).get("/exclusions/2", 404).text == missing.text


def test_whose_pay_it_touches_is_noted_and_does_not_decide(visit, database, app):
    with writing(database) as session:
        session.connection().exec_driver_sql("UPDATE account SET employee = NULL WHERE employee = '1003'")
        session.connection().exec_driver_sql("UPDATE account SET employee = '1003' WHERE email = ?", (APPROVER,))
    publish_rest(database)
    page = proposed(visit, *range(32, 40))
    assert page.rows("What it does to pay")[0][1] != "0"
    told = visit(APPROVER).get("/exclusions/1")
    assert "This changes your own pay, so somebody else decides it." in told.text
    assert "Nobody else is an approver whose pay it does not touch." in told.text
    assert "Grant" not in told.buttons()
    with reading(database) as session:
        assert any(each.entry.action == "read" for each in audit.search(session, "2026-Q1", 1))


def publish_rest(database):
    """Faro states a satisfaction nowhere in the quarter: answers give it, so that its people are paid."""
    take_in(database, Kind.ANSWERS, "response,unit,answered_on,recommend,satisfaction\nz9,FAR,2026-03-01,0,5")


def test_nothing_imported_is_told_of_honestly(empty_app):
    visitor = Visitor(empty_app, HR)
    assert "No answers here" in visitor.get("/answers").text
    assert "Nothing is proposed" in visitor.get("/exclusions").text
    visitor.post("/answers", 404, quarter="soon", unit="FAR", words="w")
