"""Weightings in a form: what may be typed, the 100 % check, drafts, and two people at once."""

from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.explain_unit import UnitExplainer
from comp.plan_documents import write_plan
from comp.services import plans
from tests.web.company import APPROVER, HR, NOW, SECOND_HR, add_plan, submit_plan
from web.forms.plans import reweighed, weightings_form

PUBLISHED, DRAFT = "/plans/service@2025-01-01", "/plans/service@2026-01-01"
SHARES = {"share-customer": "50", "share-financial": "50"}
WEIGHTS = {"weight-customer-0": "70", "weight-customer-1": "30", "weight-financial-0": "100"}


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("40", "2/5"),
        ("40 %", "2/5"),
        ("40%", "2/5"),
        (" 12.5% ", "1/8"),
        ("0", "0"),
        ("100", "1"),
        ("33.333333", "33333333/100000000"),
        ("007", "7/100"),
        ("2.6789012", "26789012/1000000000"),
    ],
)
def test_a_percentage_is_read_exactly(app, database, typed, share):
    form = filled(app, database, **{"share-customer": typed})
    assert form.ratio("share-customer") == Fraction(share)


@pytest.mark.parametrize(
    "typed",
    [
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1_0",
        "４０",
        "1,5",
        "1.000,5",
        "1e1",
        "-5",
        "+5",
        "100.000001",
        "101",
        "1000",
        "40 % %",
        "%",
        "4 0",
        ".5",
        "5.",
        "0x10",
        "",
        "   ",
        "forty",
        "40€",
        "40<script>",
    ],
)
def test_what_is_no_percentage_is_refused_at_its_field(visit, database, typed):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, **{"share-customer": typed})
    assert page.errors == ["Share of Customer loyalty: Type a percentage from 0 to 100, such as 40 or 12.5."]
    assert page.value("share-customer") == typed
    assert page.title.startswith("Error: ")
    assert shares(database, DRAFT) == [Fraction(2, 5), Fraction(3, 5)]


@pytest.mark.parametrize("missing", ["share-customer", "weight-customer-1"])
def test_a_field_that_does_not_come_back_is_not_taken_for_what_it_was(visit, missing):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, **{missing: None})
    assert len(page.errors) == 1
    assert "Type a percentage" in page.errors[0]


def test_a_percentage_is_shown_as_it_is_stored(visit, database):
    add_plan(database, published=False, starts="2026-04-01", elsewhere="37.5%", components=components("62.5%"))
    page = visit(HR).get("/plans/service@2026-04-01/weightings")
    assert page.value("share-customer") == "62.5"
    assert "37.5" in page.text


def test_weightings_that_make_99_percent_are_refused_with_what_is_left(visit, database):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, **{"share-customer": "39"})
    assert page.errors == [
        "The plan was not stored: it cannot pay anybody as it stands.",
        (
            "components: Component shares with `elsewhere` make 99%, not 100%: 1% is left. "
            "Raise a component's share by 1%."
        ),
    ]
    assert page.value("share-customer") == "39"
    assert shares(database, DRAFT) == [Fraction(2, 5), Fraction(3, 5)]


def test_weights_within_a_part_must_make_100_percent_too(visit):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, **{"weight-customer-0": "60.5"})
    assert page.errors[1:] == [
        (
            "component customer: Weights of Customer loyalty make 100.5%, not 100%: 0.5% is too much. "
            "Lower a measure's weight by 0.5%."
        )
    ]


def test_thirds_that_are_a_millionth_short_are_not_taken_for_the_whole(visit):
    thirds = {"weight-customer-0": "33.333333", "weight-customer-1": "66.666666"}
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, **thirds)
    assert "is left" in page.errors[1]


def test_valid_weightings_are_stored_as_the_draft(visit, database):
    page = visit(SECOND_HR).get(f"{DRAFT}/weightings").submit("Save draft", **SHARES, **WEIGHTS)
    assert page.address == DRAFT
    assert page.notes == [
        "The draft of Service incentive from 2026-01-01 is stored. Submit it, so that somebody else can publish it."
    ]
    assert shares(database, DRAFT) == [Fraction(1, 2), Fraction(1, 2)]
    stored = find(database, DRAFT)
    assert [measure.weight for measure in stored.plan.components[0].measures] == [Fraction(7, 10), Fraction(3, 10)]
    assert stored.author == SECOND_HR
    assert shares(database, PUBLISHED) == [Fraction(2, 5), Fraction(3, 5)]


