"""What a manager takes away of a team: the rows that the team's page shows, with why each is what it is."""

from datetime import datetime

from sqlmodel import Session

from comp.periods import Quarter
from comp.roles import Account
from comp.services import reads, teams
from comp.services.relations import sight
from comp.services.workflow import life_of
from comp.store import runs, units
from comp.team_sheets import TeamSheets, team_lines, team_rules


def team_sheets(session: Session, actor: Account, quarter: Quarter, of: str, now: datetime) -> TeamSheets | None:
    """The content of a team's workbook: the manager's, or the actor's own; None where the actor leads nobody.

    The people are those of the team's page. Raises `NotFoundError` where nothing was calculated, and `UnseenError` for
    a team that the actor may not see.
    """
    view = teams.view_team(session, actor, quarter, of, now)
    if view is None:
        return None
    run = runs.load_run(session, view.run, (view.scope.below, sight(session, actor, quarter, now)))
    rows = sorted(view.rows, key=lambda row: (row.name.casefold(), row.employee, row.currency))
    lines = team_lines(rows, run.payouts)
    return TeamSheets(
        run=view.run,
        state=str(life_of(session, quarter).state),
        manager=view.scope.manager,
        name=view.scope.name,
        people=view.scope.people,
        is_direct=view.scope.below.directly,
        lines=lines,
        rules=team_rules(lines, run.payouts),
        metrics=run.metrics,
        units={unit.code: unit.name for unit in units.load_units(session)},
        made_by=actor.email,
        made_at=now,
    )


def note_taken(session: Session, actor: Account, sheets: TeamSheets, now: datetime) -> None:
    """Note that the actor takes a team's workbook away."""
    about = f"team workbook {sheets.run.quarter}"
    people, run = sheets.listed, sheets.run.name
    reads.note_taken(session, actor, about, now, people=people, manager=sheets.manager, run=run)
