"""Plans: drafts that can change, versions that cannot, and two people for what pays."""

from dataclasses import replace
from datetime import date

import pytest

from comp.db import reading, writing
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.roles import COMMAND_LINE
from comp.services import plan_moves, plans
from tests.make import measure, plan_document
from tests.stored import NOW, company, publish, submit

AUTHOR, PUBLISHER = "author@example.org", "publisher@example.org"


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine, people="", results="")


def save(engine, by=AUTHOR, **fields):
    with writing(engine) as session:
        return plans.save_draft(session, plan_document(**fields), by, NOW)


def find(engine, name):
    with reading(engine) as session:
        return plans.find_plan(session, name)


def put_in_force(engine, name, by=PUBLISHER):
    with writing(engine) as session:
        return plan_moves.publish(session, plans.find_plan(session, name), by, NOW)


def hand_in(engine, name="p", by=AUTHOR):
    with writing(engine) as session:
        submit(session, name, by)


def test_a_draft_is_stored_with_its_author_and_comes_back_as_it_was_written(stored):
    plan, findings = save(stored)
    version = find(stored, "p")
    assert (version.plan, version.author, version.saved_at, version.is_published) == (plan, AUTHOR, NOW, False)
    assert [str(finding.problem) for finding in findings] == [
        "examples: No worked example proves the plan. Add at least one at target."
    ]


def test_a_draft_with_the_same_start_replaces_the_one_before(stored):
    save(stored)
    save(stored, by="other@example.org", name="Better")
    with reading(stored) as session:
        (version,) = plans.list_versions(session)["p"]
    assert (version.plan.name, version.author) == ("Better", "other@example.org")


def test_a_draft_with_errors_is_stored_and_every_error_is_told(stored):
    document = plan_document(applies_to={"units": ["NOWHERE"]})
    document["components"][0]["measures"] = [measure("unheard-of")]
    with writing(stored) as session:
        plan, findings = plans.save_draft(session, document, AUTHOR, NOW)
    assert [finding.problem.where for finding in findings if finding.is_error] == [
        "component c unheard-of",
        "applies_to",
    ]
    assert find(stored, "p").plan == plan


def test_a_document_that_cannot_be_read_is_not_stored_and_every_problem_is_told(stored):
    with writing(stored) as session, pytest.raises(RefusedError, match="it cannot pay anybody") as refused:
        plans.save_draft(session, plan_document(components=[], quarter_shares={"Q1": "99%"}), AUTHOR, NOW)
    assert {problem.where for problem in refused.value.problems} == {"components", "quarter_shares"}
    with reading(stored) as session:
        assert plans.list_versions(session) == {}


def test_a_document_that_is_no_plan_is_refused_with_what_is_wrong(stored):
    with reading(stored) as session:
        plan, findings = plans.read_checked(session, {"id": "p"})
    assert plan is None
    assert all(finding.is_error for finding in findings)
    assert "name" in {finding.problem.where for finding in findings}


def test_somebody_else_publishes_what_an_author_wrote(stored):
    save(stored)
    hand_in(stored)
    with pytest.raises(RefusedError, match=r"submitted by author@example\.org\. Somebody else must publish it\."):
        put_in_force(stored, "p", by=AUTHOR)
    put_in_force(stored, "p")
    version = find(stored, "p")
    assert (version.is_published, version.published_by, version.published_at) == (True, PUBLISHER, NOW)


def test_the_command_line_publishes_what_it_imported(stored):
    save(stored, by=COMMAND_LINE)
    hand_in(stored, by=COMMAND_LINE)
    put_in_force(stored, "p", by=COMMAND_LINE)
    assert find(stored, "p").is_published


def test_a_published_version_is_never_changed_or_published_again(stored):
    publish(stored)
    with pytest.raises(RefusedError, match="p@2025-01-01 is published and cannot change"):
        save(stored, name="Other")
    with pytest.raises(RefusedError, match="p@2025-01-01 is published already"):
        put_in_force(stored, "p")
    assert find(stored, "p").plan.name == "Plan"


