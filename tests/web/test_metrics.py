"""Metrics on the pages: made of a question in two clicks, changed from a quarter on, and who is paid by them."""

import io

import pytest

from comp.db import reading, writing
from comp.intake import Kind
from comp.periods import Quarter
from comp.services import audit, calculation
from comp.services.calculation import last_run
from comp.store import metrics
from tests.stored import EVERYBODY
from tests.web.company import EMPLOYEE, HR, NOW, Q3, Q4, SECOND_HR, take_in

MAKE, STORE = "Make the metric", "Store definition"
Q1 = Quarter(2026, 1)
NO_PLACE = "has answers from 1 to 7 on file, which the scale 1-5 has no place for. Ask under another id."
ANSWERS = "response,unit,answered_on,effort,Q7: Ease,stars\n" + "\n".join(
    f"r{n},LIS,2025-{month}-1{n % 9},{n % 7 + 1},{n % 5 + 1},{n % 10 + 1}" for n, month in enumerate(["08", "11"] * 20)
)


@pytest.fixture
def answered(database):
    take_in(database, Kind.ANSWERS, ANSWERS)
    return database


def known(database):
    with reading(database) as session:
        return metrics.load_definitions(session)


def notes(database, action="define"):
    with reading(database) as session:
        return [each.entry for each in audit.search(session, action, 1) if each.entry.action == action]


def test_a_metric_is_made_of_an_imported_question_in_two_clicks_and_has_scores_at_once(visit, answered):
    page = visit(HR).get("/metrics").follow("Make a metric of effort")
    assert "The share of the best 3 answers of 7 is usual." in page.text
    page = page.submit(MAKE)
    assert page.notes == ["Effort is a metric now. It holds for every quarter."]
    assert page.address == "/metrics/effort"
    scores = {row[0]: row for row in page.rows("What it came to")}
    assert scores["2025-Q3"][1:] == ["40.0", "21.9 to 61.3", "20"]
    assert scores["2025-Q4"][3] == "20"
    assert page.root.xpath("//*[local-name()='svg'][contains(@class, 'trend')]")
    assert known(answered).metric("effort", Q3).counted == {5, 6, 7}
    assert "Effort" in visit(EMPLOYEE).get("/scores?quarter=2025-Q3").text


def test_the_question_that_waits_for_a_metric_stands_first(visit, answered):
    rows = visit(HR).get("/metrics").rows("Questions")
    assert rows[0][0].startswith("effort")
    assert rows[0][1:4] == ["1–7", "40", "none"]


@pytest.mark.parametrize(
    ("scale", "statistic", "told"),
    [
        ("0-10", "mean", "With 11 answers a mean uses all of what customers said."),
        ("1-10", "mean", "A scale of 1–10 is no Net Promoter scale"),
        ("1-5", "top_box", "The share of the best 2 answers of 5 is usual."),
    ],
)
def test_what_is_suggested_follows_from_the_scale(visit, database, scale, statistic, told):
    take_in(database, Kind.METRICS, f"questions: {{liking: {{scale: {scale}}}}}", "m.yaml")
    page = visit(HR).get("/metrics/new?question=liking")
    assert told in page.text
    assert page.root.xpath("//select[@name='statistic']/option[@selected]/@value") == [statistic]


def test_a_net_promoter_score_on_another_scale_is_made_with_a_warning_that_stays(visit, database):
    take_in(
        database,
        Kind.METRICS,
        "questions: {advise: {text: Would you recommend us?, scale: 1-10}}".replace("us?", "us"),
        "m.yaml",
    )
    page = visit(HR).get("/metrics/new?question=advise").submit(MAKE, statistic="nps")
    assert "cannot be compared with other Net Promoter Scores" in page.text
    assert "no 0–10 scale" in visit(HR).get("/metrics").text


def test_a_suggestion_takes_another_id_where_its_own_is_taken(visit, database):
    visit(HR).get("/metrics/new?question=recommend").submit(MAKE)
    page = visit(HR).get("/metrics/new?question=recommend")
    assert page.value("id") == "recommend-nps"


def test_a_metric_that_was_paid_by_is_defined_anew_from_the_next_quarter(visit, database):
    page = visit(HR).get("/metrics/nps").follow("Change")
    assert page.root.xpath("//select[@name='starts']/option/@value")[0] == "2026-Q1"
    page = page.submit(STORE, decimals="0")
    assert page.notes == ["Net Promoter Score is defined. It holds from 2026-Q1 on."]
    assert [known(database).metric("nps", quarter).decimals for quarter in (Q4, Q1)] == [1, 0]
    assert "decimals 1 → 0" in page.text
    assert "Calculated with until 2025-Q4. A change holds from 2026-Q1 at the earliest" in page.text
    (entry,) = notes(database)
    assert entry.about == "metric nps"
    assert '"starts":"2026-Q1"' in entry.details


