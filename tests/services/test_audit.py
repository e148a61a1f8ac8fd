"""What services note in the audit chain: who did what to which thing, by numbers and never by names."""

import json

import pytest

from comp.chain import Anchor
from comp.db import reading, writing
from comp.errors import RefusedError
from comp.roles import COMMAND_LINE, Role
from comp.services import accounts, audit, plans
from comp.services.calculation import last_run
from tests.make import plan_document
from tests.stored import EVERYBODY, METRICS, NOW, PEOPLE, Q3, calculated, company, publish, take


def entries(engine, search=""):
    with reading(engine) as session:
        return [sealed.entry for sealed in reversed(audit.search(session, search, 1))]


def told(engine):
    return [(entry.actor, entry.action, entry.about) for entry in entries(engine)]


def test_imports_plans_and_runs_are_noted_in_the_transaction_that_makes_them(engine):
    company(engine)
    publish(engine)
    stored, run = calculated(engine)
    noted = told(engine)
    assert [act[1:] for act in noted[-4:]] == [
        ("write", "plan p@2025-01-01"),
        ("submit", "plan p@2025-01-01"),
        ("publish", "plan p@2025-01-01"),
        ("calculate", f"run 2025-Q3 {stored.number}"),
    ]
    assert {act for _, act, _ in noted[:-4]} == {"import"}
    assert json.loads(entries(engine)[-1].details) == {
        "held": len(run.held),
        "inputs": stored.origin.inputs_sha256,
        "payouts": len(run.payouts),
    }


def test_what_is_refused_or_changes_nothing_is_not_noted(engine):
    company(engine)
    before = told(engine)
    take(engine, "people", PEOPLE)
    with pytest.raises(RefusedError), writing(engine) as session:
        plans.save_draft(session, plan_document(components=[]), "hr@example.org", NOW)
    assert told(engine) == before


def test_a_plan_is_noted_with_the_hash_of_its_document(engine):
    company(engine)
    with writing(engine) as session:
        plans.save_draft(session, plan_document(), "hr@example.org", NOW)
        sha256 = plans.find_plan(session, "p").sha256
    assert json.loads(entries(engine)[-1].details) == {"document": sha256}


def test_actors_stand_by_the_number_of_their_account(engine):
    with writing(engine) as session:
        accounts.add_account(session, "Ines@example.org", "Ines Duarte", "ten letters and more", (Role.HR,))
        for by in ("ines@EXAMPLE.org", COMMAND_LINE, "Somebody Else", "somebody else"):
            audit.note(session, by, NOW, "read", "payout 1")
    account, machine, *unknown = (entry.actor for entry in entries(engine, "payout 1"))
    assert (account, machine) == ("account 1", COMMAND_LINE)
    assert unknown[0] == unknown[1]
    assert unknown[0].startswith("unknown ")
    assert "omebody" not in unknown[0]


def test_no_name_of_anybody_is_in_the_chain(engine):
    company(engine)
    calculated_names = ("Ann", "Bob")
    assert not [entry for entry in entries(engine) if any(name in entry.details for name in calculated_names)]


def test_the_proof_names_the_head_and_finds_what_an_anchor_knows_better(engine):
    with writing(engine) as session:
        audit.note(session, COMMAND_LINE, NOW, "read", "payout 1")
    with reading(engine) as session:
        verdict = audit.verify(session)
        assert (verdict.head, verdict.broken) == (audit.head(session), None)
        assert verdict.head.number == 1
        cut = audit.verify(session, [Anchor(7, "a" * 64)])
    assert cut.broken == (2, "The chain ends at 1, and an anchor knows of 7.")


def test_an_act_whose_transaction_fails_is_not_in_the_chain(engine):
    with pytest.raises(ZeroDivisionError):
        _note_and_fail(engine)
    assert entries(engine) == []


def test_a_calculation_keeps_its_metrics_and_steps_whatever_they_become(engine):
    company(engine)
    publish(engine)
    _, run = calculated(engine)
    take(engine, "metrics", METRICS.replace("decimals: 2", "decimals: 0"))
    with reading(engine) as session:
        _, read = last_run(session, EVERYBODY, Q3)
    assert (read.metrics, read.round_to) == (run.metrics, run.round_to)
    assert {metric.id: metric.decimals for metric in read.metrics}["k"] == 2


def _note_and_fail(engine):
    with writing(engine) as session:
        audit.note(session, COMMAND_LINE, NOW, "read", "payout 1")
        1 / 0  # noqa: B018 - stands for whatever may go wrong