def test_what_the_form_does_not_show_stays_as_it_was(visit, database):
    before = find(database, DRAFT).plan
    visit(HR).get(f"{DRAFT}/weightings").submit("Save draft")
    assert find(database, DRAFT).plan == before


def test_a_published_version_gives_a_draft_of_its_own(visit, database):
    page = visit(HR).get(f"{PUBLISHED}/weightings")
    assert page.value("starts") == "2026-01-01"
    page = page.submit("Save draft", starts="2026-07-01", **SHARES)
    assert page.address == "/plans/service@2026-07-01"
    assert shares(database, PUBLISHED) == [Fraction(2, 5), Fraction(3, 5)]
    assert not find(database, page.address).is_published


def test_a_version_starts_after_the_last_calculated_quarter_and_never_with_the_one_before_it(visit, database):
    add_plan(database, published=True, starts="2026-04-01")
    assert visit(HR).get("/plans/service@2026-04-01/weightings").value("starts") == "2026-07-01"


def test_a_draft_that_is_given_another_start_moves_there(visit, database):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", starts="2026-04-01")
    assert page.address == "/plans/service@2026-04-01"
    visit(HR).get(DRAFT, 404)


def test_the_start_of_a_published_version_is_taken(visit):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, starts="2025-01-01")
    assert "service@2025-01-01 is published and cannot change." in page.errors[0]


def test_another_draft_is_not_lost_unseen(visit, database):
    page = visit(SECOND_HR).get(f"{PUBLISHED}/weightings").submit("Save draft", 422, starts="2026-01-01", **SHARES)
    assert page.errors == [
        f"{HR} has written a draft that pays from 2026-01-01. Change that one, or choose another day."
    ]
    assert shares(database, DRAFT) == [Fraction(2, 5), Fraction(3, 5)]


@pytest.mark.parametrize("day", ["", "soon", "2026-02-30", "01/01/2026", "20260101"])
def test_a_start_that_is_no_day_is_refused(visit, day):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 422, starts=day)
    assert [error.partition(":")[0] for error in page.errors] == ["Pays from"]


def test_of_two_people_at_once_the_second_is_told(visit, database):
    first, second = visit(HR).get(f"{DRAFT}/weightings"), visit(SECOND_HR).get(f"{DRAFT}/weightings")
    first.submit("Save draft", **SHARES)
    page = second.submit("Save draft", 409, **{"share-customer": "10", "share-financial": "90"})
    told = f"{HR} has changed service@2026-01-01 since you loaded it. Nothing was stored: load it again."
    assert page.errors == [told]
    assert page.value("share-customer") == "10"
    page = page.submit("Save draft", 409)
    assert page.errors == [told]
    assert shares(database, DRAFT) == [Fraction(1, 2), Fraction(1, 2)]


def test_weightings_of_a_draft_that_was_published_meanwhile_are_not_stored(visit, database):
    page = visit(HR).get(f"{DRAFT}/weightings")
    submit_plan(database)
    visit(APPROVER).get(DRAFT).submit("Publish")
    page = page.submit("Save draft", 409, starts="2026-04-01", **SHARES)
    assert f"{APPROVER} has published service@2026-01-01" in page.errors[0]


def test_a_form_that_saw_nothing_stores_nothing(visit, database):
    page = visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", 409, seen=None, **SHARES)
    assert "since you loaded it" in page.errors[0]
    assert shares(database, DRAFT) == [Fraction(2, 5), Fraction(3, 5)]


def test_fields_that_the_form_does_not_have_change_nothing(visit, database):
    visitor = visit(HR)
    page = visitor.get(f"{DRAFT}/weightings")
    fields = {name: page.value(name) for name in ("seen", "starts", *SHARES, *WEIGHTS)}
    strange = {"id": "mine", "author": "me", "share-bonus": "50", "elsewhere": "10", "state": "published"}
    visitor.post(f"{DRAFT}/weightings", **fields, **strange)
    assert find(database, DRAFT).plan.id == "service"
    assert find(database, DRAFT).author == HR
    assert not find(database, DRAFT).is_published


