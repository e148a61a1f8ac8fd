"""The number of queries does not grow with the rows that are read or written."""

import pytest
from sqlalchemy import event

from comp.db import reading, writing
from comp.periods import FiscalYear
from comp.results import RunName
from comp.roles import Account
from comp.services import (
    access,
    calculation,
    comparisons,
    imports,
    metrics,
    overview,
    payouts,
    payroll,
    plan_checks,
    quarters,
    replays,
    review_board,
    review_progress,
    run_history,
    scoreboard,
    targets,
    teams,
)
from comp.services.calculation import calculate_quarter
from comp.store import runs
from comp.store.facts import load_facts
from tests.make import plan
from tests.stored import EVERYBODY, NOW, Q3, calculated, company, intake, publish, taken


def units(count):
    return "unit,name,parent\nCO,Company,\n" + "\n".join(f"U{n},Unit {n},CO" for n in range(count))


def people(count):
    header = "employee,name,unit,from,target_amount,currency,manager\n"
    return header + "\n".join(f"{n:03},Person {n},U{n},2020-01-01,4000,EUR,{'000' if n else ''}" for n in range(count))


def results(count):
    return "unit,quarter,metric,value\n" + "\n".join(f"U{n},2025-Q3,k,{80 + n % 40}" for n in range(count))


def answers(count, grade=9):
    header = "response,unit,answered_on,recommend\n"
    return header + "\n".join(f"r{n},U{n},2025-07-01,{grade}" for n in range(count))


def counted(engine, session, work):
    said = []

    def note(_connection, _cursor, statement, *_):
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        work(session)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(said)


def _last(session):
    return runs.find_run(session, Q3)


MANAGER = Account(1, "m@example.org", "M", (), 0, "000")
READS = {
    "facts": lambda session: load_facts(session, Q3),
    "a whole run": lambda session: calculation.last_run(session, EVERYBODY, Q3),
    "a page of payouts": lambda session: payouts.list_payouts(session, EVERYBODY, _last(session), "", 1, NOW),
    "a search": lambda session: payouts.list_payouts(session, EVERYBODY, _last(session), "person", 1, NOW),
    "one person": lambda session: payouts.view_person(session, EVERYBODY, "001", Q3, NOW),
    "a manager's page": lambda session: payouts.list_payouts(session, MANAGER, _last(session), "", 1, NOW),
    "a manager's overview": lambda session: overview.overview(session, MANAGER, _last(session), NOW),
    "one of the team": lambda session: payouts.view_person(session, MANAGER, "001", Q3, NOW),
    "my pay": lambda session: payouts.list_own(session, MANAGER),
    "access": lambda session: access.review(session, NOW),
    "the overview": lambda session: overview.overview(session, EVERYBODY, _last(session), NOW),
    "unit readings": lambda session: overview.unit_readings(session, EVERYBODY, Q3, _last(session)),
    "scores": lambda session: scoreboard.scoreboard(session, Q3),
    "metrics": metrics.list_metrics,
    "a metric": lambda session: metrics.view_metric(session, "nps"),
    "a page of targets": lambda session: targets.grid(session, Q3),
    "a year's targets": lambda session: targets.grid(session, FiscalYear(2026), "unit", "CO", 2),
    "payroll": lambda session: payroll.payroll_sheets(session, EVERYBODY, Q3, NOW),
    "a plan's findings": lambda session: plan_checks.check_plan(session, plan()),
    "a team in review": lambda session: teams.view_team(session, MANAGER, Q3, "", NOW),
    "one of a team": lambda session: teams.find_row(session, MANAGER, Q3, "001", NOW),
    "how far a review is": lambda session: review_progress.progress(session, Q3),
    "the page of reviews": lambda session: review_board.view(session, EVERYBODY, Q3, NOW),
    "a run": lambda session: run_history.view(session, EVERYBODY, RunName(Q3), NOW),
    "two runs": lambda session: comparisons.compare_runs(session, EVERYBODY, (RunName(Q3, 1), RunName(Q3)), NOW),
    "two people": lambda session: comparisons.compare_people(
        session, EVERYBODY, (RunName(Q3), RunName(Q3)), ("000", "001"), NOW
    ),
    "a replay": lambda session: replays.replay(session, EVERYBODY, _last(session)),
    "quarters": lambda session: quarters.view_quarter(session, Q3),
}


def test_no_read_asks_more_often_for_more_rows(engine):
    company(engine, units="", people="", results="")
    publish(engine)
    few, many = (_reads(engine, count) for count in (3, 130))
    assert many == few


def _reads(engine, count):
    for kind, text in {"units": units, "people": people, "results": results, "answers": answers}.items():
        taken(engine, kind, text(count))
    calculated(engine)
    with reading(engine) as session:
        return {what: counted(engine, session, read) for what, read in READS.items()}


def test_storing_a_run_takes_as_many_statements_for_many_people(engine):
    company(engine, units="", people="", results="")
    publish(engine)
    asked = []
    for count in (3, 130):
        for kind, text in {"units": units, "people": people, "results": results}.items():
            taken(engine, kind, text(count))
        with writing(engine) as session:
            asked.append(counted(engine, session, lambda session: calculate_quarter(session, Q3, "hr", NOW)))
    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("kind", "first", "changed"),
    [
        ("units", units, lambda count: units(count).replace("Unit", "Renamed")),
        ("people", people, lambda count: people(count).replace("4000", "5000")),
        ("results", results, lambda count: results(count).replace("k,", "k,1")),
        ("answers", answers, lambda count: answers(count, 3)),
    ],
)
def test_taking_a_file_in_takes_as_many_statements_for_many_rows(engine, kind, first, changed):
    company(engine, units=units(130), people="", results="")
    taken(engine, kind, first(130))
    few, many = (_statements_of_taking(engine, kind, changed(count)) for count in (3, 130))
    assert many == few


def _statements_of_taking(engine, kind, text):
    read = intake(engine, kind, text)
    with writing(engine) as session:
        return counted(engine, session, lambda session: imports.accept(session, read, "hr@example.org", NOW))
