"""What the database itself refuses, whatever the program does: tables are not validated by their classes."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Float, Numeric, delete, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from comp import models
from comp.db import reading, writing
from comp.models import (
    AbsenceRow,
    AccountRoleRow,
    AccountRow,
    AssignmentRow,
    BatchRow,
    DataCheckRow,
    PersonRow,
    PlanActRow,
    PlanReaderRow,
    PlanVersionRow,
    PlanWarningRow,
    QuarterCalendarRow,
    ResponseRow,
    ResultRow,
    RunAttainmentRow,
    RunExclusionRow,
    RunPayoutRow,
    RunPieceRow,
    RunPlanRow,
    RunRow,
    TallyRow,
    UnitRow,
    WaiverDecisionRow,
    WaiverRow,
)
from comp.periods import Span
from comp.services import plans
from comp.store.run_totals import currency_totals
from comp.store.visibility import Sight
from tests.stored import EVERYBODY, NOW, calculated, company, publish, taken

DAY, NEXT = date(2025, 7, 1), date(2025, 7, 2)
ONE = Fraction(1)


def assignment(**fields):
    usual = {"employee": "1", "unit": "V", "start_on": date(2030, 1, 1), "end_on": date(2031, 1, 1), "currency": "EUR"}
    return AssignmentRow(**{**usual, "fte": ONE, **fields})


def plan(**fields):
    usual = {
        "plan": "q",
        "starts_on": DAY,
        "name": "Q",
        "state": "draft",
        "document": "{}",
        "sha256": "",
        "author": "a",
    }
    return PlanVersionRow(**{**usual, "saved_at": NOW, **fields})


def response(**fields):
    return ResponseRow(**{"key": "r9", "unit": "U", "answered_on": DAY, "answers": "{}", "batch_id": 1, **fields})


def tally(**fields):
    usual = {"unit": "U", "question": "q", "month": DAY, "touchpoint": "", "segment": "", "answer": 1, "count": 1}
    return TallyRow(**{**usual, **fields})


def result(**fields):
    return ResultRow(**{"unit": "U", "quarter": "2025-Q1", "metric": "nps", **fields})


def run_row(**fields):
    usual = {"quarter": "2025-Q3", "number": 9, "inputs_sha256": "", "engine": "", "plans": "[]"}
    usual |= {"problems": "[]", "metrics": "[]", "round_to": "[]"}
    return RunRow(**{**usual, "calculated_by": "x", "calculated_at": NOW, **fields})


def payout(**fields):
    usual = {"run_id": 1, "employee": "9", "currency": "EUR", "name": "N", "searched": "n"}
    return RunPayoutRow(**{**usual, "amount_minor": 1, "target_minor": 1, **fields})


def piece(**fields):
    usual = {"run_id": 1, "employee": "1", "currency": "EUR", "start_on": NEXT, "end_on": date(2025, 8, 1)}
    usual |= {"attainment": 1, "unit": "U", "grade": "", "cost_centre": "", "fte": ONE, "share_of_year": ONE}
    return RunPieceRow(**{**usual, "counted_days": ONE, "days_in_quarter": 92, **fields})


def submitted(**fields):
    return plan(**{"state": "submitted", "submitted_by": "a", "submitted_at": NOW, **fields})


def published(**fields):
    return submitted(**{"state": "published", "published_by": "b", "published_at": NOW, **fields})


def withdrawn(**fields):
    return published(**{"state": "withdrawn", "withdrawn_by": "b", "withdrawn_at": NOW, **fields})


def act(**fields):
    return PlanActRow(**{"version_id": 1, "act": "write", "acted_by": "a", "acted_at": NOW, "sha256": "", **fields})


def waiver(**fields):
    usual = {"quarter": "2025-Q3", "finding": "0" * 64, "found_by": "gap", "place_kind": "unit", "place": "U"}
    return WaiverRow(**{**usual, "what": "x", "reason": "x", "asked_by": "a", "asked_at": NOW, **fields})


def decision(**fields):
    usual = {"waiver_id": 1, "asked_by": "a", "outcome": "granted", "words": "x", "decided_by": "b"}
    return WaiverDecisionRow(**{**usual, "decided_at": NOW, **fields})


def quarter_days(**fields):
    days = dict.fromkeys(("import_by", "check_by", "review_by", "release_by"), NEXT)
    usual = {"quarter": "2025-Q3", "escalate_after": 3, "set_by": "a", "set_at": NOW}
    return QuarterCalendarRow(**{**days, **usual, **fields})


WRONG = {
    "a waiver without a reason": waiver(reason=""),
    "a waiver of no finding": waiver(finding="x"),
    "a waiver that who asked for it grants": decision(decided_by="a"),
    "a waiver that somebody else withdraws": decision(outcome="withdrawn"),
    "a waiver that is decided in no way": decision(outcome="lost"),
    "a waiver that is granted without words": decision(words=""),
    "a decision of no waiver": decision(waiver_id=99),
    "a decision of a waiver that somebody else asked for": decision(asked_by="c"),
    "a quarter that is checked before files are in": quarter_days(check_by=DAY),
    "a quarter that is reviewed before it is checked": quarter_days(review_by=DAY),
    "a quarter that is released before it is reviewed": quarter_days(release_by=DAY),
    "a quarter whose reviews are escalated after a year": quarter_days(escalate_after=365),
    "fewer findings than none": DataCheckRow(
        quarter="2025-Q3", errors=-1, warnings=0, waived=0, held=0, checked_at=NOW
    ),
    "a unit that is its own parent": UnitRow(code="X", name="X", parent="X"),
    "a unit below one that does not exist": UnitRow(code="X", name="X", parent="NOWHERE"),
    "a unit without a name": UnitRow(code="X"),
    "a unit twice": UnitRow(code="U", name="again"),
    "an account with capitals in its address": AccountRow(email="A@x", name="A", password_hash=""),
    "an account twice": AccountRow(email="a@x", name="A", password_hash=""),
    "a role of nobody": AccountRoleRow(account_id=99, role="hr"),
    "a person who left before being hired": PersonRow(employee="9", name="N", hired_on=NEXT, employed_until=DAY),
    "a person twice": PersonRow(employee="1", name="N"),
    "an assignment of nobody": assignment(employee="99"),
    "an assignment to no unit": assignment(unit="NOWHERE"),
    "an assignment under no manager": assignment(manager="99"),
    "an assignment that ends before it starts": assignment(end_on=date(2029, 1, 1)),
    "an assignment from the same day": assignment(start_on=date(2020, 1, 1)),
    "a salary below nothing": assignment(annual_salary_minor=-1),
    "a target below nothing": assignment(target_amount_minor=-1),
    "an absence of nobody": AbsenceRow(employee="99", start_on=DAY, end_on=NEXT, kind="ill"),
    "an absence without a day": AbsenceRow(employee="1", start_on=DAY, end_on=DAY, kind="ill"),
    "a plan in no known state": plan(state="guess"),
    "a submitted plan without a moment": submitted(submitted_at=None),
    "a submitted plan without a submitter": submitted(submitted_by=None),
    "a draft that was submitted": submitted(state="draft"),
    "a published plan without a moment": published(published_at=None),
    "a published plan without a publisher": published(published_by=None),
    "a published plan that nobody submitted": published(submitted_by=None, submitted_at=None),
    "a draft with a publisher": plan(published_by="b", published_at=NOW),
    "a submitted plan with a publisher": published(state="submitted"),
    "a plan published by its author": published(published_by="a", submitted_by="c"),
    "a plan published by who submitted it": published(published_by="c", submitted_by="c"),
    "a withdrawn plan without a moment": withdrawn(withdrawn_at=None),
    "a withdrawn plan without who withdrew it": withdrawn(withdrawn_by=None),
    "a withdrawn plan that was never published": withdrawn(published_by=None, published_at=None),
    "a published plan that was withdrawn": withdrawn(state="published"),
    "a plan withdrawn by its author": withdrawn(withdrawn_by="a"),
    "an act on no plan": act(version_id=99),
    "an act of no known kind": act(act="guess"),
    "a plan sent back without a word": act(act="send back"),
    "a plan withdrawn without a word": act(act="withdraw"),
    "a warning answered without a word": PlanWarningRow(act_id=1, place=0, about="", why="Careful.", words=""),
    "a warning answered in no act": PlanWarningRow(act_id=99, place=0, about="", why="Careful.", words="Yes."),
    "a run that used no plan": RunPlanRow(run_id=1, version_id=99, sha256=""),
    "a reader of no plan": PlanReaderRow(version_id=99, employee="1", sha256="", read_at=NOW),
    "a reader whom nobody knows": PlanReaderRow(version_id=1, employee="99", sha256="", read_at=NOW),
    "no run that used a plan": RunPlanRow(run_id=99, version_id=1, sha256=""),
    "two versions with one start": plan(plan="p", starts_on=date(2025, 1, 1)),
    "a response of no unit": response(unit="NOWHERE"),
    "a response of no file": response(batch_id=99),
    "a response twice in force": response(key="r1"),
    "a tally below nothing": tally(count=-1),
    "a tally of no unit": tally(unit="NOWHERE"),
    "a result that says nothing": result(),
    "a result that says two things": result(value=ONE, promoters=1, passives=1, detractors=1),
    "a result with some of the groups": result(promoters=1, passives=1),
    "a result with a group below nothing": result(promoters=-1, passives=1, detractors=1),
    "a run twice": run_row(number=1),
    "an attainment of no run": RunAttainmentRow(run_id=99, number=1, plan="p", unit="U", document="{}"),
    "a payout of no run": payout(run_id=99),
    "a payout twice": payout(employee="1"),
    "a piece of no payout": piece(employee="99"),
    "a piece of no attainment": piece(attainment=99),
    "a piece without a day": piece(end_on=NEXT),
    "somebody excluded for no known reason": RunExclusionRow(run_id=1, employee="9", state="lost", name="N", why=""),
}


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine)
    taken(engine, "answers", "response,unit,answered_on,recommend\nr1,U,2025-07-01,9")
    publish(engine)
    calculated(engine)
    with writing(engine) as session:
        session.add(AccountRow(email="a@x", name="A", password_hash=""))
        session.add(waiver())


def copied(row):
    return type(row)(
        **{name: getattr(row, name) for name in type(row).model_fields if getattr(row, name, None) is not None}
    )


def test_every_wrong_row_is_refused_by_the_database(stored):
    taken_in = [what for what, row in WRONG.items() if not is_refused(stored, copied(row))]
    assert taken_in == []


def is_refused(engine, row):
    try:
        with writing(engine) as session:
            session.add(row)
    except IntegrityError:
        return True
    return False


def test_what_is_right_is_taken(stored):
    right = [
        assignment(),
        plan(),
        submitted(plan="r"),
        published(plan="s"),
        withdrawn(plan="s"),
        act(),
        response(),
        tally(),
        result(value=ONE),
        run_row(),
        payout(),
        piece(start_on=NEXT),
        waiver(),
        decision(),
        quarter_days(),
    ]
    with writing(stored) as session:
        session.add_all(map(copied, right))


KEPT = {
    "a published plan never changes": update(PlanVersionRow).values(document="{}"),
    "a published plan is never deleted": delete(PlanVersionRow),
    "what was done to a plan never changes": update(PlanActRow).values(words="Nothing."),
    "what was said of a warning never changes": update(PlanWarningRow).values(words="Nothing."),
    "a run never changes": update(RunPayoutRow).values(amount_minor=1),
    "an accepted file never changes": update(BatchRow).values(sha256=""),
    "an accepted file is never deleted": delete(BatchRow).where(BatchRow.kind == "units"),
    "what a customer said never changes": update(ResponseRow).values(answers="{}"),
    "what a customer said is never deleted": delete(ResponseRow),
}


@pytest.mark.parametrize("why", KEPT)
def test_what_is_written_once_cannot_be_changed_or_deleted(stored, why):
    with pytest.raises(IntegrityError, match=why), writing(stored) as session:
        session.execute(KEPT[why])


@pytest.mark.parametrize(
    "table", [RunRow, RunAttainmentRow, RunPayoutRow, RunPieceRow, RunPlanRow, PlanActRow, PlanWarningRow]
)
def test_no_row_of_a_run_or_of_what_was_done_to_a_plan_can_be_deleted(stored, table):
    with pytest.raises(IntegrityError), writing(stored) as session:
        session.execute(delete(table))


def test_a_published_plan_cannot_be_replaced_behind_the_triggers_back(sqlite_engine):
    company(sqlite_engine)
    publish(sqlite_engine)
    columns = [name for name in PlanVersionRow.model_fields if name != "document"]
    kept = ", ".join(columns)
    into = f"INSERT OR REPLACE INTO plan_version ({kept}, document) "
    replace = into + f"SELECT {kept}, '{{}}' FROM plan_version"  # noqa: S608 - names of columns
    with pytest.raises(IntegrityError, match="a published plan is never deleted"), writing(sqlite_engine) as session:
        session.execute(text(replace))


MOVED = {
    "a plan version does not go from one state to that other": {"state": "published"},
    "a submitted plan changes only after it is sent back": {"document": "[]"},
}


@pytest.mark.parametrize("why", MOVED)
def test_what_is_submitted_stays_as_it_was_submitted(stored, why):
    given = {"state": "submitted", "submitted_by": "a", "submitted_at": NOW}
    with writing(stored) as session:
        session.add(plan())
        session.add(submitted(plan="r"))
    publishing = {**given, "published_by": "b", "published_at": NOW, **MOVED[why]}
    changes = {"q": publishing, "r": MOVED[why]}
    which = "q" if "state" in MOVED[why] else "r"
    with pytest.raises(IntegrityError, match=why), writing(stored) as session:
        session.execute(update(PlanVersionRow).where(PlanVersionRow.plan == which).values(**changes[which]))


def test_a_plan_that_a_run_has_used_is_not_withdrawn_and_another_is(stored):
    gone = update(PlanVersionRow).values(state="withdrawn", withdrawn_by="c", withdrawn_at=NOW)
    with pytest.raises(IntegrityError, match="a plan that a run has used is not withdrawn"), writing(stored) as session:
        session.execute(gone.where(PlanVersionRow.plan == "p"))
    with writing(stored) as session:
        session.add(published())
    with writing(stored) as session:
        session.execute(gone.where(PlanVersionRow.plan == "q"))
    with pytest.raises(IntegrityError, match="a published plan never changes"), writing(stored) as session:
        session.execute(update(PlanVersionRow).where(PlanVersionRow.plan == "q").values(withdrawn_by="d"))
    with writing(stored) as session:
        session.add(plan())


@pytest.mark.parametrize("change", [update(PlanReaderRow).values(sha256="x"), delete(PlanReaderRow)])
def test_that_somebody_read_a_plan_never_changes(stored, change):
    with writing(stored) as session:
        session.add(PlanReaderRow(version_id=1, employee="1", sha256="", read_at=NOW))
    with pytest.raises(IntegrityError, match="that somebody read a plan never changes"), writing(stored) as session:
        session.execute(change)


def test_a_draft_changes_and_goes_as_its_author_likes(stored):
    with writing(stored) as session:
        session.add(plan())
    with writing(stored) as session:
        session.execute(update(PlanVersionRow).where(PlanVersionRow.plan == "q").values(name="R"))
        session.execute(delete(PlanVersionRow).where(PlanVersionRow.plan == "q"))
    with reading(stored) as session:
        assert list(plans.list_versions(session)) == ["p"]


def test_a_response_that_was_replaced_stays_replaced_by_the_same_file(stored):
    with writing(stored) as session:
        session.execute(update(ResponseRow).values(replaced_by=1))
    with pytest.raises(IntegrityError), writing(stored) as session:
        session.execute(update(ResponseRow).values(replaced_by=2))


def test_no_column_of_any_table_is_a_binary_or_rounded_number():
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    assert [str(column) for column in columns if isinstance(column.type, Float | Numeric)] == []
    assert len(columns) > 100


def test_exact_numbers_come_back_as_they_were(engine):
    company(engine)
    numbers = [Fraction("12345678901234567890.12345678901234567890"), Fraction(1, 3), Fraction(-7), Fraction(1, 1024)]
    for n, number in enumerate(numbers):
        with writing(engine) as session:
            session.add(result(quarter=f"2024-Q{n + 1}", value=number))
    with reading(engine) as session:
        query = select(ResultRow.value).where(ResultRow.quarter < "2025").order_by(ResultRow.quarter)
        assert session.scalars(query).all() == numbers


def test_a_float_is_refused_where_an_exact_number_belongs(engine):
    company(engine)
    with (
        pytest.raises(StatementError, match=r"0\.1 is a float; only exact numbers are stored"),
        writing(engine) as session,
    ):
        session.add(result(value=0.1))


def test_the_largest_amounts_are_summed_exactly(stored):
    large = 2**53 + 1
    with writing(stored) as session:
        session.add_all(payout(employee=f"9{n}", amount_minor=large, target_minor=large) for n in range(3))
    with reading(stored) as session:
        (total,) = currency_totals(session, 1, Sight(EVERYBODY, Span.of_day(NOW.date()), NOW.date()))
    assert total.amount.minor == 3 * large + 200000
    assert total.people == 5


def test_a_moment_without_a_zone_is_refused_and_one_with_a_zone_comes_back_in_utc(engine):
    naive = run_row(calculated_at=datetime(2026, 4, 3, 9, 30))  # noqa: DTZ001 - what must be refused
    with pytest.raises(StatementError), writing(engine) as session:
        session.add(naive)
    lisbon = datetime.fromisoformat("2026-04-03T10:30:00+01:00")
    with writing(engine) as session:
        session.add(run_row(calculated_at=lisbon))
    with reading(engine) as session:
        back = session.scalars(select(RunRow.calculated_at)).one()
    assert (back, back.tzinfo) == (datetime(2026, 4, 3, 9, 30, tzinfo=UTC), UTC)


def test_minor_units_are_never_cut_off():
    assert models.minor_units(Fraction("12.34"), "EUR") == 1234
    assert models.minor_units(None, "EUR") is None
    with pytest.raises(ValueError, match="finer than the minor unit of JPY"):
        models.minor_units(Fraction(1, 2), "JPY")
