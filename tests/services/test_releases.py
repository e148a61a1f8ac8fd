"""Releasing: once, as it was approved and seen, frozen in rows and bytes; the next batch holds only what is new."""

import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from openpyxl import load_workbook
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.errors import ChangedError, LoyaltyPayError, NotFoundError, RefusedError, UnavailableError, UnseenError
from comp.money import Money
from comp.payroll_layouts import WORKBOOK
from comp.roles import Role
from comp.services import audit, payout_holds, payroll, releases, settlement, workflow
from comp.services.payroll import Told
from comp.settlement import Key, LineKind, SettledLine
from comp.store import releases as stored_releases
from comp.workflow import State
from importers.payroll_layouts import built_in_layouts
from tests.released import APPROVER, HR, OTHER_PAYROLL, PAYROLL, account, approve, look, release, wish
from tests.stored import NOW, Q3, calculated, company, publish
from web.releasing import release_batch

GENERIC = built_in_layouts()["generic-csv"]
Q2 = Q3.plus(-1)


@pytest.fixture
def quarter(filled):
    return filled(calculated_quarter)


def calculated_quarter(engine):
    company(engine)
    publish(engine)
    calculated(engine)


def hold(engine, employee, by=HR):
    with writing(engine) as session:
        seen = payout_holds.seen_pay(session, Q3, employee)
        return payout_holds.hold_back(session, by, Q3, employee, (seen, "Bank details are missing."), NOW)


def lift(engine, employee, by=APPROVER):
    with writing(engine) as session:
        return payout_holds.lift(session, by, Q3, employee, "They are here.", NOW)


def state(engine):
    with reading(engine) as session:
        return workflow.life_of(session, Q3).state


def files(engine, made):
    with reading(engine) as session:
        return {
            file.name: releases.load_files(session, made, file.layout, file.name)[file.name]
            for file in releases.list_files(session, made)
        }


def lines(engine, name):
    with reading(engine) as session:
        found = stored_releases.load_lines(session, name)
    return [(each.key.employee, each.key.kind, str(each.key.quarter), each.amount.minor) for each in found]


def test_what_was_approved_is_frozen_in_rows_and_bytes_with_who_stands_for_it(quarter):
    approve(quarter)
    made = release_batch(quarter, PAYROLL, Q3, wish(look(quarter), GENERIC, told=Told(date(2026, 4, 28), "7A")), NOW)
    assert (made.name, made.people, made.lines, made.pay_date, made.payroll_number) == (
        "2025-Q3-B1",
        2,
        2,
        date(2026, 4, 28),
        "7A",
    )
    assert (made.approved_by, made.released_by, state(quarter)) == (APPROVER.email, PAYROLL.email, State.RELEASED)
    assert lines(quarter, made.name) == [
        ("1", LineKind.EARNED, "2025-Q3", 100000),
        ("2", LineKind.EARNED, "2025-Q3", 100000),
    ]
    kept = files(quarter, made)
    control = "control-2025-Q3-B1-generic-csv"
    of_workbook = "control-2025-Q3-B1-workbook"
    assert list(kept) == [
        *("payroll-2025-Q3-B1.xlsx", f"{of_workbook}.json", f"{of_workbook}.csv"),
        *("payroll-2025-Q3-B1.csv", f"{control}.json", f"{control}.csv"),
    ]
    told, same = json.loads(kept[f"{of_workbook}.json"]), json.loads(kept[f"{control}.json"])
    assert told["files"][0]["sha256"] == hashlib.sha256(kept["payroll-2025-Q3-B1.xlsx"]).hexdigest()
    assert [told[name] for name in ("people", "rows", "employees_sha256")] == [
        same[name] for name in ("people", "rows", "employees_sha256")
    ]
    assert told["totals"] == [
        {"company_code": "", "pay_code": "LOY", "currency": "EUR", "people": 2, "rows": 2, "amount": "2000.00"}
    ]
    assert b'"released": true' in kept[f"{control}.json"]
    assert b'"7A"' in kept["payroll-2025-Q3-B1.csv"]
    book = load_workbook(io.BytesIO(kept["payroll-2025-Q3-B1.xlsx"]))
    signed = [row[:3] for row in book["Sign-off"].iter_rows(min_row=11, values_only=True)]
    assert signed == [
        ("calculated", "hr@example.org", "hr@example.org"),
        ("given to review", HR.email, HR.email),
        ("approved", APPROVER.email, APPROVER.email),
        ("released", "Person 3", PAYROLL.email),
    ]
    with reading(quarter) as session:
        noted = [each.entry for each in audit.search(session, "2025-Q3-B1", 1)]
        assert [(each.action, each.about) for each in noted] == [("freeze", "release 2025-Q3-B1")]
        assert hashlib.sha256(kept["payroll-2025-Q3-B1.xlsx"]).hexdigest() in noted[0].details


