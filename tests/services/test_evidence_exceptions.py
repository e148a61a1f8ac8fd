"""What a pack tells of everything unusual: who gets nothing or something else, and who asked and decided."""

import shutil
from collections.abc import Mapping
from datetime import date

import pytest

from comp.adjustments import Act, End
from comp.adjustments import State as AdjustmentState
from comp.data_findings import Check, DataFinding, Mend, MendKind, Place, PlaceKind, Stop
from comp.db import Session, connect, reading, writing
from comp.exclusions import Kind, Named, Proposal, Reason, State
from comp.funding import Pool
from comp.guarantees import Guarantee, Promise
from comp.money import Money
from comp.periods import Quarter, Span
from comp.releases import Hold
from comp.services.evidence import gather
from comp.services.workflow import counting_run
from comp.store import adjustments, exclusions, funding, guarantees, payout_holds, waivers, withdrawals
from comp.store.adjustments import Proposal as Adjusting
from comp.waivers import Decision, Outcome
from tests.exports.packs import differences, pack_of
from tests.services.test_evidence import AUDITOR, table
from tests.stored import NOW, Q3, calculated, company, publish
from web.database import disposed

HR, APPROVER = "hr@example.org", "rui@example.org"
UNITS = "unit,name,parent\nCO,Company,\nU,Unit,CO\nV,Other unit,CO\nW,Third unit,\n"
PEOPLE = """
    employee,name,unit,from,target_amount,currency,hired,left,leaving_reason
    1,Ann,U,2020-01-01,4000,EUR,2020-01-01,,
    2,Bob,V,2020-01-01,8000,EUR,2020-01-01,2025-08-31,retired
    3,Cem,W,2020-01-01,8000,EUR,2020-01-01,,
    4,Dan,U,2020-01-01,4000,EUR,2025-09-20,,
    5,Eve,U,2020-01-01,,EUR,2020-01-01,,
"""


def asked_for_an_adjustment(session: Session, amount: int) -> int:
    said = ("Extra role", "She led the move.", False, "", "ab" * 32, HR, None)
    proposal = Adjusting("1", Money(amount, "EUR"), None, *said)
    return adjustments.save_proposal(session, counting_run(session, Q3), proposal, NOW)


def end_it(session: Session, number: int) -> None:
    found = next(each for each in adjustments.load_adjustments(session, Q3) if each.id == number)
    adjustments.save_end(session, found, End(Act.APPROVE, APPROVER, NOW, "Agreed."), None, "ab" * 32)


def waive(session: Session, *decisions: Decision) -> None:
    finding = DataFinding(Check.NO_RESULTS, Place(PlaceKind.UNIT, "U"), "No target.", "Import it.", MEND, Stop.PEOPLE)
    number = waivers.add_waiver(session, str(Q3), finding, "It is late.", HR, NOW)
    for decision in decisions:
        waivers.add_decision(session, waivers.find_waiver(session, number), decision)


MEND = Mend(MendKind.TARGETS)


def leave_out(session: Session, quarter: Quarter) -> None:
    about = (Kind.EXCLUDE, "U", quarter, Reason.TEST, "It was a preview.", HR, NOW, State.PROPOSED)
    exclusions.add_proposal(session, Proposal(0, *about, (Named("r1"), Named("r2", "recommend"))))


def promise(session: Session, days: Span) -> int:
    guarantee = Guarantee(Promise.MINIMUM, Money(10000, "EUR"), days, Money(0, "EUR"))
    return guarantees.add_guarantee(session, "2", guarantee, "As it was agreed.", HR, NOW)


def decide_everything(session: Session) -> None:
    asked_for_an_adjustment(session, 5000)
    end_it(session, asked_for_an_adjustment(session, -200000))
    hold = payout_holds.save_hold(session, Hold(0, Q3, "1", "Asked for.", HR, NOW))
    payout_holds.mark_lifted(session, hold, APPROVER, "Cleared.", NOW)
    payout_holds.save_hold(session, Hold(0, Q3, "2", "Wait.", HR, NOW))
    waive(session)
    waive(session, Decision(Outcome.GRANTED, "Go on.", APPROVER, NOW))
    leave_out(session, Q3)
    leave_out(session, Quarter(2024, 1))
    pool = Pool(Money(900000, "EUR"), Money(0, "EUR"))
    first = funding.add_pool(session, Q3, pool, "As budgeted.", HR, NOW)
    funding.confirm_pool(session, first, APPROVER, NOW)
    funding.end_pool(session, first, HR, NOW)
    funding.confirm_pool(session, funding.add_pool(session, Q3, pool, "As budgeted.", HR, NOW), APPROVER, NOW)
    funding.add_pool(session, Q3, pool, "More.", HR, NOW)
    guarantees.confirm_guarantee(session, promise(session, Span(date(2025, 1, 1))), APPROVER, NOW)
    promise(session, Span(date(2025, 9, 1)))
    promise(session, Span(date(2027, 1, 1)))
    withdrawals.mark_decided(
        session, withdrawals.add_withdrawal(session, 1, "Wrong.", HR, NOW), "withdrawn", APPROVER, NOW
    )


