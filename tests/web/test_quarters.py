"""The board of a quarter: where it stands, and its way through review and approval in a browser."""

from tests.web.company import APPROVER, AUDITOR, HR
from tests.web.visitor import Visitor

BOARD = "/quarters?quarter=2025-Q4"


def begin(app):
    return Visitor(app, HR).get(BOARD).submit("Begin the review")


def test_the_board_tells_where_a_quarter_stands_and_what_comes_next(app):
    page = Visitor(app, HR).get(BOARD)
    assert page.heading == "2025-Q4 is calculated"
    assert [(row["Step"], row["State"]) for row in page.table("Steps")] == [
        ("Data", "done"),
        ("Data check", "now"),
        ("Calculation", "done"),
        ("Review", "later"),
        ("Approval", "later"),
        ("Release", "later"),
        ("Paid", "later"),
    ]
    assert page.table("What was done")[0]["What"] == "calculate open → calculated"
    assert "Begin the review" in page.buttons()


def test_a_quarter_goes_through_review_to_approval_and_the_board_tells_by_whom(app):
    page = begin(app)
    assert page.heading == "2025-Q4 is in review"
    approver = Visitor(app, APPROVER)
    look = approver.get(BOARD).follow("Approve…")
    assert look.table("What it is made of")[-1]["EUR"].count(".") == 1
    page = look.submit("Approve 2025-Q4")
    assert page.heading == "2025-Q4 is approved"
    assert {row["Step"]: row["How it stands"] for row in page.table("Steps")}["Approval"] == f"Approved by {APPROVER}."
    assert Visitor(app, AUDITOR).get(BOARD).buttons() == Visitor(app, AUDITOR).get("/help").buttons()


def test_what_was_calculated_anew_in_between_is_a_409_and_nothing_is_approved(app):
    begin(app)
    approver = Visitor(app, APPROVER)
    look = approver.get("/quarters/2025-Q4/approve")
    hr = Visitor(app, HR)
    hr.post("/quarters/2025-Q4/calculate")
    begin(app)
    page = look.submit("Approve 2025-Q4", 409)
    assert f"{HR} calculated it; {HR} gave it to review" in page.text
    assert approver.get(BOARD).heading == "2025-Q4 is in review"


def test_a_move_on_an_old_page_is_told(app):
    old = Visitor(app, HR).get(BOARD)
    begin(app)
    assert "it is in review now" in old.submit("Begin the review", 409).text


def test_sending_back_asks_for_words_which_the_board_shows(app):
    begin(app)
    ask = Visitor(app, APPROVER).get(BOARD).follow("Send back")
    assert ask.submit("Send back", 422).errors == ["In your words: Say why: whoever goes on with the quarter reads it."]
    page = ask.submit("Send back", words="Lisbon's target is last year's.")
    assert page.heading == "2025-Q4 is calculated"
    assert page.table("What was done")[0]["In their words"] == "Lisbon's target is last year's."


def test_ending_a_review_on_an_old_page_says_that_it_moved(app):
    begin(app)
    ask = Visitor(app, HR).get(BOARD).follow("End the review")
    ask.submit("End the review", words="Answers came late.")
    assert "moved since you looked" in ask.submit("End the review", 409, words="Answers came late.").text


def test_two_people_reopen_an_approved_quarter(app):
    begin(app)
    approver = Visitor(app, APPROVER)
    approver.get("/quarters/2025-Q4/approve").submit("Approve 2025-Q4")
    asked = Visitor(app, HR).get(BOARD).follow("Ask to reopen").submit("Ask to reopen", words="A target was wrong.")
    assert "A target was wrong." in asked.text
    kept = approver.get(BOARD).follow("Keep approved").submit("Keep approved", words="It was right.")
    assert kept.heading == "2025-Q4 is approved"
    Visitor(app, HR).get(BOARD).follow("Ask to reopen").submit("Ask to reopen", words="It was wrong indeed.")
    assert approver.get(BOARD).submit("Reopen").heading == "2025-Q4 is in review"


def test_without_any_quarter_the_board_says_what_comes_first(empty_app):
    page = Visitor(empty_app, HR).get("/quarters")
    assert "A quarter appears here with its first answers" in page.text