def test_the_same_bytes_come_again_whatever_changes_later(quarter):
    approve(quarter)
    made = release(quarter)
    before = files(quarter, made)
    calculated(quarter)
    assert files(quarter, made) == before


def test_bytes_that_somebody_changed_under_the_programs_hands_are_not_served(quarter, monkeypatch):
    approve(quarter)
    made = release(quarter)
    monkeypatch.setattr(stored_releases, "load_file", lambda *_: b"other")
    with pytest.raises(RefusedError, match="is not what was released: its bytes have another hash"):
        files(quarter, made)


def test_only_an_approved_quarter_is_released_and_not_by_who_approved_it(quarter):
    assert look(quarter).against == ("2025-Q3 is calculated and not in review. Let the review begin first.",)
    approve(quarter)
    assert look(quarter).against == ()
    both = replace(APPROVER, roles=(Role.APPROVER, Role.PAYROLL))
    assert "four eyes" in look(quarter, by=both).against[0]
    with pytest.raises(RefusedError, match="Somebody else must release it"):
        release(quarter, by=both)
    with pytest.raises(RefusedError, match="Your roles do not let you release"):
        release(quarter, by=HR)
    assert state(quarter) is State.APPROVED


def test_a_total_that_is_typed_otherwise_releases_nothing(quarter):
    approve(quarter)
    ready = look(quarter)
    for totals in ({"EUR": "2000.01"}, {}):
        with pytest.raises(RefusedError, match=r"typed for EUR is not what 2025-Q3-B1 pays. Nothing was released"):
            release_batch(quarter, PAYROLL, Q3, replace(wish(ready), totals=totals), NOW)
    assert state(quarter) is State.APPROVED


def test_a_hold_after_one_looked_is_told_as_a_change(quarter):
    approve(quarter)
    ready = look(quarter)
    hold(quarter, "2")
    with pytest.raises(ChangedError, match=r"2025-Q3 is not what you saw.*It pays 1000.00 EUR now"):
        release_batch(quarter, PAYROLL, Q3, wish(ready), NOW)


def test_a_change_while_the_files_were_made_is_told_and_nothing_is_stored(quarter):
    approve(quarter)
    ready = look(quarter)
    with reading(quarter) as session:
        prepared = releases.prepare(session, PAYROLL, Q3, wish(ready), NOW)
    hold(quarter, "2")
    with pytest.raises(ChangedError), writing(quarter) as session:
        releases.store(session, PAYROLL, prepared, [], NOW)
    with reading(quarter) as session:
        assert releases.list_releases(session) == []


def test_what_was_changed_after_its_approval_is_not_released(quarter, monkeypatch):
    approve(quarter)
    monkeypatch.setattr(settlement, "STEPS", (adjusted,))
    with pytest.raises(RefusedError, match=r"changed after it was approved. Reopen it"):
        release(quarter)


def adjusted(session, run, settled):
    return {Key("1", "EUR"): [SettledLine(LineKind.ADJUSTMENT, Money(500, "EUR"), Q3, "Agreed.", "adjustment 1")]}


def corrected(session, run, settled):
    return {
        Key("2", "EUR"): [SettledLine(LineKind.CORRECTION, Money(-300, "EUR"), Q2, "Late answers.", "run 2025-Q2/2")]
    }


def test_adjustments_and_corrections_reach_rows_workbook_files_and_control_totals(quarter, monkeypatch):
    monkeypatch.setattr(settlement, "STEPS", (adjusted, corrected))
    approve(quarter)
    made = release_batch(quarter, PAYROLL, Q3, wish(look(quarter), GENERIC), NOW)
    assert lines(quarter, made.name) == [
        ("1", LineKind.EARNED, "2025-Q3", 100000),
        ("1", LineKind.ADJUSTMENT, "2025-Q3", 500),
        ("2", LineKind.EARNED, "2025-Q3", 100000),
        ("2", LineKind.CORRECTION, "2025-Q2", -300),
    ]
    kept = files(quarter, made)
    rows = list(load_workbook(io.BytesIO(kept["payroll-2025-Q3-B1.xlsx"]))["Payroll"].values)
    assert [(row[1], row[7], row[8]) for row in rows] == [
        ("Employee", "Amount", "Corrects"),
        ("1", 1005, None),
        ("2", 1000, None),
        ("2", -3, "2025-Q2"),
    ]
    table = kept["payroll-2025-Q3-B1.csv"].decode("utf-8-sig").splitlines()
    assert [(line.split(",")[7], line.split(",")[9]) for line in table] == [
        ('"Amount"', '"Corrects"'),
        ('"1005.00"', '""'),
        ('"1000.00"', '""'),
        ('"-3.00"', '"2025-Q2"'),
    ]
    assert b'"amount": "2002.00"' in kept["control-2025-Q3-B1-generic-csv.json"]


