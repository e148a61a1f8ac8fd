"""Layouts and maps in the database: what is stored and refused, changes in between, what the chain keeps."""

import json
from datetime import date

import pytest

from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.payroll_layouts import Layout
from comp.payroll_maps import CompanyRule
from comp.roles import Account, Role
from comp.services import layouts, payroll, payroll_maps
from comp.services.payroll import Told
from comp.store import audit
from comp.store import payroll as store
from exports.control_file import control_document
from exports.payroll_files import payroll_files
from tests.exports.payroll_cases import layout_document, layout_of
from tests.stored import EVERYBODY, NOW, Q3, calculated, company, publish

BUILT_IN = {"plain": layout_of(id="plain", name="Plain")}
BY = "payroll@example.org"
CODED = [*layout_document()["columns"], {"field": "pay_code"}, {"field": "company_code"}]


def save(engine, seen="", **fields) -> Layout:
    with writing(engine) as session:
        return layouts.save_layout(session, BUILT_IN, layout_document(**fields), seen, BY, NOW)


def known(engine, name="small"):
    with reading(engine) as session:
        return layouts.find_layout(session, BUILT_IN, name)


def noted(engine):
    """The last entry of the chain: what was done, and its details."""
    with reading(engine) as session:
        entry = list(audit.read_chain(session))[-1].entry
    return entry.action, entry.about, json.loads(entry.details)


def view(engine, layout):
    with reading(engine) as session:
        return payroll_maps.view_maps(session, layout)


def test_an_own_layout_is_stored_found_and_listed_before_those_that_come_with_the_product(engine):
    layout = save(engine)
    found = known(engine)
    assert (found.layout, found.is_own, found.saved_by, found.saved_at) == (layout, True, BY, NOW)
    assert noted(engine) == ("write", "payroll layout small", {"document": found.sha256})
    with reading(engine) as session:
        listed = layouts.list_layouts(session, BUILT_IN)
    assert [(each.layout.id, each.is_own) for each in listed] == [("small", True), ("plain", False)]
    assert known(engine, "plain").saved_by is None


def test_a_changed_layout_takes_the_place_of_the_one_that_was_seen(engine):
    save(engine)
    before = known(engine).sha256
    save(engine, before, name="Other")
    assert known(engine).layout.name == "Other"
    assert noted(engine)[2] == {"before": before, "document": known(engine).sha256}
    with pytest.raises(ChangedError, match=f"{BY} has changed the layout small since you loaded it"):
        save(engine, before, name="Third")
    with writing(engine) as session:
        layouts.save_layout(session, BUILT_IN, layout_document(name="Unseen"), None, BY, NOW)
    assert known(engine).layout.name == "Unseen"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"id": "plain"}, "id ('plain'): is the name of a layout that comes with the product; give yours another one"),
        ({"maps": "gone"}, "maps ('gone'): names a layout that there is not; leave it out for maps of its own"),
        ({"columns": []}, "columns: should be from 1 to 300, not 0"),
    ],
)
def test_a_layout_that_cannot_stand_is_refused(sqlite_engine, fields, why):
    with pytest.raises(RefusedError, match="The layout was not stored") as told:
        save(sqlite_engine, **fields)
    assert str(told.value.problems[0]) == why


def test_a_new_layout_does_not_take_the_name_of_another(sqlite_engine):
    save(sqlite_engine)
    with pytest.raises(RefusedError) as told:
        save(sqlite_engine, name="Second")
    assert str(told.value.problems[0]) == "id ('small'): is taken by another layout of yours"


def test_there_is_no_layout_under_an_unknown_name(sqlite_engine):
    with pytest.raises(NotFoundError, match=r"There is no layout nope\. Layouts: plain"):
        known(sqlite_engine, "nope")


def forget(engine, name, seen):
    with writing(engine) as session:
        layouts.forget_layout(session, BUILT_IN, name, seen, BY, NOW)