@pytest.fixture(scope="module")
def told(sqlite_template, tmp_path_factory) -> Mapping[str, list[dict[str, str]]]:
    """The tables of a quarter in which everything happened."""
    path = tmp_path_factory.mktemp("exceptions") / "company.db"
    shutil.copy(sqlite_template, path)
    with disposed(connect(f"sqlite:///{path}")) as engine:
        company(engine, units=UNITS, people=PEOPLE)
        publish(engine, applies_to={"units": ["CO"]}, eligibility={"minimum_days": "30"})
        calculated(engine)
        with writing(engine) as session:
            decide_everything(session)
        with reading(engine) as session:
            packed = pack_of(gather(session, AUDITOR, Q3, NOW))
    return {"pack": packed, **{name: table(packed, name) for name in ("exceptions", "inputs", "payable")}}


def of(told, what: str) -> list[tuple[str, ...]]:
    """The rows of one kind, without who and when."""
    columns = "employee", "about", "why", "state"
    return [tuple(row[name] for name in columns) for row in told["exceptions"] if row["what"] == what]


def test_the_pack_of_a_quarter_in_which_everything_happened_holds(told, tmp_path, capsys):
    assert differences(told["pack"], tmp_path / "pack.zip", capsys) == []


def test_who_gets_nothing_stands_with_the_reason(told):
    ((held, about, why, _),) = of(told, "held")
    assert (held, about, why[:15]) == ("5", "", "No target in U:")
    assert of(told, "in no plan") == [("3", "", "No plan pays W.", "")]
    assert of(told, "pays 0") == [("4", "", "Employed for 11 days of the quarter; the plan asks for 30.", "")]
    assert of(told, "left") == [("2", "employed until 2025-09-01, that day excluded", "retired", "")]
    assert of(told, "pays less than 0") == [("1", "EUR -1000.00", "What is taken back is more than what is paid.", "")]


def test_what_somebody_decided_stands_with_who_asked_and_who_decided(told):
    assert of(told, "adjustment") == [
        ("1", "EUR 50.00", "Extra role: She led the move.", "proposed"),
        ("1", "EUR -2000.00", "Extra role: She led the move.", AdjustmentState.APPROVED),
    ]
    assert of(told, "held back") == [("1", "", "Asked for.", "lifted"), ("2", "", "Wait.", "held back")]
    assert of(told, "waiver") == [
        ("", "unit U: No target.", "It is late.", "asked"),
        ("", "unit U: No target.", "It is late.", "granted"),
    ]
    assert of(told, "exclusion of answers") == [
        ("", "exclude 1: 2 of U in 2025-Q3", "test or preview: It was a preview.", "proposed")
    ]
    assert [(row[1][:14], row[3]) for row in of(told, "funding pool")] == [
        ("funding pool 1", "ended"),
        ("funding pool 2", "in force"),
        ("funding pool 3", "proposed"),
    ]
    assert [row[3] for row in of(told, "guarantee")] == ["in force", "proposed"]
    (granted,) = [row for row in told["exceptions"] if row["state"] == "granted"]
    people = "asked_by", "asked_at", "decided_by", "decided_at", "decided_words"
    assert [granted[name] for name in people] == [
        HR,
        "2026-04-03T09:30:00Z",
        APPROVER,
        "2026-04-03T09:30:00Z",
        "Go on.",
    ]


def test_pay_that_is_held_back_and_files_that_were_withdrawn_are_told(told):
    assert [(row["employee"], row["held_back"]) for row in told["payable"]] == [("1", ""), ("2", "Wait."), ("4", "")]
    assert told["inputs"][0]["withdrawn_at"] == "2026-04-03T09:30:00Z"
    assert told["inputs"][1]["withdrawn_at"] == ""
