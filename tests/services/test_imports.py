"""Taking files in: what is new, changed and unchanged, all or nothing, and every problem at once."""

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.services import imports
from comp.services.imports import write_dry_run
from comp.services.uploads import recent_batches
from tests.stored import METRICS, NOW, PEOPLE, RESULTS, UNITS, company, intake, look, take, taken

FILES = {
    "metrics": (METRICS, METRICS.replace("decimals: 2", "decimals: 3")),
    "units": (UNITS, UNITS.replace("Other unit", "Renamed")),
    "people": (PEOPLE, PEOPLE.replace("8000", "9000.50")),
    "absences": (
        "employee,from,to,kind\n1,2025-07-01,2025-07-03,unpaid\n1,2025-08-01,2025-08-03,ill",
        "employee,from,to,kind\n1,2025-07-01,2025-07-03,unpaid\n1,2025-08-01,2025-08-04,ill",
    ),
    "answers": (
        "response,unit,answered_on,recommend,comment\nr1,U,2025-07-01,9,fine\nr2,V,2025-07-02,3,",
        "response,unit,answered_on,recommend,comment\nr1,U,2025-07-01,9,fine\nr2,V,2025-07-02,4,",
    ),
    "results": (RESULTS, RESULTS.replace("V,2025-Q3,k,50", "V,2025-Q3,k,51")),
    "personal-results": (
        "employee,quarter,metric,value\n1,2025-Q3,k,80\n2,2025-Q3,k,90",
        "employee,quarter,metric,value\n1,2025-Q3,k,80\n2,2025-Q3,k,90.25",
    ),
    "targets": (
        "unit,quarter,metric,target\nU,2025-Q3,k,80\nU,2025,k,90",
        "unit,quarter,metric,target\nU,2025-Q3,k,80\nU,2025,k,91",
    ),
}
ALREADY = {"metrics": (1, 1, 0), "units": (3, 0, 0)}
BEFORE = {"metrics": [], "units": ["metrics"], "people": ["metrics", "units"]}


def counts(seen):
    return seen.new, seen.changed, seen.unchanged


def rows_of_everything(engine):
    with reading(engine) as session:
        tables = ("batch", "unit", "person", "assignment", "response", "tally", "result", "definition")
        return [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables]  # noqa: S608


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine, people="", results="")
    taken(engine, "people", PEOPLE)


@pytest.mark.parametrize("kind", ["absences", "answers", "results", "personal-results", "targets"])
def test_every_kind_of_file_counts_what_is_new_changed_and_unchanged(stored, kind):
    first, second = FILES[kind]
    assert counts(taken(stored, kind, first)) == (2, 0, 0)
    assert counts(taken(stored, kind, first)) == (0, 0, 2)
    assert counts(taken(stored, kind, second)) == (0, 1, 1)
    assert counts(taken(stored, kind, second)) == (0, 0, 2)
    assert counts(taken(stored, kind, first)) == (0, 1, 1)


@pytest.mark.parametrize(("kind", "rows"), [("metrics", 2), ("units", 3), ("people", 2)])
def test_the_files_that_others_rest_on_count_alike(engine, kind, rows):
    for needed in BEFORE[kind]:
        taken(engine, needed, FILES[needed][0])
    first, second = FILES[kind]
    stood_before = 1 if kind == "metrics" else 0  # `nps` comes with every company
    assert counts(taken(engine, kind, first)) == (rows - stood_before, stood_before, 0)
    assert counts(taken(engine, kind, first)) == (0, 0, rows)
    assert counts(taken(engine, kind, second)) == (0, 1, rows - 1)


def test_the_same_file_twice_is_recognised_and_not_stored_again(stored):
    first = taken(stored, "answers", FILES["answers"][0])
    again = taken(stored, "answers", FILES["answers"][0])
    assert (first.batch, first.earlier) == (again.earlier.number, None)
    assert again.batch is None
    with reading(stored) as session:
        batches = recent_batches(session)
    assert [(batch.kind, batch.new, batch.accepted_at) for batch in batches][:1] == [("answers", 2, NOW)]
    assert sum(batch.kind == "answers" for batch in batches) == 1


def test_the_same_bytes_as_another_kind_of_file_are_another_file(stored):
    targets = FILES["targets"][0]
    taken(stored, "targets", targets)
    assert look(stored, "results", targets.replace("target", "value")).earlier is None


def test_a_dry_run_says_what_would_change_and_stores_nothing(stored):
    before = rows_of_everything(stored)
    seen = look(stored, "answers", FILES["answers"][0])
    assert counts(seen) == (2, 0, 0)
    assert seen.is_acceptable
    assert dict(seen.quarters) == {"2025-Q3": 2}
    assert rows_of_everything(stored) == before


def test_a_file_with_one_wrong_row_is_refused_whole_with_all_its_problems_at_once(stored):
    before = rows_of_everything(stored)
    seen = take(
        stored,
        "answers",
        """
        response,unit,answered_on,recommend
        r1,U,2025-07-01,9
        r2,NOWHERE,2025-07-01,9
        r3,U,2025-07-01,11
        r1,U,2025-07-02,8
        """,
    )
    assert [(problem.line, problem.column, problem.value) for problem in seen.problems] == [
        (3, "unit", "NOWHERE"),
        (4, "recommend", "11"),
        (5, "response", "r1"),
    ]
    assert (seen.new, seen.refused, seen.batch) == (1, 3, None)
    assert rows_of_everything(stored) == before


