"""The plan editor as pages: rows, numbers, problems at their fields, two people at once, and files."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comp.db import reading, writing
from comp.plan_documents import write_plan
from comp.services import accounts, plans
from comp.services.access import find_account_by_email
from tests.web.company import HR, NOW, SECOND_HR
from tests.web.page_rules import check_page
from tests.web.test_plan_fields import SCENARIOS, as_stored, plans_of, random_plan
from tests.web.visitor import words

DRAFT, PUBLISHED = "/plans/service@2026-01-01", "/plans/service@2025-01-01"
NPS, CSAT = "components.r1.measures.r1", "components.r1.measures.r2"


class Editor:
    """The editor in somebody's browser without scripts: what the page holds, and its buttons."""

    def __init__(self, visitor, address):
        self.visitor, self.address = visitor, address
        self.take(visitor.fetch(address))
        assert self.status == 200, self.text

    def take(self, answer):
        self.status, self.text = answer.status_code, answer.text
        self.location = answer.headers.get("Location")
        if answer.mimetype == "text/html" and answer.status_code != 302:
            self.root = check_page(answer)
            found = self.root.xpath("//form[@id='plan']")
            self.values = typed(found[0]) if found else {}

    def press(self, do, status=200, **changed):
        fields = {**self.values, **{name.replace("__", "."): value for name, value in changed.items()}, "do": do}
        known = {name: value for name, value in fields.items() if value is not None}
        self.take(self.visitor.send(self.address, known))
        assert self.status == status, self.text
        return self

    @property
    def errors(self):
        return [" ".join(each.text_content().split()) for each in self.root.xpath("//*[@id='errors']//li")]

    def error_at(self, name):
        return "".join(self.root.xpath("string(//*[@id=$id])", id=f"{name}-error")).strip()

    def rows(self, name):
        return self.values.get(name, [])

    def value(self, name):
        return self.values[name][0]


def typed(form):
    """What a form would send: names as often as they stand in it, and ticked boxes only."""
    values = {}
    for field in form.xpath(".//input[@name][not(@type='checkbox') or @checked]"):
        values.setdefault(field.get("name"), []).append(field.get("value", ""))
    for select in form.xpath(".//select[@name]"):
        chosen = select.xpath("option[@selected]/@value") or select.xpath("option/@value")
        values.setdefault(select.get("name"), []).append(chosen[0])
    return values


@pytest.fixture
def edit(visit):
    return lambda address=DRAFT, who=HR: Editor(visit(who), f"{address}/edit")


def find(database, address=DRAFT):
    with reading(database) as session:
        return plans.find_plan(session, address.removeprefix("/plans/"))


def store(database, document):
    with writing(database) as session:
        return plans.save_draft(session, document, HR, NOW)[0]


def test_a_plan_that_is_opened_and_saved_unchanged_is_the_same_document(edit, database):
    before = find(database)
    edit().press("save", 302)
    after = find(database)
    assert (after.plan, after.sha256) == (before.plan, before.sha256)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 2**40))
def test_every_plan_survives_the_page_whatever_it_says(visit, database, number):
    plan = as_stored(random_plan(number))
    if plan is None:
        return
    stored = store(database, write_plan(plan))
    before = find(database, stored.version)
    Editor(visit(HR), f"/plans/{stored.version}/edit").press("save", 302)
    after = find(database, stored.version)
    assert (write_plan(after.plan), after.sha256) == (write_plan(before.plan), before.sha256)


def test_every_scenarios_plan_survives_the_page(visit, database):
    visitor, seen = visit(HR), set()
    for path in SCENARIOS:
        for plan in plans_of(path):
            text = str(write_plan(plan))
            if text in seen:
                continue
            seen.add(text)
            stored = store(database, {**write_plan(plan), "id": f"s{len(seen)}"})
            before = find(database, stored.version)
            Editor(visitor, f"/plans/{stored.version}/edit").press("save", 302)
            assert find(database, stored.version).sha256 == before.sha256, path
    assert len(seen) > 20


# Rows


def test_a_row_in_the_middle_goes_and_the_others_keep_what_was_typed(edit):
    page = edit().press(f"add:{NPS}.points")
    names = [f"{NPS}.points.{row}" for row in ("r1", "r2", "r3")]
    page.press("save", 422, **{f"{name}.x": str(n * 10) for n, name in enumerate(names, 1)})
    page.press(f"remove:{names[1]}")
    assert page.rows(f"{NPS}.points") == ["r1", "r3"]
    assert [page.value(f"{names[n]}.x") for n in (0, 2)] == ["10", "30"]
    page.press(f"add:{NPS}.points")
    assert page.rows(f"{NPS}.points") == ["r1", "r3", "r4"]
    assert page.value(f"{names[2]}.x") == "30"


