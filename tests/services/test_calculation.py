"""Calculating a quarter from the tables: refusals, run numbers, the digest of the inputs, and exact reading back."""

from dataclasses import replace

import pytest

from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.services import calculation
from comp.store import facts, runs
from tests.make import measure
from tests.stored import EVERYBODY, NOW, PEOPLE, Q3, RESULTS, UNITS, calculated, company, publish, taken

RICH = {
    "units": """
        unit,name,parent
        CO,Company,
        U,Unit,CO
        V,Other unit,CO
        W,Without a score,
    """,
    "people": """
        employee,name,unit,from,to,target_amount,annual_salary,target_percent,fte,grade,manager,cost_centre,currency,hired,left
        1,Ann Ågren,U,2020-01-01,,4000,,,1,,,C-1,EUR,,
        2,Bob,U,2020-01-01,2025-08-14,,60000.55,12.5%,0.8,T1,1,C-1,EUR,,
        2,Bob,V,2025-08-15,,,7000000,10%,0.75,T2,1,C-2,JPY,,
        3,"Cem ""C"" Öz",V,2020-01-01,,3999.99,,,1,,1,,EUR,,
        4,Dee,U,2025-09-20,,1000,,,1,,,,EUR,2025-09-20,
        5,Eve,U,2020-01-01,,1000,,,1,,,,EUR,2020-01-01,2025-07-31
        6,Fay,W,2020-01-01,,1000,,,1,,,,EUR,,
        7,Gil,U,2020-01-01,2025-08-31,500.123,,,1,,,,KWD,2020-01-01,
    """,
    "absences": "employee,from,to,kind\n1,2025-07-07,2025-07-20,unpaid\n1,2025-09-01,2025-09-02,ill",
    "results": """
        unit,quarter,metric,value
        U,2025-Q3,k,103.37
        V,2025-Q3,k,50
        V,2025-Q2,k,61
    """,
    "targets": "unit,quarter,metric,target\nU,2025-Q3,k,80\nCO,2025,k,90",
}
RULES = {
    "absences": {"unpaid": "0%", "ill": "50%"},
    "eligibility": {"minimum_days": "30", "on_last_day": "true"},
    "quarter_shares": {"Q1": "20%", "Q2": "20%", "Q3": "35%", "Q4": "25%"},
    "applies_to": {"units": ["CO"]},
}


def digest(engine):
    with reading(engine) as session:
        return facts.load_facts(session, Q3)[1]


def as_stored(run):
    """A run with each assignment cut to the days of its piece: what a run stores of it."""
    payouts = tuple(
        payout._replace(pieces=tuple(piece._replace(assignment=_cut(piece)) for piece in payout.pieces))
        for payout in run.payouts
    )
    return replace(run, payouts=payouts)


def _cut(piece):
    given = {name: getattr(piece.assignment, name) for name in piece.assignment.__match_args__}
    return type(piece.assignment)(**given | {"span": piece.stretch.span})


def read_back(engine, stored):
    with reading(engine) as session:
        return runs.load_run(session, stored)


def test_a_run_is_read_back_exactly_as_it_was_calculated(engine):
    company(engine, **RICH)
    publish(engine, **RULES)
    stored, run = calculated(engine)
    assert read_back(engine, stored) == as_stored(run)
    assert [(payout.employee, str(payout.amount), payout.amount.currency) for payout in run.payouts] == [
        ("1", "1211.23", "EUR"),
        ("2", "1061.80", "EUR"),
        ("2", "46936", "JPY"),
        ("3", "700.00", "EUR"),
        ("4", "0.00", "EUR"),
        ("5", "0.00", "EUR"),
        ("7", "121.939", "KWD"),
    ]
    assert [person.employee for person in run.held] == []
    assert [person.employee for person in run.outside] == ["6"]


