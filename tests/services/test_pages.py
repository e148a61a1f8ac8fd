"""What pages read: lists of payouts, one person, the overview, scores, quarters and payroll's totals."""

import json
from datetime import date, timedelta
from fractions import Fraction

import pytest

from comp.company import Company
from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError
from comp.money import Money
from comp.periods import FiscalCalendar, Quarter
from comp.roles import whoever_has_the_machine
from comp.services import audit, mappings, overview, payouts, payroll, quarters, scoreboard, uploads
from comp.services import company as company_service
from comp.services.quarters import Readiness
from comp.uploads import Upload
from comp.workflow import State
from tests.make import measure
from tests.stored import EVERYBODY, NOW, PEOPLE, Q3, calculated, company, publish, taken

Q2 = Q3.plus(-1)
MANY = "employee,name,unit,from,target_amount,currency\n" + "\n".join(
    f"{n:03},Person {n},U,2020-01-01,4000,EUR" for n in range(120)
)


TWO_QUARTERS = """
    unit,quarter,metric,value
    U,2025-Q2,k,100
    V,2025-Q2,k,50
    U,2025-Q3,k,100
    V,2025-Q3,k,50
"""


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine, people=f"{PEOPLE}    3,Cem,V,2025-08-01,4000,EUR\n", results=TWO_QUARTERS)
    publish(engine, cap="90%", absences={"unpaid": "0%"})
    taken(engine, "absences", "employee,from,to,kind\n2,2025-07-01,2025-07-31,unpaid")
    calculated(engine, Q2)
    calculated(engine)


def listed(engine, search="", page=1):
    with reading(engine) as session:
        view = quarters.view_quarter(session, Q3)
        return payouts.list_payouts(session, EVERYBODY, view.run, search, page, NOW)


def test_a_list_of_payouts_says_what_is_remarkable_about_each(stored):
    rows = listed(stored).rows
    assert [(row.employee, row.unit, str(row.amount), str(row.target), row.flags) for row in rows] == [
        ("1", "Unit", "900.00", "1000.00", ("capped",)),
        ("2", "Other unit", "663.04", "1326.09", ("absent",)),
        ("3", "Other unit", "331.52", "663.04", ()),
    ]
    assert [row.attainment for row in rows] == [Fraction(9, 10), Fraction(1, 2), Fraction(1, 2)]


def test_payouts_are_listed_in_pages_and_beyond_the_last_lies_the_last(engine):
    company(engine, people=MANY)
    publish(engine)
    calculated(engine)
    pages = [listed(engine, page=number) for number in (1, 3, 9)]
    assert [(len(page.rows), page.total, page.pages, page.rows[0].employee) for page in pages] == [
        (50, 120, 3, "000"),
        (20, 120, 3, "100"),
        (20, 120, 3, "100"),
    ]
    assert (listed(engine, "nobody").rows, listed(engine, "nobody").pages) == ((), 1)


def test_one_person_is_shown_with_the_quarter_before(stored):
    with reading(stored) as session:
        view = payouts.view_person(session, EVERYBODY, "1", Q3, NOW)
        assert [(each.payout.amount, each.before) for each in view.payouts] == [(Money(90000, "EUR"),) * 2]
        assert (view.name, view.without) == ("Ann", ())
        assert payouts.view_person(session, EVERYBODY, "3", Q3, NOW).payouts[0].before is None


def test_a_person_without_a_payout_is_shown_with_the_reason(engine):
    company(engine)
    publish(engine, applies_to={"units": ["U"]})
    calculated(engine)
    with reading(engine) as session:
        view = payouts.view_person(session, EVERYBODY, "2", Q3, NOW)
        assert (view.name, view.payouts, len(view.without)) == ("Bob", (), 1)
        assert payouts.view_person(session, EVERYBODY, "1", Q3, NOW).payouts[0].before is None


