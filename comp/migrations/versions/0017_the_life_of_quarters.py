"""Where each quarter stands, and everything that was done to it. A quarter with runs is calculated, by its last one."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, unguard

revision = "0017"
down_revision = "0016"

_DOERS = ("calculated_by", "reviewed_by", "approved_by", "approved_sha256")
_LATER = ("reopening_asked_by", "released_by", "closed_by")
_RULES = {
    "state": "state IN ('open', 'calculated', 'in review', 'approved', 'released', 'closed')",
    "run": "(state = 'open') = (run_id IS NULL)",
    "calculated": "(run_id IS NULL) = (calculated_by IS NULL)",
    "approved": "(state IN ('approved', 'released', 'closed')) = (approved_by IS NOT NULL)",
    "seen": "(approved_by IS NULL) = (approved_sha256 IS NULL)",
    "released": "(state IN ('released', 'closed')) = (released_by IS NOT NULL)",
    "closed": "(state = 'closed') = (closed_by IS NOT NULL)",
    "four_eyes_approve": "approved_by <> calculated_by AND approved_by <> reviewed_by",
    "four_eyes_release": "released_by <> calculated_by AND released_by <> approved_by",
}
_PAID = "'released', 'closed'"
_OTHER = "NEW.run_id <> OLD.run_id OR NEW.approved_sha256 <> OLD.approved_sha256"
_GUARDS = (
    ("quarter_move", "UPDATE", "", "what was done to a quarter never changes"),
    ("quarter_move", "DELETE", "", "what was done to a quarter never changes"),
    ("quarter_life", "DELETE", "", "where a quarter stands is never deleted"),
    (
        "quarter_life",
        "UPDATE",
        f"OLD.state IN ({_PAID}) AND (NEW.state NOT IN ({_PAID}) OR {_OTHER})",
        "what was released never changes",
    ),
)


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "quarter_life",
        _text("quarter"),
        _text("state"),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        *(_text(name, nullable=True) for name in (*_DOERS, *_LATER)),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_quarter_life_{name}")) for name, rule in _RULES.items()),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_quarter_life_run_id_run")),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_quarter_life")),
    )
    op.create_table(
        "quarter_move",
        sa.Column("id", sa.Integer(), nullable=False),
        *(_text(name) for name in ("quarter", "act", "start_state", "end_state")),
        sa.Column("run_id", sa.Integer(), nullable=True),
        _text("acted_by"),
        sa.Column("acted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        _text("words"),
        _text("seen_sha256", nullable=True),
        _text("answers", nullable=True),
        sa.CheckConstraint(
            "act NOT IN ('end review', 'send back', 'ask to reopen') OR words <> ''", name=op.f("ck_quarter_move_words")
        ),
        sa.CheckConstraint("answers <> acted_by", name=op.f("ck_quarter_move_four_eyes")),
        sa.CheckConstraint("act <> 'reopen' OR answers IS NOT NULL", name=op.f("ck_quarter_move_reopened")),
        sa.ForeignKeyConstraint(
            ["quarter"], ["quarter_life.quarter"], name=op.f("fk_quarter_move_quarter_quarter_life")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_quarter_move_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_move")),
    )
    op.create_index(op.f("ix_quarter_move_quarter"), "quarter_move", ["quarter"])
    _tell_the_past()
    for each in _GUARDS:
        guard(*each)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _tell_the_past() -> None:
    op.execute(
        "INSERT INTO quarter_life (quarter, state, run_id, changes, calculated_by) "
        "SELECT quarter, 'calculated', id, 1, calculated_by FROM run "
        "WHERE number = (SELECT max(other.number) FROM run AS other WHERE other.quarter = run.quarter)"
    )
    op.execute(
        "INSERT INTO quarter_move (quarter, act, start_state, end_state, run_id, acted_by, acted_at, words) "
        "SELECT quarter, 'calculate', 'open', 'calculated', id, calculated_by, calculated_at, '' "
        "FROM run WHERE number = (SELECT max(other.number) FROM run AS other WHERE other.quarter = run.quarter)"
    )


def downgrade() -> None:
    """Take the step back."""
    for table, change, _, _ in _GUARDS:
        unguard(table, change)
    op.drop_table("quarter_move")
    op.drop_table("quarter_life")