def test_removing_a_measure_in_the_middle_takes_its_curve_along_and_no_other(edit, database):
    page = edit().press("add:components.r1.measures")
    third = "components.r1.measures.r3"
    page.press(
        f"remove:{CSAT}",
        **{
            f"{third}.metric": "income",
            f"{third}.weight": "40",
            f"{third}.points.r1.x": "1",
            f"{third}.points.r2.x": "2",
        },
    )
    page.press("save", 302)
    measures = find(database).plan.components[0].measures
    assert [(each.reading.metric, each.curve.points[0][0]) for each in measures] == [("nps", 10), ("income", 1)]


def test_when_every_row_is_removed_none_comes_back(edit):
    page = edit()
    for row in ("r1", "r2"):
        page.press(f"remove:components.{row}")
    assert page.rows("components") == []
    page.press("save", 422)
    assert page.rows("components") == []
    assert any("components" in error or "Parts" in error for error in page.errors)


def test_too_many_rows_are_told_and_none_is_cut_off(edit):
    page = edit()
    many = [f"r{n}" for n in range(1, 63)]
    page.values[f"{NPS}.points"] = many
    page.press("save", 422)
    assert page.rows(f"{NPS}.points") == many
    assert any("There are 62 rows here, more than 60." in error for error in page.errors)


@pytest.mark.parametrize("row", ["r0", "1", "r1.x", "rr", "r1234567", "../r1", "r１"])
def test_a_row_whose_id_the_page_did_not_give_is_not_there(edit, row):
    page = edit()
    page.values["gates"] = [row]
    page.press("check")
    assert page.rows("gates") == []


def test_a_row_that_stands_twice_is_there_once(edit):
    page = edit()
    page.values["components"] = ["r1", "r2", "r1"]
    assert page.press("check").rows("components") == ["r1", "r2"]


@pytest.mark.parametrize(
    "do", ["add:nothing", "remove:nothing.r1", "remove:", "add:", "spread:x", "pays:examples.r9", "x"]
)
def test_a_button_that_there_is_not_changes_nothing(edit, database, do):
    before = find(database)
    page = edit()
    page.press(do, 302 if do == "x" else 200)
    assert find(database).plan == before.plan


def test_adding_stores_nothing_and_loses_nothing(edit, database):
    before = find(database)
    page = edit().press("add:gates", name="Another name", components__r1__share="1,5,")
    assert page.value("name") == "Another name"
    assert page.value("components.r1.share") == "1,5,"
    assert find(database).fingerprint == before.fingerprint


# Problems


def test_what_cannot_be_read_stands_at_its_field_and_in_the_summary(edit):
    page = edit().press("save", 422, components__r1__share="NaN")
    assert page.errors == ["Share of variable pay: Type a number such as 40 or 12.5."]
    assert page.error_at("components.r1.share") == "Type a number such as 40 or 12.5."
    assert page.value("components.r1.share") == "NaN"
    assert page.root.findtext("head/title").startswith("Error: ")
    assert page.root.xpath("//*[@id='errors']//a/@href") == ["#components.r1.share"]


def test_weights_that_miss_100_percent_are_told_at_their_list(edit):
    page = edit().press("save", 422, **{f"{NPS}.weight": "59"})
    assert page.root.xpath("//*[@id='errors']//a/@href") == ["#components.r1.measures"]
    assert "1% is left" in page.errors[0]


def test_every_problem_is_told_at_once(edit):
    page = edit().press(
        "save",
        422,
        starts="soon",
        **{f"{NPS}.points.r1.pays": "-5", "components.r2.share": "sNaN", "minimum_days": "1_0"},
    )
    assert len(page.errors) == 3
    page.press("save", 422, **{f"{NPS}.points.r1.pays": "5", "components.r2.share": "60", "minimum_days": "1.5"})
    assert [error.partition(":")[0] for error in page.errors] == ["Pays from", "Employed days needed in the quarter"]