def test_the_next_batch_pays_what_was_held_back_and_nothing_twice(quarter):
    approve(quarter)
    hold(quarter, "2")
    first = release(quarter)
    assert lines(quarter, first.name) == [("1", LineKind.EARNED, "2025-Q3", 100000)]
    assert look(quarter).against == ("There is nothing to pay: 2025-Q3 has no line that was not released.",)
    lift(quarter, "2")
    second = release(quarter)
    assert (second.name, lines(quarter, second.name)) == ("2025-Q3-B2", [("2", LineKind.EARNED, "2025-Q3", 100000)])
    book = load_workbook(io.BytesIO(files(quarter, second)["payroll-2025-Q3-B2.xlsx"]))
    assert list(book["Changes"].values)[1:] == [
        ("2025-Q3-B1", "new", None, "2", "Bob", "EUR", None, 1000, 1000, None, "no longer held back")
    ]
    with pytest.raises(RefusedError, match="nothing to pay"):
        release(quarter)


def test_lines_that_come_later_are_paid_as_the_difference(quarter, monkeypatch):
    approve(quarter)
    release(quarter)
    monkeypatch.setattr(settlement, "STEPS", (adjusted,))
    second = release(quarter)
    assert lines(quarter, second.name) == [("1", LineKind.ADJUSTMENT, "2025-Q3", 500)]
    monkeypatch.setattr(settlement, "STEPS", ())
    third = release(quarter)
    assert lines(quarter, third.name) == [("1", LineKind.ADJUSTMENT, "2025-Q3", -500)]


def test_of_two_who_release_at_once_one_wins_and_the_other_is_told(quarter):
    approve(quarter)
    ready, start, ended = look(quarter), Barrier(2), []

    def work(by):
        start.wait()
        try:
            ended.append(release_batch(quarter, by, Q3, wish(ready), NOW).name)
        except RefusedError as refused:
            ended.append(type(refused))

    threads = [Thread(target=work, args=(by,)) for by in (PAYROLL, OTHER_PAYROLL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, ended)) == ["2025-Q3-B1", str(ChangedError)]
    with reading(quarter) as session:
        assert [each.name for each in releases.list_releases(session)] == ["2025-Q3-B1"]


def test_a_layout_that_cannot_write_somebody_keeps_the_batch_from_being_released(quarter):
    approve(quarter)
    with pytest.raises(RefusedError, match="The files for SAP infotype 0015 cannot be made yet"):
        release_batch(quarter, PAYROLL, Q3, wish(look(quarter), built_in_layouts()["sap-infotype-0015"]), NOW)
    assert state(quarter) is State.APPROVED


def test_a_disk_that_fills_up_while_a_batch_is_stored_leaves_nothing_of_it(sqlite_filled):
    quarter = sqlite_filled(calculated_quarter)
    approve(quarter)
    wanted = wish(look(quarter))

    @event.listens_for(quarter, "begin")
    def fill(connection):
        connection.exec_driver_sql(
            f"PRAGMA max_page_count = {connection.exec_driver_sql('PRAGMA page_count').scalar()}"
        )

    with pytest.raises(UnavailableError, match="Nothing was stored"):
        release_batch(quarter, PAYROLL, Q3, wanted, NOW)
    event.remove(quarter, "begin", fill)
    quarter.dispose()
    with reading(quarter) as session:
        assert releases.list_releases(session) == []
    assert state(quarter) is State.APPROVED