def test_a_layout_goes_with_its_maps_unless_another_uses_them(engine):
    layout = save(engine)
    with writing(engine) as session:
        payroll_maps.save_pay_codes(session, layout, {"LOY": "B"}, None, BY, NOW)
    save(engine, id="copy", maps="small")
    with pytest.raises(RefusedError, match="Small uses its maps"):
        forget(engine, "small", known(engine).sha256)
    with pytest.raises(RefusedError, match="Plain comes with the product and stays"):
        forget(engine, "plain", known(engine, "plain").sha256)
    forget(engine, "copy", known(engine, "copy").sha256)
    with pytest.raises(ChangedError, match="has changed the layout small"):
        forget(engine, "small", "0" * 64)
    seen = known(engine).sha256
    forget(engine, "small", seen)
    assert noted(engine) == ("forget", "payroll layout small", {"document": seen})
    assert view(engine, layout).maps.pay_codes == {}
    with pytest.raises(ChangedError, match="Somebody has removed this layout"):
        save(engine, seen)


def test_pay_codes_are_stored_blanks_are_none_and_the_chain_keeps_counts_and_hashes(engine):
    company(engine)
    publish(engine)
    layout = BUILT_IN["plain"]
    before = view(engine, layout)
    assert before.pay_codes == ("LOY",)
    with writing(engine) as session:
        codes = {"LOY": " B1 ", "GONE": "X", "OTHER": "  "}
        payroll_maps.save_pay_codes(session, layout, codes, before.seen_pay_codes, BY, NOW)
    after = view(engine, layout)
    assert after.maps.pay_codes == {"GONE": "X", "LOY": "B1"}
    assert after.pay_codes == ("GONE", "LOY")
    details = {"changed": 2, "sha256": after.seen_pay_codes}
    assert noted(engine) == ("map", "pay codes of payroll layout plain", details)
    with writing(engine) as session, pytest.raises(ChangedError, match="Somebody has changed the maps of Plain"):
        payroll_maps.save_pay_codes(session, layout, {}, before.seen_pay_codes, BY, NOW)


def test_company_codes_are_stored_in_place_of_all_that_there_were(engine):
    company(engine)
    layout = BUILT_IN["plain"]
    rules = [CompanyRule("A"), CompanyRule("B", unit="U", currency="EUR"), CompanyRule("-", cost_centre="C")]
    for stated in (rules, rules[:2]):
        seen = view(engine, layout).seen_companies
        with writing(engine) as session:
            payroll_maps.save_companies(session, layout, stated, seen, BY, NOW)
        assert set(view(engine, layout).maps.companies) == set(stated)
    assert noted(engine)[2]["changed"] == 1
    with writing(engine) as session, pytest.raises(ChangedError):
        payroll_maps.save_companies(session, layout, rules, seen, BY, NOW)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (CompanyRule("A", unit="NOPE"), "unit NOPE ('NOPE'): is no unit"),
        (CompanyRule("A", currency="EURO"), "EURO ('EURO'): is not an ISO 4217 currency"),
        (CompanyRule("B"), "everybody: has two company codes; keep one"),
        (CompanyRule("", cost_centre="C"), "cost centre C: has no code"),
        (CompanyRule("x" * 61, cost_centre="C"), f"cost centre C ('{'x' * 61}'): is longer than 60 characters"),
        (CompanyRule("a\nb", cost_centre="C"), "cost centre C ('a\\nb'): has a control character in it"),
    ],
)
def test_rules_that_cannot_stand_are_refused_and_nothing_is_stored(sqlite_engine, rule, why):
    company(sqlite_engine)
    layout = BUILT_IN["plain"]
    with writing(sqlite_engine) as session, pytest.raises(RefusedError) as told:
        payroll_maps.save_companies(session, layout, [CompanyRule("A"), rule], None, BY, NOW)
    assert [str(problem) for problem in told.value.problems] == [why]
    assert view(sqlite_engine, layout).maps.companies == ()


