"""A manager's team page in a browser: looked at, adjusted, confirmed one by one and together, and sent back."""

import json

import pytest

from comp.adjustments import Limits, PersonLimit, Team
from comp.db import reading, writing
from comp.money import Money
from comp.services import access, adjusting, review_progress, workflow
from tests.web.company import APPROVER, DELEGATE, DIRECTOR, HR, MANAGER, NOW, Q4
from tests.web.page_rules import check_fragment
from tests.web.visitor import Visitor, words

TEAM = "/team/2025-Q4?show=all"


@pytest.fixture
def in_review(app, database):
    """The company's last quarter in review, with limits of 10 %, 50.00 EUR a person and 80.00 EUR a team."""
    with writing(database) as session:
        hr = access.find_account_by_email(session, HR)
        workflow.begin_review(session, hr, Q4, NOW)
        limits = Limits(
            None,
            {"EUR": PersonLimit(None, Money(5_000, "EUR"))},
            {Team("", "EUR"): Money(8_000, "EUR")},
        )
        adjusting.set_limits(session, hr, Q4, limits, NOW)
    return app


def states(page):
    found = page.root.xpath("//tr[@data-row]")
    return {row.get("data-row"): words(row.xpath("td")[-1]) for row in found}


def press_row(visitor, page, employee):
    value = page.root.xpath(f"//tr[@id='row-{employee}']//button[@name='row']/@value")[0]
    return visitor.post("/team/2025-Q4/confirm", row=value, of="", show="all")


def proposed(visitor, employee="1002", status=200, **fields):
    page = visitor.get(f"{TEAM}&row={employee}")
    told = {"amount": "40.00", "words": "She led the Lisbon team for a month.", **fields}
    return page.submit("Propose", status, reason="Extra role", **told)


def test_a_manager_sees_the_team_below_and_nobody_else(in_review):
    page = Visitor(in_review, MANAGER).get("/team")
    assert page.heading == "My team · 2025-Q4"
    assert set(states(Visitor(in_review, MANAGER).get(TEAM))) == {"1002", "1004", "1007"}


def test_a_team_is_opened_from_the_one_above_and_one_goes_back(in_review):
    visitor = Visitor(in_review, DIRECTOR)
    top = visitor.get("/team/2025-Q4")
    below = top.follow("Ada Alves")
    assert below.heading == "Team of Ada Alves · 2025-Q4"
    assert below.follow("Eva Esteves").heading == "My team · 2025-Q4"


def test_a_peers_team_and_a_peers_people_look_like_what_there_is_not(in_review):
    manager = Visitor(in_review, MANAGER)
    missing = manager.get("/team/2025-Q4?of=9999", 404)
    assert manager.get("/team/2025-Q4?of=1003", 404).text.replace("1003", "9999") == missing.text
    assert (
        manager.get("/team/2025-Q4?row=1003", 404).text.replace("1003", "9999")
        == manager.get("/team/2025-Q4?row=9999", 404).text
    )
    for address in ("confirm", "send-back", "adjust"):
        manager.post(f"/team/2025-Q4/{address}", 404, employee="1003", seen="x", words="x")


def test_a_row_opens_into_its_explanation_with_and_without_scripts(in_review):
    visitor = Visitor(in_review, MANAGER)
    page = visitor.get(f"{TEAM}&row=1002")
    assert "How it was calculated" in page.text
    answer = visitor.fetch(f"{TEAM}&row=1002", headers={"HX-Request": "true"})
    assert "How it was calculated" in check_fragment(answer).text_content()


def test_a_manager_confirms_what_they_saw_and_a_second_time_is_told(in_review):
    visitor = Visitor(in_review, MANAGER)
    page = visitor.get(TEAM)
    after = press_row(visitor, page, "1002")
    assert after.notes == ["The pay of Ben Brito is confirmed."]
    assert states(after)["1002"].startswith("confirmed")
    value = page.root.xpath("//tr[@id='row-1002']//button[@name='row']/@value")[0]
    assert "confirmed the pay of Ben Brito already" in visitor.post("/team/2025-Q4/confirm", 409, row=value).text


def test_what_changed_since_it_was_confirmed_is_to_be_confirmed_again(in_review, database):
    visitor = Visitor(in_review, MANAGER)
    press_row(visitor, visitor.get(TEAM), "1002")
    hr = Visitor(in_review, HR)
    hr.post("/quarters/2025-Q4/calculate")
    hr.get("/quarters?quarter=2025-Q4").submit("Begin the review")
    assert states(visitor.get(TEAM))["1002"].startswith("changed since")


