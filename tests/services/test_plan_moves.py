"""The life of a version on both databases: submitted with words, sent back, published, withdrawn, and two at once."""

import json
from threading import Barrier, Thread

import pytest

from comp.db import reading, writing
from comp.errors import ChangedError, RefusedError
from comp.plan_life import Act, State
from comp.roles import COMMAND_LINE
from comp.services import audit, plan_moves, plans
from tests.make import plan_document
from tests.stored import NOW, calculated, company, publish, submit

AUTHOR, OTHER, PUBLISHER = "author@example.org", "other@example.org", "publisher@example.org"
NAME = "p@2025-01-01"
UNPROVEN = "No worked example proves the plan. Add at least one at target."


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine)


def write(engine, by=AUTHOR, **fields):
    with writing(engine) as session:
        plans.save_draft(session, plan_document(**fields), by, NOW)


def hand_in(engine, by=AUTHOR):
    with writing(engine) as session:
        submit(session, NAME, by)


def find(engine):
    with reading(engine) as session:
        return plans.find_plan(session, NAME)


def act(engine, what, *told, by=PUBLISHER):
    with writing(engine) as session:
        return what(session, plans.find_plan(session, NAME), *told, by, NOW)


def noted(engine):
    with reading(engine) as session:
        entries = reversed(audit.search(session, f"plan {NAME}", 1))
    return [(each.entry.action, json.loads(each.entry.details)) for each in entries]


def test_every_warning_is_answered_in_words_and_the_answers_are_kept(stored):
    write(stored)
    with pytest.raises(RefusedError, match="Say of each why the plan is right all the same") as refused:
        act(stored, plan_moves.submit, {}, by=AUTHOR)
    (warning,) = refused.value.problems
    assert warning.why == UNPROVEN
    for nothing in ("", "  \n "):
        with pytest.raises(RefusedError):
            act(stored, plan_moves.submit, {plan_moves.warning_key(warning): nothing}, by=AUTHOR)
    act(stored, plan_moves.submit, {plan_moves.warning_key(warning): " Proven by hand. "}, by=AUTHOR)
    version = find(stored)
    assert (version.state, version.submitted_by, version.submitted_at) == (State.SUBMITTED, AUTHOR, NOW)
    assert [(each.problem, each.words) for each in version.acknowledged] == [(warning, "Proven by hand.")]


def test_errors_and_examples_that_do_not_come_out_keep_a_draft_from_being_submitted(stored):
    example = {"name": "at target", "scores": {"k": "100"}, "target": "100 EUR", "pays": "99 EUR"}
    for fields in ({"applies_to": {"units": ["NOWHERE"]}}, {"examples": [example]}):
        write(stored, **fields)
        with pytest.raises(RefusedError, match=f"{NAME} cannot be submitted") as refused:
            hand_in(stored)
        assert len(refused.value.problems) == 1
        assert find(stored).state is State.DRAFT


def test_what_is_submitted_changes_only_after_it_is_taken_or_sent_back(stored):
    write(stored)
    hand_in(stored)
    with pytest.raises(RefusedError, match="is submitted and waits for somebody else"):
        write(stored, name="Better")
    with pytest.raises(RefusedError, match="Only who wrote or submitted it can do that"):
        act(stored, plan_moves.take_back, by=OTHER)
    act(stored, plan_moves.take_back, by=AUTHOR)
    write(stored, name="Better")
    assert (find(stored).plan.name, find(stored).state, find(stored).submitted_by) == ("Better", State.DRAFT, None)


def test_a_version_is_sent_back_with_words_that_its_author_reads(stored):
    write(stored)
    hand_in(stored)
    for nothing in ("", "  "):
        with pytest.raises(RefusedError, match="Say why p@2025-01-01 is sent back"):
            act(stored, plan_moves.send_back, nothing)
    with pytest.raises(RefusedError, match="Somebody else must send back it"):
        act(stored, plan_moves.send_back, "No.", by=AUTHOR)
    act(stored, plan_moves.send_back, " The share of income is too small. ")
    last = find(stored).last
    assert (find(stored).state, last.act, last.by) == (State.DRAFT, Act.SEND_BACK, PUBLISHER)
    assert last.words == "The share of income is too small."


@pytest.mark.parametrize("hand", ["who wrote it first", "who changed it", "who submitted it"])
def test_nobody_with_a_hand_in_a_version_publishes_it(stored, hand):
    write(stored, by="first@example.org")
    write(stored, by="second@example.org", name="Better")
    hand_in(stored, by="third@example.org")
    by = {"who wrote it first": "first", "who changed it": "second", "who submitted it": "third"}[hand]
    with pytest.raises(
        RefusedError, match=f"was written or submitted by {by}@example.org. Somebody else must publish it"
    ):
        act(stored, plan_moves.publish, by=f"{by}@example.org")
    act(stored, plan_moves.publish)
    assert find(stored).is_published


def test_a_draft_is_not_published_before_it_is_submitted(stored):
    write(stored)
    with pytest.raises(RefusedError, match=f"{NAME} is a draft. Submit it first"):
        act(stored, plan_moves.publish)


def test_what_the_command_line_wrote_is_published_in_one_step_with_its_warnings_answered(stored):
    write(stored, by=COMMAND_LINE)
    _, warnings = act(stored, plan_moves.publish_at_once, by=COMMAND_LINE)
    version = find(stored)
    assert [each.why for each in warnings] == [UNPROVEN]
    assert [each.words for each in version.acknowledged] == [plan_moves.AT_THE_COMMAND_LINE]
    assert [each.act for each in version.history] == [Act.WRITE, Act.SUBMIT, Act.PUBLISH]