def test_what_was_paid_is_paid_again_after_the_metric_changed(visit, database):
    with reading(database) as session:
        _, before = last_run(session, EVERYBODY, Q4)
    visit(HR).get("/metrics/nps/edit").submit(STORE, decimals="0", statistic="nps")
    with writing(database) as session:
        _, again = calculation.calculate_quarter(session, Q4, HR, NOW)
    assert amounts(again) == amounts(before)


def amounts(run):
    return [(payout.employee, payout.amount) for payout in run.payouts]


def test_no_form_changes_a_definition_for_a_calculated_quarter(visit, database):
    page = visit(HR).get("/metrics/nps/edit")
    for starts in ("", "2025-Q4", "2019-Q1", "soon"):
        assert page.submit(STORE, 422, starts=starts, decimals="0").errors
    assert len(known(database).of(("metric", "nps"))) == 1


def test_a_planned_definition_is_withdrawn_and_the_one_before_goes_on(visit, database):
    page = visit(HR).get("/metrics/nps/edit").submit(STORE, decimals="0")
    late = visit(SECOND_HR).get("/metrics/nps")
    page = page.submit("Withdraw the definition from 2026-Q1")
    assert page.notes == ["The definition from 2026-Q1 is withdrawn: the one before it goes on."]
    assert known(database).metric("nps", Q1).decimals == 1
    assert late.submit("Withdraw the definition from 2026-Q1", 409).heading == "Somebody was faster"
    assert [entry.about for entry in notes(database, "withdraw")] == ["metric nps"]


def test_a_definition_that_was_calculated_with_is_not_withdrawn(visit, database):
    page = visit(HR).get("/metrics/nps/edit").submit(STORE, decimals="0")
    take_in(
        database,
        Kind.RESULTS,
        "unit,quarter,metric,value,promoters,passives,detractors\nLIS,2026-Q1,nps,,62,20,18\nLIS,2026-Q1,income,100,,,\n",
    )
    with writing(database) as session:
        calculation.calculate_quarter(session, Q1, HR, NOW)
    page = page.submit("Withdraw the definition from 2026-Q1", 422)
    assert "was calculated with. It stays." in page.text
    visit(HR).post("/metrics/nps/withdraw", 409, starts="2026-Q2")
    visit(HR).post("/metrics/nps/withdraw", 404, starts="soon")


def test_a_metric_that_nobody_is_paid_by_is_changed_as_it_stands(visit, answered):
    visit(HR).get("/metrics/new?question=effort").submit(MAKE)
    page = visit(HR).get("/metrics/effort/edit").submit(STORE, statistic="share", answers="6, 7", starts="")
    assert page.notes == ["Effort is defined. It holds for every quarter."]
    assert known(answered).metric("effort", Q3).counted == {6, 7}


def test_a_trend_says_where_the_definition_changed(visit, answered):
    visit(HR).get("/metrics/new?question=effort").submit(MAKE)
    page = visit(HR).get("/metrics/effort/edit").submit(STORE, statistic="mean", starts="")
    take_in(
        answered,
        Kind.METRICS,
        "metrics: {effort: {question: effort, statistic: top_box, top: 2, name: Effort, decimals: 1, from: 2025-Q4}}",
        "m.yaml",
    )
    page = visit(EMPLOYEE).get("/metrics/effort")
    assert "definition changed here counts mean of 1–7 → best 2 of 1–7" in page.text
    assert len(page.root.xpath("//*[local-name()='line'][@class='dash']")) == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"id": "NPS two"}, "Id: Use small letters, digits and -."),
        ({"id": ""}, "Id: Give it an id."),
        ({"name": ""}, "Name: Give it a name."),
        ({"top": "0"}, "How many of the best answers: should be from 1 to 6 of the scale's answers"),
        (
            {"top": "many"},
            "How many of the best answers: many: 'many' is not a plain decimal number such as 40 or 12.5",
        ),
        ({"statistic": "share"}, "Which answers: should list answers of the scale 1-7"),
        ({"statistic": "share", "answers": "7, 9"}, "Which answers: should list answers of the scale 1-7"),
        ({"statistic": "guess"}, "What it makes of the answers: Not a valid choice."),
        ({"question": ""}, "Question: is missing"),
        ({"question": "fun"}, "Question: Not a valid choice."),
        ({"decimals": "9"}, "Published decimals: Not a valid choice."),
        ({"decimals": None}, "Published decimals: Not a valid choice."),
        ({"better": None}, "Which way is better: Not a valid choice."),
        ({"starts": None}, "Holds from: Not a valid choice."),
    ],
)
def test_what_is_no_definition_is_refused_at_its_field(visit, answered, fields, error):
    page = visit(HR).get("/metrics/new?question=effort").submit(MAKE, 422, **fields)
    assert error in page.errors
    assert page.title.startswith("Error: ")
    assert known(answered).metric("effort") is None