def test_files_that_are_taken_together_are_taken_all_or_none(stored):
    before = rows_of_everything(stored)
    sound = intake(stored, "answers", FILES["answers"][0])
    with pytest.raises(ZeroDivisionError), writing(stored) as session:  # noqa: PT012 - what is done before counts
        imports.accept(session, sound, "hr@example.org", NOW)
        1 / 0  # noqa: B018 - stands for a second file that is refused
    assert rows_of_everything(stored) == before


def test_a_second_file_of_the_same_transaction_is_compared_with_the_first(stored):
    first, second = (intake(stored, "units", text) for text in (UNITS.replace("Unit,CO", "New,CO"), UNITS))
    with writing(stored) as session:
        assert counts(imports.accept(session, first, "hr@example.org", NOW)) == (0, 1, 2)
        assert counts(imports.accept(session, second, "hr@example.org", NOW)) == (0, 1, 2)
        assert counts(imports.accept(session, second, "hr@example.org", NOW)) == (0, 0, 3)


def test_the_document_of_a_dry_run_has_every_number_and_problem(stored):
    seen = look(stored, "answers", "response,unit,answered_on,recommend\nr1,U,2025-07-01,9\nr2,X,2025-10-01,9")
    document = write_dry_run(seen, accepted=False)
    assert document["problems"] == [
        {
            "line": 3,
            "column": "unit",
            "value": "X",
            "why": "is not a unit. Import the units first, or correct the code.",
        }
    ]
    told = {
        key: document[key] for key in ("kind", "file", "rows", "new", "changed", "unchanged", "refused", "quarters")
    }
    assert told == {
        "kind": "answers",
        "file": "answers.csv",
        "rows": 2,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": 1,
        "quarters": {"2025-Q3": 1, "2025-Q4": 1},
    }


def test_a_problem_that_has_a_place_instead_of_a_line_keeps_it(engine):
    seen = take(engine, "metrics", "metrics: {k: {statistic: guess}}")
    assert write_dry_run(seen, accepted=False)["problems"][0]["where"] == "metrics.k.statistic"


def test_targets_are_counted_by_quarter_or_fiscal_year(stored):
    assert dict(look(stored, "targets", FILES["targets"][0]).quarters) == {"2025": 1, "2025-Q3": 1}


def test_a_stated_value_and_customers_answers_to_the_same_are_refused_in_either_order(stored):
    answers = "response,unit,answered_on,recommend\nr1,U,2025-07-01,9"
    value = "unit,quarter,metric,value\n{},2025-Q3,nps,40"
    taken(stored, "answers", answers)
    for unit in ("U", "CO"):
        (problem,) = take(stored, "results", value.format(unit)).problems
        assert problem.why == "U has customers' answers for it in 2025-Q3. Withdraw one of the two."
    taken(stored, "results", value.format("V"))
    (problem,) = take(stored, "answers", answers.replace("r1,U", "r2,V")).problems
    assert problem.why == "V already states a value of nps for this quarter. Withdraw one of the two."


def test_answers_below_a_unit_that_states_a_value_are_refused_too(stored):
    taken(stored, "results", "unit,quarter,metric,value\nCO,2025-Q3,nps,40")
    (problem,) = take(stored, "answers", "response,unit,answered_on,recommend\nr1,U,2025-09-30,9").problems
    assert problem.why == "CO already states a value of nps for this quarter. Withdraw one of the two."
    taken(stored, "answers", "response,unit,answered_on,recommend\nr1,U,2025-10-01,9")


def test_answers_below_a_value_with_a_count_pool_with_it(stored):
    taken(stored, "results", "unit,quarter,metric,value,answers\nCO,2025-Q3,nps,40,25")
    taken(stored, "answers", "response,unit,answered_on,recommend\nr1,U,2025-09-30,9")


def test_an_amount_or_count_that_no_database_can_hold_is_a_problem_and_no_trace(stored):
    huge = "9" * 19
    people = PEOPLE.replace("8000", huge)
    assert [problem.column for problem in take(stored, "people", people).problems] == ["target_amount"]
    counted = f"unit,quarter,metric,promoters,passives,detractors\nU,2025-Q3,nps,{huge},1,1"
    assert [problem.column for problem in take(stored, "results", counted).problems] == ["promoters"]


def test_a_scale_that_leaves_out_answers_on_file_is_refused(stored):
    taken(stored, "answers", "response,unit,answered_on,satisfaction\nr1,U,2025-07-01,5")
    for document, where in (
        ("questions: {satisfaction: {scale: 1-4}}", "questions.satisfaction"),
        ("metrics: {m: {question: satisfaction, statistic: mean, scale: 1-4}}", "metrics.m"),
    ):
        (problem,) = take(stored, "metrics", document).problems
        assert problem.where == where
        assert (
            problem.why
            == "has answers from 5 to 5 on file, which the scale 1-4 has no place for. Ask under another id."
        )
    taken(stored, "metrics", "questions: {satisfaction: {scale: 1-6}}")
