"""What-ifs that are kept under a name, so that several can be compared: written once, forgotten by their author."""

from datetime import datetime

from sqlmodel import Session

from comp.errors import NotFoundError, RefusedError
from comp.roles import Account, Permission
from comp.services import audit
from comp.services.whatif import Trial, require_sight
from comp.store import scenarios
from comp.store.scenarios import Scenario
from comp.whatif_documents import result_lines
from comp.whatif_position import Position

__all__ = ["Scenario", "forget", "keep", "list_scenarios"]

LONGEST_NAME = 80


def keep(session: Session, actor: Account, name: str, trial: Trial, position: Position, now: datetime) -> Scenario:
    """Keep a what-if with what it comes to, to the cent.

    Raises `RefusedError` where there is nothing to keep, and for a name that is missing, too long or taken.
    """
    name = " ".join(name.split())
    if Permission.KEEP_SCENARIOS not in actor.permissions:
        raise RefusedError("Keeping what-ifs is for those who write or publish plans.")
    if trial.estimate is None:
        raise RefusedError(trial.lacking or "A plan that cannot pay anybody cannot be kept.", trial.problems)
    if not 1 <= len(name) <= LONGEST_NAME:
        raise RefusedError(f"Give the scenario a name of at most {LONGEST_NAME} characters.")
    if scenarios.has_name(session, name):
        raise RefusedError(f"A scenario called {name} is kept already, and never changes. Choose another name.")
    lines = result_lines(trial.estimate, trial.loaded.snapshot.exact_costs(trial.plan))
    inputs = trial.loaded.inputs_sha256
    made = Scenario(name, trial.plan, position, trial.quarter, lines, inputs, actor.email, now)
    number = scenarios.add_scenario(session, made)
    about = f"what-if {number}"
    audit.note(
        session,
        actor.email,
        now,
        "keep what-if",
        about,
        quarter=str(trial.quarter),
        plan=trial.plan.version,
        inputs=inputs,
    )
    return made


def list_scenarios(session: Session, actor: Account) -> list[Scenario]:
    """Every kept what-if, the newest first; none for whoever may not see what plans cost."""
    found = scenarios.load_scenarios(session)
    for scenario in found:
        require_sight(actor, scenario.quarter)
    return found


def forget(session: Session, actor: Account, scenario_id: int, now: datetime) -> Scenario:
    """Forget a what-if. Raises `NotFoundError` where there is none, `RefusedError` where another kept it."""
    found = scenarios.find_scenario(session, scenario_id)
    if found is None:
        raise NotFoundError("There is no such scenario, or not any more.")
    require_sight(actor, found.quarter)
    if found.author != actor.email:
        raise RefusedError(f"{found.author} kept {found.name}, and only they may forget it.")
    scenarios.remove_scenario(session, scenario_id)
    audit.note(session, actor.email, now, "forget what-if", f"what-if {scenario_id}", quarter=str(found.quarter))
    return found