def test_the_overview_says_what_a_quarter_pays_and_what_moved_it(stored):
    taken(stored, "people", "employee,name,unit,from,currency\n4,Dee,U,2025-07-01,EUR")
    calculated(stored)
    with reading(stored) as session:
        seen = overview.overview(session, EVERYBODY, quarters.view_quarter(session, Q3).run, NOW)
    (paid,) = seen.paid
    assert (paid.total.people, paid.total.amount, paid.total.target) == (3, Money(189456, "EUR"), Money(298913, "EUR"))
    assert paid.change == Fraction(189456, 190000) - 1
    assert dict(seen.spread) == {9: 1, 4: 1, 5: 1}
    assert ([hold.employee for hold in seen.held], seen.outside, seen.files) == (["4"], 0, 6)


def test_the_first_quarter_has_nothing_to_be_compared_with(stored):
    with reading(stored) as session:
        seen = overview.overview(session, EVERYBODY, quarters.view_quarter(session, Q2).run, NOW)
    assert [paid.change for paid in seen.paid] == [None]


def answers(quarter_month, unit, nines, zeros):
    header = "response,unit,answered_on,recommend\n"
    given = ["9"] * nines + ["0"] * zeros
    return header + "\n".join(f"{quarter_month}{unit}{n},{unit},{quarter_month}-01,{a}" for n, a in enumerate(given))


def test_unit_readings_tell_real_changes_from_chance_and_targets_met_from_missed(engine):
    company(
        engine,
        results="",
        units="unit,name,parent\nCO,Company,\nU,Unit,\nV,Other,\nW,Third,\nX,Fourth,\nY,Few,\nZ,New,\n",
    )
    for unit, before, now in (
        ("U", (10, 90), (90, 10)),
        ("V", (90, 10), (10, 90)),
        ("W", (60, 40), (60, 40)),
        ("X", (60, 40), (61, 39)),
        ("Y", (0, 0), (4, 0)),
        ("Z", (0, 0), (50, 50)),
        ("CO", (0, 0), (70, 30)),
    ):
        taken(engine, "answers", answers("2025-04", unit, *before)) if any(before) else None
        taken(engine, "answers", answers("2025-07", unit, *now))
    taken(engine, "targets", "unit,quarter,metric,target\nW,2025-Q3,nps,90\nX,2025-Q3,nps,-90\nCO,2025-Q3,nps,40")
    publish(engine, components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure("nps")]}])
    calculated(engine)
    with reading(engine) as session:
        metric, readings = overview.unit_readings(session, EVERYBODY, Q3, quarters.view_quarter(session, Q3).run)
        unpaid = overview.unit_readings(session, EVERYBODY, Q3, None)[1]
    assert metric.id == "nps"
    assert {reading.code: (reading.word, reading.tone) for reading in readings} == {
        "U": ("real rise", "good"),
        "V": ("real fall", "bad"),
        "W": ("below target", "warn"),
        "X": ("above target", "good"),
        "Z": ("no change", ""),
        "CO": ("at target", "good"),
    }
    paid = {reading.code: reading.attainment for reading in readings}
    assert (paid["U"], paid["V"], paid["W"]) == (Fraction(4, 5), Fraction(0), None)
    assert [reading.code for reading in readings][:2] == ["U", "V"]
    assert {reading.attainment for reading in unpaid} == {None}
    assert readings[0].history[-2:] == (Fraction(-80), Fraction(80))


def test_what_one_person_alone_attained_is_not_shown_as_the_units(engine):
    company(engine, personal_results="employee,quarter,metric,value\n1,2025-Q3,k,80\n2,2025-Q3,k,120")
    taken(engine, "answers", answers("2025-07", "U", 6, 4))
    own = measure(measured_at="person")
    publish(engine, components=[{"id": "c", "name": "Own", "share": "100%", "measures": [own]}])
    calculated(engine)
    with reading(engine) as session:
        _, readings = overview.unit_readings(session, EVERYBODY, Q3, quarters.view_quarter(session, Q3).run)
    assert {reading.code: reading.attainment for reading in readings} == {"CO": None, "U": None}