def test_pay_is_confirmed_in_review_only(app):
    page = Visitor(app, MANAGER).post("/team/2025-Q4/confirm", 422, employee="1002", seen="x")
    assert "2025-Q4 is calculated: pay is adjusted and confirmed while a quarter is in review" in page.text


def test_rows_without_flags_are_confirmed_together_as_they_were_seen(in_review):
    visitor = Visitor(in_review, DIRECTOR)
    look = visitor.get("/team/2025-Q4/confirm-many")
    count = look.value("count")
    done = look.submit(f"Confirm {count} people" if count != "1" else "Confirm 1 person")
    assert done.notes[0].startswith(f"Confirmed: {count} p")
    assert visitor.get("/team/2025-Q4/confirm-many").heading == "Nobody to confirm together"


def test_a_change_between_looking_and_confirming_together_is_a_409_with_the_difference(in_review):
    director, manager = Visitor(in_review, DIRECTOR), Visitor(in_review, MANAGER)
    look = director.get("/team/2025-Q4/confirm-many")
    told, row = look.value("told"), look.rows()[0][0].split()[-1]
    seen = director.get(TEAM).root.xpath(f"//tr[@id='row-{row}']//button[@name='row']/@value")[0]
    by = director if row not in {"1002", "1004", "1007"} else manager
    by.post("/team/2025-Q4/confirm", row=seen)
    people = look.value("count")
    button = f"Confirm {people} people" if people != "1" else "Confirm 1 person"
    page = look.submit(button, 409)
    assert f"It is not what you saw: {told} then" in page.text


def test_only_the_selected_are_confirmed_and_other_text_is_refused(in_review):
    visitor = Visitor(in_review, DIRECTOR)
    one = visitor.get("/team/2025-Q4/confirm-many").rows()[0][0].split()[-1]
    look = visitor.get(f"/team/2025-Q4/confirm-many?e={one}")
    assert (look.heading, json.loads(look.value("ids"))) == ("Confirm 1 person · 2025-Q4", [one])
    visitor.post("/team/2025-Q4/confirm-many", 422, ids="{", count="1", sha256="x")
    visitor.post("/team/2025-Q4/confirm", 422, row='["1002"]')
    assert look.submit("Confirm 1 person").notes[0].startswith("Confirmed: 1 person, ")


def test_an_adjustment_is_proposed_by_the_manager_and_approved_by_the_next_one_up(in_review):
    page = proposed(Visitor(in_review, MANAGER))
    assert "+40.00 EUR proposed" in page.text
    assert "Approve +40.00 EUR" not in page.buttons()
    director = Visitor(in_review, DIRECTOR)
    assert states(director.get("/team/2025-Q4"))["1002"].startswith("to confirm")
    done = director.get(f"{TEAM}&row=1002").submit("Approve +40.00 EUR")
    assert done.notes == ["The adjustment is approved, and is paid with the quarter."]
    ben = Visitor(in_review, HR).get("/payouts/2025-Q4/1002")
    assert "Adjustment" in ben.text
    assert "Extra role" in ben.text


def test_whoever_proposed_takes_back_and_a_refusal_needs_words(in_review):
    manager, director = Visitor(in_review, MANAGER), Visitor(in_review, DIRECTOR)
    proposed(manager)
    assert "Say why it is refused" in director.get(f"{TEAM}&row=1002").submit("Refuse", 422, words="").text
    assert manager.get(f"{TEAM}&row=1002").submit("Take back").notes == ["The adjustment is taken back."]
    proposed(manager)
    after = director.get(f"{TEAM}&row=1002").submit("Refuse", words="It was his own job.")
    assert "It was his own job." in after.text


def test_what_is_beyond_the_limits_is_refused_to_managers_and_decided_by_an_approver(in_review):
    page = proposed(Visitor(in_review, MANAGER), status=422, amount="50.01")
    assert "A person's adjustments may come to 50.00 EUR; these come to 50.01." in page.text
    hr = Visitor(in_review, HR)
    proposed_by_hr = hr.get("/team/2025-Q4?of=1001&row=1002&show=all").submit(
        "Propose", amount="60.00", reason="Other", words="Agreed with the board."
    )
    assert "beyond the limits" in proposed_by_hr.text
    blocked = Visitor(in_review, APPROVER)
    assert (
        "1 adjustment is proposed and not decided, 1 of them by an approver"
        in blocked.get("/quarters?quarter=2025-Q4").text
    )
    decided = blocked.get("/reviews?quarter=2025-Q4").submit("Approve +60.00 EUR")
    assert decided.notes == ["The adjustment is approved, and is paid with the quarter."]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "x"}, "Type a number"),
        ({"amount": "1", "percent": "2"}, "Type an amount or a percentage, and not both."),
        ({"amount": ""}, "Type an amount or a percentage, and not both."),
        ({"amount": "0"}, "That comes to nothing."),
        ({"amount": "0.001"}, "EUR is paid in 2 decimals"),
        ({"amount": "-99999"}, "That takes off more than the"),
        ({"words": " "}, "Say why"),
    ],
)
def test_what_cannot_be_proposed_is_told_at_the_form(in_review, fields, said):
    page = Visitor(in_review, HR).get("/team/2025-Q4?of=1001&row=1002&show=all")
    told = {"amount": "1.00", "words": "So.", **fields}
    assert said in page.submit("Propose", 422, reason="Other", **told).text


