"""Exclusions of answers: proposals, the answers that they name, and how many each run left out."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard

revision = "0020"
down_revision = "0019"

_OPEN = "state IN ('proposed', 'granted') AND undoes IS NOT NULL"
_CURRENT = "replaced_by IS NULL"
_CUSTOMER = "replaced_by IS NULL AND customer <> ''"
_REASONS = (
    "'not a customer', 'answered twice', 'asked for', 'about another unit', 'test or preview', 'mistaken exclusion', "
    "'other'"
)
_CHECKS = {
    "kind": "kind IN ('exclude', 'restore')",
    "undoes": "(kind = 'restore') = (undoes IS NOT NULL)",
    "state": "state IN ('proposed', 'granted', 'refused', 'withdrawn', 'taken back')",
    "taken_back": "(state = 'taken back') = (undone_by IS NOT NULL)",
    "restored": "state <> 'taken back' OR kind = 'exclude'",
    "reason": f"reason IN ({_REASONS})",
    "words": "words <> ''",
    "decided": "(state = 'proposed') = (decided_at IS NULL)",
    "decider": "(decided_at IS NULL) = (decided_by IS NULL)",
    "four_eyes": "decided_by IS NULL OR (state = 'withdrawn') = (decided_by = proposed_by)",
    "decided_words": "state NOT IN ('granted', 'refused', 'taken back') OR decided_words <> ''",
    "seen": "(state IN ('granted', 'taken back')) = (length(seen_sha256) = 64)",
}
_FIXED = ("kind", "unit", "quarter", "reason", "words", "proposed_by")
_OTHER = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FIXED)
_DECIDED = "OLD.state <> 'proposed' AND (OLD.state <> 'granted' OR NEW.state <> 'taken back')"
_TRIGGERS = (
    ("exclusion", "UPDATE", f"{_OTHER} OR {_DECIDED}", "what was decided on an exclusion never changes"),
    ("exclusion", "DELETE", "", "an exclusion is never deleted"),
    *(
        (table, change, "", why)
        for table, why in (
            ("exclusion_answer", "what an exclusion names never changes"),
            ("run_left_out", "a run never changes"),
        )
        for change in ("UPDATE", "DELETE")
    ),
)


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Integer(), nullable=False),
        *_texts("kind", "unit", "quarter", "reason", "words", "proposed_by"),
        _moment("proposed_at", nullable=False),
        *_texts("state"),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("decided_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        _moment("decided_at", nullable=True),
        *_texts("decided_words", "seen", "seen_sha256"),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_exclusion_{name}")) for name, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_exclusion_unit_unit")),
        sa.ForeignKeyConstraint(["undoes"], ["exclusion.id"], name=op.f("fk_exclusion_undoes_exclusion")),
        sa.ForeignKeyConstraint(["undone_by"], ["exclusion.id"], name=op.f("fk_exclusion_undone_by_exclusion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    op.create_index(op.f("ix_exclusion_state"), "exclusion", ["state"])
    _partial("uq_exclusion_undoes", "exclusion", ["undoes"], _OPEN, unique=True)
    op.create_table(
        "exclusion_answer",
        sa.Column("exclusion_id", sa.Integer(), nullable=False),
        *_texts("key", "question"),
        sa.ForeignKeyConstraint(
            ["exclusion_id"], ["exclusion.id"], name=op.f("fk_exclusion_answer_exclusion_id_exclusion")
        ),
        sa.PrimaryKeyConstraint("exclusion_id", "key", "question", name=op.f("pk_exclusion_answer")),
    )
    op.create_index(op.f("ix_exclusion_answer_key"), "exclusion_answer", ["key"])
    op.create_table(
        "run_left_out",
        sa.Column("run_id", sa.Integer(), nullable=False),
        *_texts("unit", "quarter", "question"),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.CheckConstraint("answers > 0", name=op.f("ck_run_left_out_answers")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_left_out_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "unit", "quarter", "question", name=op.f("pk_run_left_out")),
    )
    _partial("ix_response_place", "response", ["unit", "answered_on"], _CURRENT)
    _partial("ix_response_customer", "response", ["customer"], _CUSTOMER)
    for each in _TRIGGERS:
        guard(*each)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=False) for name in names]


def _moment(name: str, *, nullable: bool) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    some = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_response_customer", "response")
    op.drop_index("ix_response_place", "response")
    for table in ("run_left_out", "exclusion_answer", "exclusion"):
        op.drop_table(table)