def test_a_kind_of_absence_that_stands_twice_is_not_merged(edit):
    page = edit().press("add:absences").press("add:absences")
    kinds = {
        "absences.r1.kind": "sick",
        "absences.r2.kind": "sick",
        "absences.r1.counts": "0",
        "absences.r2.counts": "100",
    }
    page.press("save", 422, **kinds)
    assert any("stands twice" in error for error in page.errors)


def test_a_plan_for_everybody_that_names_units_is_not_guessed(edit):
    page = edit().press("save", 422, who="everyone")
    assert "Choose one" in page.errors[0]


def test_the_id_of_a_plan_stays(edit):
    page = edit().press("save", 422, id="another")
    assert "The id service stays with its plan." in page.errors[0]


@pytest.mark.parametrize("missing", ["components.r1.share", f"{NPS}.weight", "starts", "name", f"{NPS}.points.r1.pays"])
def test_a_field_that_does_not_come_back_is_not_taken_for_what_it_was(edit, missing):
    assert edit().press("save", 422, **{missing: None}).errors


def test_check_finds_what_saving_would_and_stores_nothing(edit, database):
    before = find(database)
    page = edit().press("check", **{f"{NPS}.weight": "59"})
    assert "1% is left" in page.errors[0]
    assert "No worked example" in edit().press("check").text
    assert find(database).fingerprint == before.fingerprint


# Shares


def test_what_is_left_goes_to_what_is_empty(edit):
    page = (
        edit()
        .press("add:components")
        .press("spread:components", components__r1__share="40", components__r2__share="35")
    )
    assert [page.value(f"components.r{n}.share") for n in (1, 2, 3)] == ["40", "35", "25"]


def test_shares_are_scaled_beside_what_is_calculated_elsewhere(edit):
    page = edit().press("scale:components", components__r1__share="1", components__r2__share="2", elsewhere="10")
    assert [page.value(f"components.r{n}.share") for n in (1, 2)] == ["30", "60"]


def test_weights_and_quarters_are_shared_too(edit):
    page = edit().press("scale:quarters", Q1="1", Q2="1", Q3="1", Q4="")
    assert [page.value(f"Q{n}") for n in range(1, 5)] == ["33.34", "33.33", "33.33", "0"]
    page.press("spread:components.r1.measures", **{f"{NPS}.weight": "", f"{CSAT}.weight": "12.345"})
    assert page.value(f"{NPS}.weight") == "87.655"


def test_a_share_that_cannot_be_read_is_not_shared_out(edit):
    page = edit().press("spread:components", components__r1__share="x")
    assert page.value("components.r1.share") == "x"
    assert page.error_at("components.r1.share")


# A plan from nothing, German numbers, worked examples


def complete(page):
    fields = {
        "id": "new-plan",
        "name": "New plan",
        "starts": "2026-04-01",
        "pay_code": "NEW",
        "units.r1.unit": "OPO",
        "components.r1.id": "c",
        "components.r1.name": "Customers",
        f"{NPS}.metric": "nps",
        f"{NPS}.points.r1.x": "10",
        f"{NPS}.points.r2.x": "50",
    }
    page.values.update({name: [value] for name, value in fields.items()})
    return page


def test_a_plan_is_written_from_nothing(visit, database):
    page = complete(Editor(visit(HR), "/plans/new"))
    page.press("save", 302)
    assert page.location == "/plans/new-plan@2026-04-01"
    plan = find(database, page.location).plan
    assert plan.components[0].measures[0].curve.points == ((10, 0), (50, 1))
    assert plan.scope.units == ("OPO",)


def test_a_plan_from_nothing_takes_no_stored_drafts_place(visit, database):
    before = find(database)
    page = complete(Editor(visit(SECOND_HR), "/plans/new"))
    page.press("save", 409, id="service", starts="2026-01-01")
    assert "There is a version service@2026-01-01 already." in page.errors[0]
    assert find(database).fingerprint == before.fingerprint


def test_a_german_reader_types_commas_and_points_are_refused(visit, database):
    with writing(database) as session:
        accounts.choose_locale(session, find_account_by_email(session, HR), "de", NOW)
    page = Editor(visit(HR), f"{DRAFT}/edit")
    page.press("save", 422, components__r1__share="1.5")
    assert "“1.5” could be mistaken" in page.errors[0]
    page.press("save", 302, components__r1__share="40,5", components__r2__share="59,5")
    assert [str(each.share) for each in find(database).plan.components] == ["81/200", "119/200"]
    assert Editor(visit(HR), f"{DRAFT}/edit").value("components.r1.share") == "40,5"