def test_a_company_without_a_net_promoter_score_has_no_unit_readings(engine):
    with writing(engine) as session:
        session.connection().exec_driver_sql("DELETE FROM definition WHERE id = 'nps'")
    with reading(engine) as session:
        assert overview.unit_readings(session, EVERYBODY, Q3, None) == (None, [])


def test_scores_are_told_as_the_plan_in_force_reads_them(engine):
    company(engine, results="")
    taken(engine, "answers", answers("2025-07", "U", 40, 20))
    taken(engine, "answers", answers("2025-07", "V", 4, 6))
    publish(
        engine, components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure("nps", min_answers=70)]}]
    )
    with reading(engine) as session:
        lines = scoreboard.scoreboard(session, Q3)
        document = scoreboard.write_scores(Q3, lines)
    assert [(line.unit, line.depth, line.is_enough) for line in lines] == [
        ("CO", 0, True),
        ("U", 1, True),
        ("V", 1, True),
    ]
    assert document["quarter"] == "2025-Q3"
    told = [(s["unit"], s["metric"], s["value"], s["answers"], s["basis"]) for s in document["scores"]]
    assert told == [
        ("CO", "nps", "25.7", "70", "own"),
        ("U", "nps", "25.7", "70", "parent CO"),
        ("V", "nps", "25.7", "70", "parent CO"),
    ]
    assert all(len(score["low"].split(".")[1]) == 3 for score in document["scores"])


def test_stated_scores_have_no_count_and_no_interval(engine):
    company(engine)
    with reading(engine) as session:
        (score, _) = scoreboard.write_scores(Q3, scoreboard.scoreboard(session, Q3))["scores"]
        with pytest.raises(RefusedError, match="2024-Q1 has no answers and no results of any kind"):
            scoreboard.scoreboard(session, Quarter(2024, 1))
    assert score == {
        "unit": "U",
        "metric": "k",
        "value": "100.00",
        "answers": None,
        "low": None,
        "high": None,
        "basis": "stated",
    }


def test_a_unit_with_too_few_answers_shows_its_score_and_that_it_is_not_enough(engine):
    company(engine, results="")
    taken(engine, "answers", answers("2025-07", "U", 4, 2))
    with reading(engine) as session:
        assert {(line.unit, line.is_enough) for line in scoreboard.scoreboard(session, Q3)} == {
            ("CO", False),
            ("U", False),
        }


def test_quarters_are_known_by_their_answers_results_and_runs(stored):
    taken(stored, "answers", answers("2026-01", "U", 1, 0))
    taken(stored, "results", "unit,quarter,metric,value\nU,2024-Q4,k,3")
    with reading(stored) as session:
        known = quarters.known_quarters(session)
        states = {str(quarter): quarters.view_quarter(session, quarter).state for quarter in [*known, Quarter(2030, 1)]}
        assert quarters.next_open_start(session, date(2025, 1, 1)) == date(2025, 10, 1)
        assert quarters.next_open_start(session, date(2026, 5, 9)) == date(2026, 7, 1)
        run = quarters.view_quarter(session, Q3).run
        assert payouts.list_holds(session, EVERYBODY, run, NOW) == []
        assert quarters.readiness(session, EVERYBODY, NOW) == Readiness(
            units=3, people=3, quarters=4, published_plans=1
        )
    assert states == {
        "2026-Q1": State.OPEN,
        "2025-Q3": State.CALCULATED,
        "2025-Q2": State.CALCULATED,
        "2024-Q4": State.OPEN,
        "2030-Q1": State.OPEN,
    }


def test_a_plan_starts_with_the_latest_data_where_nothing_was_calculated(engine):
    with reading(engine) as session:
        assert quarters.next_open_start(session, date(2025, 2, 1)) == date(2025, 4, 1)
    company(engine)
    with reading(engine) as session:
        assert quarters.next_open_start(session, date(2024, 2, 1)) == date(2025, 7, 1)


def test_payroll_gets_every_payout_with_its_control_totals(stored):
    with reading(stored) as session:
        sheets = payroll.payroll_sheets(session, whoever_has_the_machine("payroll@example.org"), Q3, NOW)
    assert (sheets.run.number, sheets.prepared_by, sheets.prepared_at) == (1, "payroll@example.org", NOW)
    assert [plan.version for plan in sheets.plans] == ["p@2025-01-01"]
    assert sum(line.amount.minor for line in sheets.lines) == 189456