def test_a_draft_is_published_by_somebody_else(visit, database):
    submit_plan(database)
    page = visit(APPROVER).get(DRAFT).submit("Publish")
    assert page.notes == ["Service incentive is published: it pays from 2026-01-01 on."]
    assert find(database, DRAFT).published_by == APPROVER
    assert "Publish" not in page.buttons()


def test_nobody_publishes_what_they_wrote(visit, database):
    add_plan_of(database, APPROVER)
    submit_plan(database)
    visitor = visit(APPROVER)
    assert "Publish" not in visitor.get(DRAFT).buttons()
    page = visitor.post(f"{DRAFT}/publish", 422, seen=find(database, DRAFT).fingerprint)
    assert page.heading == "That cannot be done"
    assert f"was written or submitted by {APPROVER}. Somebody else must publish it." in page.text
    assert not find(database, DRAFT).is_published


def test_what_changed_since_it_was_looked_at_is_not_published(visit, database):
    submit_plan(database)
    page = visit(APPROVER).get(DRAFT)
    visit(HR).get(DRAFT).submit("Take back")
    visit(HR).get(f"{DRAFT}/weightings").submit("Save draft", **SHARES)
    page = page.submit("Publish", 409)
    assert page.heading == "Somebody was faster"
    assert f"{HR} has changed service@2026-01-01 since you loaded it." in page.text
    assert not find(database, DRAFT).is_published


def test_a_second_press_on_publish_is_told_who_published(visit, database):
    submit_plan(database)
    page = visit(APPROVER).get(DRAFT)
    page.submit("Publish")
    assert f"{APPROVER} has published service@2026-01-01" in page.submit("Publish", 409).text


def test_a_draft_that_has_errors_by_now_says_what_stands_against_it(visit, database):
    submit_plan(database)
    page = visit(APPROVER).get(DRAFT)
    with writing(database) as session:
        session.execute(text("DELETE FROM definition WHERE id = 'income'"))
    page = page.submit("Publish", 422)
    assert page.heading == "That cannot be done"
    assert "component financial income: 'income' is not a known metric." in page.text
    assert "Publish" not in visit(APPROVER).get(DRAFT).buttons()


@pytest.mark.parametrize("name", ["nothing", "service@2031-01-01", "service@", "@", "service@2026-01-01@", "a b"])
def test_a_plan_that_there_is_not_is_not_published(visit, name):
    visit(APPROVER).post(f"/plans/{name}/publish", 404)


def test_only_a_form_that_validated_gives_a_ratio(app, database):
    form = filled(app, database, **{"share-customer": "x"})
    with pytest.raises(ValueError, match="share-customer holds no percentage"):
        form.ratio("share-customer")
    with pytest.raises(ValueError, match="starts holds no percentage"):
        form.ratio("starts")


def test_a_plan_is_reweighed_without_being_changed_itself(app, database):
    form = filled(app, database, **SHARES, **WEIGHTS, starts="2026-07-01")
    before = find(database, DRAFT).plan
    after = reweighed(before, form)
    assert [component.share for component in after.components] == [Fraction(1, 2), Fraction(1, 2)]
    assert after.starts == date(2026, 7, 1)
    assert before.starts == date(2026, 1, 1)


def filled(app, database, **typed):
    version = find(database, DRAFT)
    with app.test_request_context(method="POST", data=typed):
        return weightings_form(version, UnitExplainer((), {}), version.plan.starts)


def find(database, address):
    with reading(database) as session:
        return plans.find_plan(session, address.removeprefix("/plans/"))


def shares(database, address):
    return [component.share for component in find(database, address).plan.components]


def components(share):
    curve = {"points": [["0", "0%"], ["100", "100%"]]}
    measures = [{"metric": "nps", "weight": "100%", "curve": curve}]
    return [{"id": "customer", "name": "Customer loyalty", "share": share, "measures": measures}]


def add_plan_of(database, author):
    with writing(database) as session:
        plans.save_draft(session, write_plan(find(database, DRAFT).plan), author, NOW)