def test_somebody_else_publishes_at_once_what_the_command_line_wrote_and_not_what_people_wrote(stored):
    write(stored, by=COMMAND_LINE)
    act(stored, plan_moves.publish_at_once)
    assert find(stored).published_by == PUBLISHER
    write(stored, starts="2026-01-01")
    with writing(stored) as session, pytest.raises(RefusedError, match=r"is a draft\. Submit it first"):
        plan_moves.publish_at_once(session, plans.find_plan(session, "p@2026-01-01"), COMMAND_LINE, NOW)


def test_a_version_is_withdrawn_by_somebody_else_with_words_and_gives_its_start_free(stored):
    publish(stored)
    with pytest.raises(RefusedError, match="Somebody else must withdraw it"):
        act(stored, plan_moves.withdraw, "Wrong.", by=AUTHOR)
    with pytest.raises(RefusedError, match="Say why"):
        act(stored, plan_moves.withdraw, "")
    act(stored, plan_moves.withdraw, "The shares were agreed otherwise.")
    gone = find(stored)
    assert (gone.state, gone.withdrawn_by, gone.last.words) == (
        State.WITHDRAWN,
        PUBLISHER,
        "The shares were agreed otherwise.",
    )
    with pytest.raises(RefusedError, match="No plan is published"):
        calculated(stored)
    write(stored, name="Better")
    assert (find(stored).plan.name, find(stored).state) == ("Better", State.DRAFT)
    with reading(stored) as session:
        assert plans.find_plan(session, NAME, gone.sha256[:12]).id == gone.id


def test_a_version_that_a_run_has_used_is_not_withdrawn(stored):
    publish(stored)
    calculated(stored)
    with pytest.raises(
        RefusedError, match=r"has paid: a run has used it\. Publish a version with a later start instead"
    ):
        act(stored, plan_moves.withdraw, "Wrong.")
    assert find(stored).is_published


def test_a_run_keeps_the_hash_of_each_version_that_it_used(stored):
    from comp.store.plans import load_used

    publish(stored)
    publish(stored, id="other", applies_to={"units": ["V"]})
    write(stored, starts="2026-01-01")
    run, _ = calculated(stored)
    with reading(stored) as session:
        known = {
            version.plan.version: version.sha256 for found in plans.list_versions(session).values() for version in found
        }
        assert load_used(session, run.id) == {name: known[name] for name in ("other@2025-01-01", NAME)}


def test_a_draft_that_is_discarded_is_kept_and_gives_its_start_free(stored):
    write(stored)
    act(stored, plan_moves.discard, by=OTHER)
    assert find(stored).state is State.DISCARDED
    write(stored, name="Better")
    with reading(stored) as session:
        assert [version.state for version in plans.list_versions(session)["p"]] == [State.DISCARDED, State.DRAFT]


def test_each_act_is_noted_with_hashes_and_without_words(stored):
    write(stored)
    hand_in(stored)
    act(stored, plan_moves.send_back, "Secret words.")
    hand_in(stored)
    act(stored, plan_moves.publish)
    act(stored, plan_moves.withdraw, "Secret words.")
    told = noted(stored)
    assert [action for action, _ in told] == ["write", "submit", "send back", "submit", "publish", "withdraw"]
    assert {details["document"] for _, details in told} == {find(stored).sha256}
    assert told[2][1]["words"] == told[5][1]["words"]
    assert "Secret" not in repr(told)


def test_a_version_before_another_is_the_published_one_that_starts_last_before_it(stored):
    publish(stored)
    publish(stored, starts="2026-01-01")
    write(stored, starts="2025-06-01")
    write(stored, starts="2027-01-01")
    with reading(stored) as session:
        versions = {str(each.plan.starts): each for each in plans.list_versions(session)["p"]}
        before = {start: plans.version_before(session, version) for start, version in versions.items()}
    assert {start: found and str(found.plan.starts) for start, found in before.items()} == {
        "2025-01-01": None,
        "2025-06-01": "2025-01-01",
        "2026-01-01": "2025-01-01",
        "2027-01-01": "2026-01-01",
    }


AT_ONCE = {
    "two publish": ((plan_moves.publish, (), PUBLISHER), (plan_moves.publish, (), OTHER)),
    "one publishes and one sends back": (
        (plan_moves.publish, (), PUBLISHER),
        (plan_moves.send_back, ("Not yet.",), OTHER),
    ),
    "one publishes and the author takes it back": (
        (plan_moves.publish, (), PUBLISHER),
        (plan_moves.take_back, (), AUTHOR),
    ),
}


@pytest.mark.parametrize("what", AT_ONCE)
def test_of_two_people_at_once_one_wins_and_the_other_is_told_who_was_faster(stored, what):
    write(stored)
    hand_in(stored)
    seen, gate, ended = find(stored).fingerprint, Barrier(2), []

    def try_it(move, told, by):
        gate.wait()
        try:
            with writing(stored) as session:
                version = plans.require_unchanged(session, NAME, seen)
                move(session, version, *told, by, NOW)
            ended.append((by, "won"))
        except ChangedError as changed:
            ended.append((by, str(changed)))

    threads = [Thread(target=try_it, args=each) for each in AT_ONCE[what]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [by for by, how in ended if how == "won"]
    (told,) = [how for _, how in ended if how != "won"]
    assert told.startswith(f"{winner} has ")
    assert find(stored).last.by == winner


def test_what_changed_in_between_is_not_submitted(stored):
    write(stored)
    seen = find(stored).fingerprint
    write(stored, by=OTHER, name="Better")
    with writing(stored) as session, pytest.raises(ChangedError, match=r"other@example\.org has changed p@2025-01-01"):
        plans.require_unchanged(session, NAME, seen)