def test_a_worked_example_is_filled_in_with_what_the_plan_pays(edit, database):
    page = edit().press("add:examples")
    for _ in range(2):
        page.press("add:examples.r1.scores")
    scores = {f"examples.r1.scores.r{n}.metric": each for n, each in enumerate(("nps", "csat", "income"), 1)}
    scores |= {f"examples.r1.scores.r{n}.value": each for n, each in enumerate(("30", "85", "100"), 1)}
    page.press("pays:examples.r1", **scores, **{"examples.r1.name": "half way", "examples.r1.target": "1000"})
    assert page.value("examples.r1.pays") == "880.00"
    page.press("save", 302)
    assert [each.name for each in find(database).plan.examples] == ["half way"]


def test_an_example_that_cannot_be_worked_out_says_why(edit):
    page = (
        edit()
        .press("add:examples")
        .press("pays:examples.r1", **{"examples.r1.name": "x", "examples.r1.target": "1000"})
    )
    assert page.errors
    assert page.value("examples.r1.pays") == ""


# Two people, states and files


def test_of_two_people_at_once_the_second_sees_what_differs_and_keeps_what_they_typed(edit, database):
    first, second = edit(), edit(who=SECOND_HR)
    first.press("save", 302, components__r1__share="45", components__r2__share="55")
    second.press("save", 409, components__r1__share="50", components__r2__share="50")
    assert f"{HR} has changed service@2026-01-01 since you loaded it." in second.errors[0]
    assert "share 45 % → 50 %" in words(second.root).replace("\u202f", " ")
    assert second.value("components.r1.share") == "50"
    second.press("save", 409)
    second.press("over", 302)
    assert str(find(database).plan.components[0].share) == "1/2"


def test_a_published_version_gives_a_draft_with_the_next_open_start(edit, database):
    page = edit(PUBLISHED)
    assert page.value("starts") == "2026-01-01"
    page.press("save", 302, starts="2026-07-01", name="Next")
    assert page.location == "/plans/service@2026-07-01"
    assert find(database, PUBLISHED).is_published
    assert find(database, page.location).plan.name == "Next"


def test_a_form_that_saw_nothing_stores_nothing(edit, database):
    before = find(database)
    edit().press("save", 409, seen=None, name="Blind")
    assert find(database).fingerprint == before.fingerprint


def test_a_version_is_downloaded_and_taken_in_again_as_the_same_bytes(visit, database):
    visitor = visit(HR)
    file = visitor.fetch(f"{PUBLISHED}/file")
    assert file.headers["Content-Disposition"] == "attachment; filename=service-2025-01-01.yaml"
    text = file.data.replace(b"2025-01-01", b"2026-10-01")
    page = upload(visitor, text)
    assert "service@2026-10-01" not in page.text
    page.submit("Store as a draft")
    assert visitor.fetch("/plans/service@2026-10-01/file").data == text
    assert not find(database, "service@2026-10-01").is_published


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 etc", "is a workbook"),
        (b"- a\n- b\n", "is not a plan"),
        (b"a: *b\n", "aliases"),
        (b"id: \xff", "is not UTF-8"),
    ],
)
def test_what_is_no_plan_is_refused_with_words(visit, content, said):
    assert said in upload(visit(HR), content, 422).text


def test_a_file_with_problems_shows_them_and_cannot_be_stored(visit, database):
    page = upload(visit(HR), b"id: x\nname: X\nstarts: soon\ncomponents: []\n")
    assert "'soon' is not a day" in page.text
    assert "Store as a draft" not in page.buttons()


def test_a_file_takes_no_stored_drafts_place(visit, database):
    visitor, before = visit(HR), find(database)
    page = upload(visitor, visitor.fetch(f"{DRAFT}/file").data)
    page.submit("Store as a draft", 409)
    assert find(database).fingerprint == before.fingerprint


def test_a_kept_plan_is_no_import_and_an_import_no_plan(visit):
    visitor = visit(HR)
    address = upload(visitor, b"id: x\n").address
    visitor.get(address.replace("/plans/from-file/", "/imports/"), 404)
    assert visit(SECOND_HR).fetch(address).status_code == 404


def upload(visitor, content, status=200):
    fields = {"csrf_token": visitor.token(), "file": (io.BytesIO(content), "plan.yaml")}
    answer = visitor.send("/plans/from-file", fields, content_type="multipart/form-data", follow_redirects=True)
    return visitor._page(answer, status)