def test_what_a_manager_sends_back_is_answered_by_hr_and_stands_against_approval(in_review):
    manager, hr = Visitor(in_review, MANAGER), Visitor(in_review, HR)
    manager.get(f"{TEAM}&row=1002").submit("Send back to HR", words="He was ill in May, not absent.")
    approver = Visitor(in_review, APPROVER)
    page = approver.get("/quarters/2025-Q4/approve").submit("Approve 2025-Q4", 422)
    assert "The pay of 1 person was sent back by managers and not answered." in page.text
    after = hr.get("/reviews?quarter=2025-Q4").submit("Answer", words="It counts in full.")
    assert after.notes == ["The manager reads your answer, and confirms."]
    assert "It counts in full." in manager.get(f"{TEAM}&row=1002").text


def test_who_stands_in_looks_and_confirms_only_where_the_manager_said_so(in_review):
    delegate = Visitor(in_review, DELEGATE)
    page = delegate.get("/team/2025-Q4?of=1001&show=all")
    assert "you look, and confirm nothing" in page.text
    seen = Visitor(in_review, MANAGER).get(TEAM).root.xpath("//tr[@id='row-1002']//button[@name='row']/@value")[0]
    assert "may confirm" in delegate.post("/team/2025-Q4/confirm", 422, row=seen).text
    manager = Visitor(in_review, MANAGER).get("/standing-in")
    handed = manager.submit(
        "Hand over", email=DELEGATE, first=_today(in_review), last=_today(in_review), may_confirm="y"
    )
    assert "confirms, too" in handed.text
    assert delegate.post("/team/2025-Q4/confirm", row=seen).notes == ["The pay of Ben Brito is confirmed."]


def _today(app):
    from datetime import UTC, datetime

    return str(datetime.now(UTC).date())


def test_the_view_can_be_taken_away_as_a_file_and_that_is_noted(in_review):
    answer = Visitor(in_review, MANAGER).fetch("/team/2025-Q4/file?show=all")
    lines = answer.text.splitlines()
    assert lines[0].startswith('\ufeff"employee","name"')
    assert len(lines) == 1 + len(Visitor(in_review, MANAGER).get(TEAM).table())


def test_hr_sets_limits_which_later_quarters_start_with(in_review):
    visitor = Visitor(in_review, HR)
    page = visitor.get("/reviews/2025-Q4/limits")
    assert page.value("amount-EUR") == "50.00"
    told = {"percent-EUR": "5", "manager-0": "1001", "currency-0": "EUR", "own-0": "20"}
    done = page.submit("Set the limits", **told)
    assert done.notes == ["The limits of 2025-Q4 are set. Later quarters start with them."]
    assert "Somebody set the limits" in page.submit("Set the limits", 409).text
    half = visitor.get("/reviews/2025-Q4/limits").submit("Set the limits", 422, **{"manager-1": "1001"})
    assert "Line 2 of the teams" in half.text
    assert (
        "Give at least one reason"
        in visitor.get("/reviews/2025-Q4/limits").submit("Set the limits", 422, reasons="").text
    )


def test_hr_reminds_managers_at_most_once_a_day(in_review, database):
    visitor = Visitor(in_review, HR)
    first = visitor.get("/reviews?quarter=2025-Q4").submit("Remind now")
    assert "managers get a mail" in first.notes[0] or "1 manager gets a mail" in first.notes[0]
    again = visitor.get("/reviews?quarter=2025-Q4").submit("Remind now")
    assert again.notes == ["0 managers get a mail. Who was reminded today, or has no account, gets none."]
    with reading(database) as session:
        assert review_progress.progress(session, Q4).confirmed == 0


def test_an_employee_sees_what_was_added_to_their_own_pay(in_review):
    employee = Visitor(in_review, MANAGER)
    assert employee.get("/my-pay").heading == "My pay"
    proposed(Visitor(in_review, DIRECTOR), "1001", amount="10.00")
    Visitor(in_review, HR).get("/reviews?quarter=2025-Q4").submit("Approve +10.00 EUR")
    assert "of the run" in employee.get("/my-pay").text