def test_numbers_are_of_people_who_are_here_and_none_at_all_means_hrs(engine):
    company(engine)
    layout = BUILT_IN["plain"]
    with writing(engine) as session:
        payroll_maps.save_numbers(session, layout, {"1": "007", "2": "8"}, None, BY, NOW)
    seen = view(engine, layout)
    assert seen.maps.numbers == {"1": "007", "2": "8"}
    assert noted(engine) == (
        "map",
        "employee numbers of payroll layout plain",
        {"changed": 2, "sha256": seen.seen_numbers},
    )
    with writing(engine) as session, pytest.raises(RefusedError, match="some are of people who are not here") as told:
        payroll_maps.save_numbers(session, layout, {"9": "1"}, None, BY, NOW)
    assert [str(problem) for problem in told.value.problems] == ["employee ('9'): is no employee here"]
    with writing(engine) as session:
        payroll_maps.save_numbers(session, layout, {}, seen.seen_numbers, BY, NOW)
    assert view(engine, layout).maps.numbers == {}


def test_a_layout_that_names_anothers_maps_reads_and_changes_them(engine):
    company(engine)
    copy = layout_of(id="copy", maps="plain")
    with writing(engine) as session:
        payroll_maps.save_pay_codes(session, copy, {"LOY": "B"}, None, BY, NOW)
    assert view(engine, BUILT_IN["plain"]).maps.pay_codes == {"LOY": "B"}
    assert noted(engine)[1] == "pay codes of payroll layout plain"


def test_rows_come_from_the_last_run_with_the_stored_maps(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    calculated(engine)
    layout = layout_of(columns=CODED)
    with writing(engine) as session:
        payroll_maps.save_pay_codes(session, layout, {"LOY": "B"}, None, BY, NOW)
        payroll_maps.save_companies(session, layout, [CompanyRule("T", unit="CO")], None, BY, NOW)
        payroll_maps.save_numbers(session, layout, {"1": "77", "2": "88"}, None, BY, NOW)
    with reading(engine) as session:
        sheets, rows = payroll.payroll_rows(session, EVERYBODY, Q3, layout, Told(), NOW)
    assert [(row.payroll_number, row.pay_code, row.company_code, str(row.amount)) for row in rows.rows] == [
        ("77", "B", "T", "1000.00"),
        ("88", "B", "T", "1000.00"),
    ]
    assert (rows.batch.number, rows.batch.pay_date, rows.batch.run) == ("25Q3R2", date(2025, 9, 30), 2)
    assert control_document(payroll_files(layout, rows), sheets)["batch"] == "2025-Q3-R2"


def test_whoever_takes_a_file_may_say_its_day_and_number(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    with reading(engine) as session:
        told = Told(date(2025, 10, 28), " 7A ")
        _, rows = payroll.payroll_rows(session, EVERYBODY, Q3, BUILT_IN["plain"], told, NOW)
        assert (rows.batch.pay_date, rows.batch.number) == (date(2025, 10, 28), "7A")
        for number in ("a b", "ü", "x" * 26, "=1"):
            with pytest.raises(RefusedError, match="is no batch number: up to 25 letters and digits"):
                payroll.payroll_rows(session, EVERYBODY, Q3, BUILT_IN["plain"], Told(None, number), NOW)


def test_rows_are_for_those_alone_who_may_see_everybodys_pay(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    admin = Account(1, "a@example.org", "A", (Role.ADMIN,), 0)
    with reading(engine) as session, pytest.raises(UnseenError):
        payroll.payroll_rows(session, admin, Q3, BUILT_IN["plain"], Told(), NOW)


def test_a_damaged_layout_is_said(sqlite_engine):
    save(sqlite_engine)
    with writing(sqlite_engine) as session:
        session.connection().exec_driver_sql("UPDATE payroll_layout SET document = '{}'")
    with reading(sqlite_engine) as session, pytest.raises(ValueError, match="stored document of the layout small"):
        store.load_layouts(session)