def test_a_run_with_holds_and_problems_is_read_back_as_it_was(engine):
    company(engine, **RICH)
    publish(engine, **RULES | {"applies_to": "everyone"})
    with writing(engine) as session:
        session.connection().exec_driver_sql(
            "INSERT INTO result (unit, quarter, metric, value) VALUES ('U', '2025-Q3', 'nps', '5')"
        )
        session.connection().exec_driver_sql("INSERT INTO tally VALUES ('U', 'recommend', '2025-07-01', '', '', 9, 3)")
    stored, run = calculated(engine)
    assert [(hold.employee, hold.name) for hold in run.held] == [("6", "Fay")]
    assert [problem.where for problem in run.problems] == ["nps of U in 2025-Q3"]
    assert read_back(engine, stored) == as_stored(run)


def test_what_a_person_alone_attained_is_read_back_as_it_was(engine):
    company(engine, personal_results="employee,quarter,metric,value\n1,2025-Q3,k,80\n2,2025-Q3,k,120.5")
    own = measure(measured_at="person")
    publish(engine, components=[{"id": "c", "name": "Own", "share": "100%", "measures": [own]}])
    stored, run = calculated(engine)
    assert [str(payout.amount) for payout in run.payouts] == ["800.00", "2410.00"]
    assert read_back(engine, stored) == as_stored(run)


def test_one_persons_part_of_a_run_is_read_alone(engine):
    company(engine, **RICH)
    publish(engine, **RULES)
    stored, run = calculated(engine)
    with reading(engine) as session:
        part = runs.load_run(session, stored, ["2", "6"])
    assert part.payouts == tuple(payout for payout in as_stored(run).payouts if payout.employee == "2")
    assert part.outside == run.outside


def test_runs_of_a_quarter_are_numbered_and_the_last_one_counts(engine):
    company(engine)
    publish(engine)
    first, _ = calculated(engine)
    taken(engine, "results", RESULTS.replace("50", "60"))
    second, run = calculated(engine)
    assert (first.number, second.number) == (1, 2)
    assert second.origin.calculated_by == "hr@example.org"
    assert (second.origin.calculated_at, second.origin.plans) == (NOW, ("p@2025-01-01",))
    with reading(engine) as session:
        last, read = calculation.last_run(session, EVERYBODY, Q3)
        assert runs.find_run(session, Q3, 1) == first
    assert (last, read) == (second, as_stored(run))
    assert read_back(engine, first).payouts[1].amount.minor == 100000


@pytest.mark.parametrize(
    ("files", "is_published", "why"),
    [
        ({}, False, "No plan is published for 2025-Q3, so nobody can be paid. Import a plan and publish it."),
        (
            {"people": PEOPLE.replace("2020-01-01", "2026-01-01")},
            True,
            "Nobody was employed in 2025-Q3. Import people whose assignments reach into it.",
        ),
        (
            {"results": RESULTS.replace("Q3", "Q2")},
            True,
            "2025-Q3 has no answers and no results of any kind. Import them first.",
        ),
    ],
)
def test_a_quarter_without_what_it_needs_is_refused_in_words(engine, files, is_published, why):
    company(engine, **files)
    if is_published:
        publish(engine)
    with pytest.raises(RefusedError) as refused:
        calculated(engine)
    assert str(refused.value) == why


def test_personal_results_are_enough_to_calculate_from(engine):
    company(engine, results="", personal_results="employee,quarter,metric,value\n1,2025-Q3,k,80\n2,2025-Q3,k,90")
    own = measure(measured_at="person")
    publish(engine, components=[{"id": "c", "name": "Own", "share": "100%", "measures": [own]}])
    assert [str(payout.amount) for payout in calculated(engine)[1].payouts] == ["800.00", "1800.00"]


def test_a_quarter_that_was_not_calculated_and_a_person_it_does_not_know_are_told(engine):
    company(engine)
    publish(engine)
    with reading(engine) as session, pytest.raises(NotFoundError, match=r"2025-Q3 has not been calculated\."):
        calculation.last_run(session, EVERYBODY, Q3)
    calculated(engine)
    with reading(engine) as session, pytest.raises(NotFoundError, match="9 is not in run 1 of 2025-Q3"):
        calculation.explain(session, EVERYBODY, "9", Q3, NOW)