def test_a_run_is_totalled_by_currency(engine):
    company(engine, people=PEOPLE.replace("8000,EUR", "8000,JPY"))
    publish(engine)
    _, run = calculated(engine)
    assert [(total.people, total.amount) for total in payroll.totals(run)] == [
        (1, Money(100000, "EUR")),
        (1, Money(1000, "JPY")),
    ]


def upload(uploaded_at=NOW, by="hr@example.org"):
    return Upload("units", "units.csv", b"\x00\xff", {"unit": "U"}, by, uploaded_at)


def test_an_upload_waits_for_its_own_uploader_for_three_days(engine):
    with writing(engine) as session:
        kept = uploads.keep_upload(session, upload())
        found = uploads.find_upload(session, kept, "hr@example.org")
        assert (found.content, found.options, found.uploaded_at, found.id) == (b"\x00\xff", {"unit": "U"}, NOW, kept)
        with pytest.raises(NotFoundError, match="is not kept any more"):
            uploads.find_upload(session, kept, "other@example.org")
        later = uploads.keep_upload(session, upload(NOW + timedelta(days=3)))
        assert uploads.find_upload(session, kept, "hr@example.org")
        uploads.keep_upload(session, upload(NOW + timedelta(days=3, seconds=1)))
        for gone in (kept, "unheard-of"):
            with pytest.raises(NotFoundError):
                uploads.find_upload(session, gone, "hr@example.org")
        uploads.forget_upload(session, later)
        with pytest.raises(NotFoundError):
            uploads.find_upload(session, later, "hr@example.org")


def test_a_mapping_is_kept_under_its_name_and_replaced(engine):
    with writing(engine) as session:
        mappings.save_mapping(session, "tool", {"Q1": "recommend"})
        mappings.save_mapping(session, "tool", {"Q2": "recommend", "Ünit": "unit"})
    with reading(engine) as session:
        assert mappings.find_mapping(session, "tool") == {"Q2": "recommend", "Ünit": "unit"}
        with pytest.raises(NotFoundError, match="No mapping is saved as 'other'"):
            mappings.find_mapping(session, "other")


def test_settings_change_but_the_calendar_stays_once_a_quarter_was_calculated(stored):
    april = Company(FiscalCalendar(4), (("JPY", Fraction(100)),), "Europe/Lisbon")
    with writing(stored) as session, pytest.raises(RefusedError, match="The fiscal calendar cannot change"):
        company_service.change_settings(session, april, "hr@example.org", NOW)
    coarser = Company(round_to=(("JPY", Fraction(100)),))
    for _ in range(2):
        with writing(stored) as session:
            company_service.change_settings(session, coarser, "hr@example.org", NOW)
            assert company_service.initialise(session, None).round_to == (("JPY", Fraction(100)),)
    with reading(stored) as session:
        (noted,) = [each.entry for each in audit.search(session, "settings", 1)]
    assert (noted.about, json.loads(noted.details)["round_to"]) == ("company", "JPY=100")


def test_before_any_run_the_calendar_may_change(engine):
    with writing(engine) as session:
        company_service.change_settings(session, Company(FiscalCalendar(4)), "hr@example.org", NOW)
        assert company_service.initialise(session, None).calendar == FiscalCalendar(4)
        company_service.require_ready(session)


def test_a_database_that_was_not_initialised_is_told_with_what_to_do(empty_url):
    from comp.db import connect
    from comp.store import schema
    from web.database import disposed

    with disposed(connect(empty_url)) as engine:
        with reading(engine) as session, pytest.raises(NotFoundError, match="Run `loyaltypay init` first"):
            company_service.require_ready(session)
        with writing(engine) as session:
            schema.upgrade(session)
        with reading(engine) as session, pytest.raises(NotFoundError, match="This database has no company yet"):
            company_service.require_ready(session)