def test_a_definition_that_another_stored_in_between_is_not_overwritten(visit, database):
    page = visit(HR).get("/metrics/nps/edit")
    visit(SECOND_HR).get("/metrics/nps/edit").submit(STORE, decimals="2")
    late = page.submit(STORE, 409, decimals="0")
    assert "The metric nps was defined anew since you loaded it." in late.text
    assert known(database).metric("nps", Q1).decimals == 2
    visit(HR).get("/metrics/nps/edit").submit(STORE, 409, seen=None)
    fresh = visit(HR).get("/metrics/new?question=effort")
    visit(SECOND_HR).get("/metrics/new?question=effort").submit(MAKE)
    late = fresh.submit(MAKE, 422)
    assert late.errors == ["Id: Is taken already: choose another, or change what has it."]
    page = visit(HR).get("/questions/new").submit("Store question", 422, id="effort", low="1", high="5")
    assert page.errors == ["Id: Is taken already: choose another, or change what has it."]


def test_storing_the_same_again_changes_nothing(visit, database):
    visit(HR).get("/metrics/nps/edit").submit(STORE)
    assert len(known(database).of(("metric", "nps"))) == 1
    assert notes(database) == []


def test_a_stated_metric_is_made_without_a_question(visit, database):
    page = visit(HR).get("/metrics").follow("New metric")
    page = page.submit(
        MAKE, id="open-cases", name="Open cases", question="", statistic="value", decimals="0", better="lower"
    )
    assert page.heading == "Open cases"
    assert known(database).metric("open-cases").better == "lower"


def test_the_page_of_a_metric_names_the_plans_only_to_those_who_may_read_them(visit):
    assert "Read by" in visit(HR).get("/metrics/nps").text
    assert "60 % of Customer loyalty" in visit(HR).get("/metrics/nps").text
    page = visit(EMPLOYEE).get("/metrics/nps")
    assert "Service incentive" not in page.text
    assert "Change" not in [link.text for link in page.root.xpath("//a")]
    visit(EMPLOYEE).get("/metrics/nps/edit", 404)


def test_a_column_that_no_question_describes_asks_for_its_scale(visit, answered):
    page = visit(HR).get("/metrics")
    assert [row[:5] for row in page.rows("Columns that no question describes")] == [
        ["Q7: Ease", "40", "1", "5", "answers.csv"],
        ["stars", "40", "1", "10", "answers.csv"],
    ]
    page = page.follow("Describe Q7: Ease")
    assert [page.value(name) for name in ("id", "low", "high")] == ["q7-ease", "1", "5"]
    page = page.submit("Store question", labels="5 = Very easy\n1 = Very hard\n")
    assert page.notes == ["The question q7-ease is described. It holds for every quarter."]
    assert [row[0] for row in page.rows("Columns that no question describes")] == ["stars"]
    page = page.follow("Describe stars").submit("Store question")
    take_in(answered, Kind.ANSWERS, ANSWERS)
    made = visit(HR).get("/metrics/new?question=stars").submit(MAKE)
    assert [row[3] for row in made.rows("What it came to")] == ["20", "20"]


def test_a_question_is_described_anew_from_the_quarter_after_the_last_that_was_paid(visit, database):
    page = visit(HR).get("/metrics").follow("Edit satisfaction")
    page = page.submit("Store question", text="How happy are you?", high="7")
    assert page.notes == ["The question satisfaction is described. It holds from 2026-Q1 on."]
    assert [known(database).metric("csat", quarter).question.high for quarter in (Q4, Q1)] == [5, 7]
    told = visit(HR).get("/metrics/csat").text
    assert "another wording of the question" in told
    assert "scale 1–5 → 1–7" in told


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"low": "7", "high": "1"}, "Lowest answer: ['7', '1']: should run from a lower to a higher answer"),
        ({"low": "a"}, "Lowest answer: ['a', '7']: should be the lowest and the highest answer, such as [1, 5]"),
        ({"high": ""}, "Highest answer: Type the highest answer."),
        ({"labels": "very easy"}, "Words for answers: very easy: should be lines such as 5 = very satisfied"),
        ({"labels": "9 = far"}, "Words for answers: is not an answer from 1 to 7"),
        (
            {"high": "5"},
            f"Lowest answer: {NO_PLACE}",
        ),
        ({"best": None}, "Which end is better: Not a valid choice."),
    ],
)
def test_what_is_no_question_is_refused_at_its_field(visit, answered, fields, error):
    page = visit(HR).get("/questions/effort/edit").submit("Store question", 422, **fields)
    assert error in page.errors


def test_what_there_is_not_has_no_page(visit):
    for address in ("/metrics/fun", "/metrics/fun/edit", "/questions/fun/edit", "/metrics/new?question=fun"):
        visit(HR).get(address, 404)
    assert visit(HR).get("/questions/new?column=never-seen").value("id") == ""


def test_a_file_that_changes_a_paid_metric_says_from_when(visit, database):
    sent = (
        io.BytesIO(b"metrics: {nps: {question: recommend, statistic: nps, decimals: 0, name: Net Promoter Score}}"),
        "m.yaml",
    )
    page = visit(HR).get("/imports").submit("Show the dry run", kind="metrics", file=sent)
    assert "The new definition holds from 2026-Q1 on; earlier quarters keep theirs." in page.text