def test_the_explanation_of_a_stored_payout_says_what_was_paid(engine):
    company(engine, **RICH)
    publish(engine, **RULES)
    calculated(engine)
    with reading(engine) as session:
        _, payouts, nodes = calculation.explain(session, EVERYBODY, "2", Q3, NOW)
        _, none, outside = calculation.explain(session, EVERYBODY, "6", Q3, NOW)
    assert [str(payout.amount) for payout in payouts] == ["1061.80", "46936"]
    assert len(nodes) == 2
    assert (none, len(outside)) == ([], 1)


CHANGES = {
    "units": UNITS.replace("V,Other unit,CO", "V,Renamed,CO"),
    "people": PEOPLE.replace("8000", "8000.01"),
    "results": RESULTS.replace("50", "51"),
    "metrics": "metrics: {nps: {question: recommend, statistic: nps, decimals: 3}}",
    "absences": "employee,from,to,kind\n1,2025-07-01,2025-07-01,unpaid",
    "targets": "unit,quarter,metric,target\nU,2025-Q3,k,80",
    "personal-results": "employee,quarter,metric,value\n1,2025-Q3,k,80",
    "answers": "response,unit,answered_on,recommend\nr1,U,2025-07-01,9",
}


@pytest.mark.parametrize("kind", CHANGES)
def test_any_changed_input_changes_the_digest_and_nothing_else_does(engine, kind):
    company(engine)
    publish(engine)
    before = digest(engine)
    calculated(engine)
    assert digest(engine) == before
    taken(engine, kind, CHANGES[kind])
    assert digest(engine) != before


OTHER_QUARTERS = {
    "people": "employee,name,unit,from,target_amount,currency\n3,Cem,U,2025-10-01,4000,EUR",
    "targets": "unit,quarter,metric,target\nU,2025-Q4,k,80\nU,2026,k,80",
    "results": RESULTS.replace("Q3", "Q4"),
    "absences": "employee,from,to,kind\n1,2025-10-01,2025-10-01,unpaid",
    "personal-results": "employee,quarter,metric,value\n1,2025-Q4,k,80",
    "metrics": "metrics: {k: {statistic: value, decimals: 3, from: 2025-Q4}}",
}


@pytest.mark.parametrize("kind", OTHER_QUARTERS)
def test_what_belongs_to_a_later_quarter_does_not_change_the_digest(engine, kind):
    company(engine)
    publish(engine)
    before = digest(engine)
    taken(engine, kind, OTHER_QUARTERS[kind])
    assert digest(engine) == before


def test_a_plan_of_a_later_quarter_changes_neither_digest_nor_the_plans_of_a_run(engine):
    company(engine)
    publish(engine)
    before = digest(engine)
    publish(engine, starts="2025-10-01")
    assert digest(engine) == before
    assert calculated(engine)[0].origin.plans == ("p@2025-01-01",)
    publish(engine, starts="2025-09-30")
    assert digest(engine) != before
    assert calculated(engine)[0].origin.plans == ("p@2025-01-01", "p@2025-09-30")


def test_equal_inputs_have_an_equal_digest_on_both_databases(tmp_path, sqlite_engine, postgresql, postgresql_template):
    from comp.db import connect
    from tests.databases import create_database, drop_database
    from web.database import disposed

    url = create_database(postgresql, "digest", postgresql_template)
    with disposed(connect(url)) as other:
        for engine in (sqlite_engine, other):
            company(engine, **RICH)
            publish(engine, **RULES)
        assert digest(other) == digest(sqlite_engine)
    drop_database(postgresql, "digest")


def test_a_coarser_step_of_the_company_is_paid_and_is_an_input(engine):
    from dataclasses import replace
    from fractions import Fraction

    from comp.services.company import change_settings
    from comp.store.settings import load_company

    company(engine)
    publish(engine)
    before = digest(engine)
    with writing(engine) as session:
        step = ("EUR", Fraction(3, 10))
        change_settings(session, replace(load_company(session), round_to=(step,)), "hr@example.org", NOW)
    assert digest(engine) != before
    assert [str(payout.amount) for payout in calculated(engine)[1].payouts] == ["999.90", "999.90"]