def test_a_draft_that_has_errors_by_now_is_not_published(stored, monkeypatch):
    save(stored, components=plan_document()["components"], applies_to={"units": ["U"]})
    hand_in(stored)
    with writing(stored) as session:
        session.connection().exec_driver_sql("DELETE FROM unit WHERE code = 'U'")
    with pytest.raises(RefusedError, match=r"p@2025-01-01 cannot be published\.") as refused:
        put_in_force(stored, "p")
    assert "'U' is not a unit." in str(refused.value.problems[0])


def test_only_a_submitted_version_is_marked_as_published(stored):
    from comp.store.plans import mark_published

    plan = publish(stored)
    with writing(stored) as session, pytest.raises(ValueError, match="p@2025-01-01 is not stored as submitted"):
        mark_published(session, plan, PUBLISHER, NOW)


def test_a_plan_is_found_by_its_name_with_or_without_its_start(stored):
    publish(stored)
    publish(stored, starts="2026-01-01")
    assert find(stored, "p").plan.starts == date(2026, 1, 1)
    assert find(stored, "p@2025-01-01").plan.starts == date(2025, 1, 1)
    save(stored, starts="2027-01-01")
    assert find(stored, "p").plan.starts == date(2027, 1, 1)
    save(stored, starts="2028-01-01")
    with pytest.raises(RefusedError, match=r"several drafts: p@2027-01-01, p@2028-01-01\. Name one of them\."):
        find(stored, "p")


def test_a_plan_that_there_is_not_is_told_with_those_that_there_are(stored):
    with pytest.raises(NotFoundError, match=r"There is no plan x\. Plans: none yet\."):
        find(stored, "x")
    save(stored)
    with pytest.raises(NotFoundError, match=r"There is no plan p@2024-01-01\. Plans: p@2025-01-01\."):
        find(stored, "p@2024-01-01")


def test_a_reweighed_draft_moves_to_its_new_start(stored):
    save(stored)
    seen = find(stored, "p")
    with writing(stored) as session:
        moved = plans.save_reweighed(session, seen, replace(seen.plan, starts=date(2025, 4, 1)), AUTHOR, NOW)
    with reading(stored) as session:
        assert [version.plan for version in plans.list_versions(session)["p"]] == [moved]


def test_a_reweighed_published_version_gives_a_draft_beside_it(stored):
    publish(stored)
    seen = find(stored, "p")
    with writing(stored) as session:
        plans.save_reweighed(session, seen, replace(seen.plan, starts=date(2025, 4, 1)), AUTHOR, NOW)
    with reading(stored) as session:
        assert [version.is_published for version in plans.list_versions(session)["p"]] == [True, False]


def test_a_reweighed_draft_does_not_replace_another_draft(stored):
    save(stored)
    seen = find(stored, "p")
    save(stored, starts="2025-04-01", by="other@example.org")
    with writing(stored) as session, pytest.raises(RefusedError, match=r"other@example\.org has written a draft"):
        plans.save_reweighed(session, seen, replace(seen.plan, starts=date(2025, 4, 1)), AUTHOR, NOW)


def test_what_changed_since_it_was_seen_is_not_acted_on(stored):
    save(stored)
    seen = find(stored, "p").fingerprint
    with reading(stored) as session:
        assert plans.require_unchanged(session, "p@2025-01-01", seen).author == AUTHOR
        with pytest.raises(NotFoundError):
            plans.require_unchanged(session, "p@2020-01-01", seen)
    save(stored, by="other@example.org", name="Better")
    with reading(stored) as session, pytest.raises(ChangedError, match=r"other@example\.org has changed p@2025-01-01"):
        plans.require_unchanged(session, "p@2025-01-01", seen)
    hand_in(stored, by="other@example.org")
    put_in_force(stored, "p")
    with reading(stored) as session, pytest.raises(ChangedError, match=r"publisher@example\.org has published"):
        plans.require_unchanged(session, "p@2025-01-01", seen)


def test_a_damaged_document_is_told_and_never_half_read(stored):
    save(stored)
    with writing(stored) as session:
        session.connection().exec_driver_sql("""UPDATE plan_version SET document = '{"id": "p"}'""")
    with pytest.raises(ValueError, match="the stored document of p@2025-01-01 is damaged"):
        find(stored, "p")