def test_a_batch_that_there_is_not_and_one_that_is_not_for_somebody_look_alike(quarter):
    approve(quarter)
    made = release(quarter)
    told = set()
    for who, name in ((HR, "2025-Q3-B9"), (HR, "nonsense"), (account(9), made.name)):
        with reading(quarter) as session, pytest.raises(UnseenError) as unseen:
            releases.find(session, who, name)
        told.add(str(unseen.value).replace(name, "X"))
    assert told == {"There is no batch X."}
    with reading(quarter) as session, pytest.raises(NotFoundError, match="has no file adp-run"):
        releases.load_files(session, made, "adp-run")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE release SET people = 1",
        "DELETE FROM release",
        "UPDATE release_line SET minor = 1",
        "DELETE FROM release_line",
        "UPDATE release_file SET name = 'other'",
        "DELETE FROM release_file",
        "UPDATE payout_hold SET lifted_by = held_by, lifted_at = held_at",
        "UPDATE payout_hold SET why = 'other'",
        "DELETE FROM payout_hold",
        (
            "INSERT INTO release SELECT '2025-Q3-B2', quarter, 2, run_id, released_by, released_by, released_at, "
            "approved_sha256, settlement_sha256, content_sha256, employees_sha256, people, lines, pay_date, "
            "payroll_number, anchor FROM release"
        ),
    ],
)
def test_the_database_itself_keeps_what_was_released_and_four_eyes(quarter, statement):
    approve(quarter)
    hold(quarter, "2")
    release(quarter)
    with pytest.raises(DatabaseError), writing(quarter) as session:
        session.execute(text(statement))


def test_pay_is_held_back_once_with_a_reason_before_its_release_and_by_whose_role_it_is(quarter):
    for why, employee, by in (("Say why", "1", HR), ("Your roles", "1", account(9)), ("pays 77 nothing", "77", HR)):
        with reading(quarter) as session:
            words = payout_holds.seen_pay(session, Q3, employee), "" if why == "Say why" else "Asked."
        with pytest.raises(LoyaltyPayError, match=why), writing(quarter) as session:
            payout_holds.hold_back(session, by, Q3, employee, words, NOW)
    with pytest.raises(ChangedError, match="changed since you looked"), writing(quarter) as session:
        payout_holds.hold_back(session, HR, Q3, "1", ("0" * 64, "Asked."), NOW)
    hold(quarter, "1")
    with pytest.raises(RefusedError, match="held back already: Bank details"):
        hold(quarter, "1")
    approve(quarter)
    release(quarter)
    with pytest.raises(RefusedError, match="is released to 2 already"):
        hold(quarter, "2")


def test_pay_of_nobody_is_held_back_once_the_quarter_is_released(quarter, monkeypatch):
    approve(quarter)
    hold(quarter, "1")
    release(quarter)
    lift(quarter, "1")
    with pytest.raises(RefusedError, match=r"2025-Q3 is released. Pay is held back before its release only"):
        hold(quarter, "1")


def test_somebody_else_lifts_what_is_held_back_and_not_their_own(quarter):
    hold(quarter, "1")
    with pytest.raises(RefusedError, match="Somebody else must lift it: four eyes"):
        lift(quarter, "1", by=HR)
    with pytest.raises(RefusedError, match="your own pay"):
        lift(quarter, "1", by=account(8, Role.PAYROLL, employee="1"))
    with pytest.raises(RefusedError, match="Your roles"):
        lift(quarter, "1", by=account(8))
    lift(quarter, "1")
    with pytest.raises(UnseenError, match="Nothing of 2025-Q3 is held back from 1"):
        lift(quarter, "1")
    with reading(quarter) as session:
        (kept,) = payout_holds.holds_of(session, Q3, ["1"])
    assert (kept.held_by, kept.lifted_by, kept.lifted_words) == (HR.email, APPROVER.email, "They are here.")
    hold(quarter, "1")


def test_the_files_of_a_batch_are_those_of_a_released_quarter(quarter):
    approve(quarter)
    release(quarter)
    with reading(quarter) as session:
        assert not payroll.is_open(session, Q3)
        with pytest.raises(RefusedError, match="Take the files of its batches"):
            payroll.payroll_rows(session, PAYROLL, Q3, GENERIC, Told(), NOW)


def test_what_a_person_was_released_for_a_quarter_is_known_with_its_batches(quarter, monkeypatch):
    monkeypatch.setattr(settlement, "STEPS", (corrected,))
    approve(quarter)
    made = release(quarter)
    with reading(quarter) as session:
        of_q2 = stored_releases.released_for(session, Q2, ["1", "2"])
        of_q3 = stored_releases.released_for(session, Q3, ["2"])
        assert stored_releases.booked_places(session, Q2, ["2"])[Key("2", "EUR"), Q2]
        assert stored_releases.load_file(session, made.name, WORKBOOK, "none") is None
    assert [(name, line.amount.minor) for name, line in of_q2] == [(made.name, -300)]
    assert [(name, line.amount.minor) for name, line in of_q3] == [(made.name, 100000)]
