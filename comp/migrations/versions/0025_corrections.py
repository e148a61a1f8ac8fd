"""Corrections of paid quarters, what came late, and files that were taken in and withdrawn."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from comp.migrations.guards import guard, is_postgresql, unguard

revision = "0025"
down_revision = "0024"

_OPEN = "state IN ('draft', 'proposed')"
_STANDS = "state IN ('asked', 'withdrawn')"
_CORRECTION = {
    "state": "state IN ('draft', 'proposed', 'approved', 'refused', 'put aside')",
    "usual": "usual IN ('recover', 'carry')",
    "proposed": "state NOT IN ('proposed', 'approved', 'refused') OR proposed_by IS NOT NULL",
    "lines": "(proposed_by IS NULL) = (lines_sha256 IS NULL)",
    "decided": "(state IN ('approved', 'refused')) = (decided_by IS NOT NULL)",
    "four_eyes": "decided_by <> proposed_by AND decided_by <> made_by",
    "refused": "state <> 'refused' OR decided_words <> ''",
    "approved": "(state = 'approved') = (pays_with IS NOT NULL)",
    "seen": "(state = 'approved') = (seen_sha256 IS NOT NULL)",
    "later": "pays_with > quarter",
}
_LINE = {
    "sum": "amount_minor = entitled_minor - released_minor - pending_minor + forgiven_minor",
    "forgiven": "forgiven_minor >= 0",
    "policy": "(amount_minor < 0) = (policy IN ('recover', 'carry', 'write off'))",
    "no_policy": "amount_minor < 0 OR policy = ''",
    "reason": "(changed_by IS NULL) = (reason = '')",
    "written_off": "policy <> 'write off' OR changed_by IS NOT NULL",
}
_WITHDRAWAL = {
    "state": "state IN ('asked', 'withdrawn', 'kept')",
    "words": "words <> ''",
    "decided": "(state = 'asked') = (decided_by IS NULL)",
    "four_eyes": "state = 'kept' OR decided_by <> asked_by",
}
_FIXED = ("employee", "currency", "entitled_minor", "released_minor", "pending_minor", "forgiven_minor", "about")
_OTHER = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FIXED)
_GUARDS = (
    (
        "correction",
        "UPDATE",
        "OLD.state NOT IN ('draft', 'proposed')",
        "what was decided on a correction never changes",
    ),
    ("correction", "DELETE", "", "a correction is never deleted"),
    ("correction_line", "UPDATE", _OTHER, "what somebody is owed never changes"),
    ("correction_line", "DELETE", "", "what somebody is owed is never deleted"),
    ("batch_withdrawal", "UPDATE", "OLD.state <> 'asked'", "a file that was withdrawn stays withdrawn"),
    ("batch_withdrawal", "DELETE", "", "the withdrawal of a file is never deleted"),
    *(("batch_result", change, "", "what a file said never changes") for change in ("UPDATE", "DELETE")),
)
_IS_PROPOSED = "(SELECT state FROM correction WHERE id = OLD.correction_id) <> 'draft'"
_PROPOSED = "what was proposed never changes"
_KEEP_PROPOSED = f"""
CREATE FUNCTION keep_proposed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {_IS_PROPOSED} THEN
        RAISE EXCEPTION USING MESSAGE = '{_PROPOSED}', ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
$$
"""


def upgrade() -> None:
    """Apply the step."""
    _corrections()
    _late_data()
    _withdrawals()
    for each in _GUARDS:
        guard(*each)
    _keep_proposed()


def _corrections() -> None:
    op.create_table(
        "correction",
        _number("id"),
        _text("quarter"),
        *(_number(name) for name in ("run_id", "before_run_id")),
        *(_text(name) for name in ("state", "usual", "made_by")),
        _moment("made_at"),
        _text("words"),
        _text("proposed_by", nullable=True),
        _moment("proposed_at", nullable=True),
        _text("lines_sha256", nullable=True),
        _text("decided_by", nullable=True),
        _moment("decided_at", nullable=True),
        _text("decided_words"),
        *(_text(name, nullable=True) for name in ("seen_sha256", "pays_with")),
        *_checks("correction", _CORRECTION),
        *(_refers("correction", name, "run.id") for name in ("run_id", "before_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    for name in ("quarter", "pays_with"):
        op.create_index(op.f(f"ix_correction_{name}"), "correction", [name])
    _one_of("uq_correction_open", "correction", "quarter", _OPEN)
    op.create_table(
        "correction_line",
        _number("correction_id"),
        *(_text(name) for name in ("employee", "currency", "name", "searched")),
        *(
            sa.Column(f"{name}_minor", sa.BigInteger(), nullable=False)
            for name in ("entitled", "released", "pending", "forgiven", "amount")
        ),
        *(_text(name) for name in ("policy", "reason")),
        _text("changed_by", nullable=True),
        *(_text(name) for name in ("why", "about")),
        *_checks("correction_line", _LINE),
        _refers("correction_line", "correction_id", "correction.id"),
        sa.PrimaryKeyConstraint("correction_id", "employee", "currency", name=op.f("pk_correction_line")),
    )
    op.create_index(op.f("ix_correction_line_employee"), "correction_line", ["employee"])


def _late_data() -> None:
    op.create_table(
        "late_check",
        _text("quarter"),
        *(_number(name) for name in ("run_id", "seen")),
        *(_text(name) for name in ("inputs_sha256", "late", "changes")),
        _number("held"),
        _moment("checked_at"),
        _refers("late_check", "run_id", "run.id"),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_late_check")),
    )


def _withdrawals() -> None:
    op.create_table(
        "batch_withdrawal",
        *(_number(name) for name in ("id", "batch_id")),
        *(_text(name) for name in ("state", "words", "asked_by")),
        _moment("asked_at"),
        _text("decided_by", nullable=True),
        _moment("decided_at", nullable=True),
        *_checks("batch_withdrawal", _WITHDRAWAL),
        _refers("batch_withdrawal", "batch_id", "batch.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_withdrawal")),
    )
    _one_of("uq_batch_withdrawal", "batch_withdrawal", "batch_id", _STANDS)
    op.create_table(
        "batch_result",
        _number("batch_id"),
        *(_text(name) for name in ("unit", "quarter", "metric")),
        _text("before", nullable=True),
        _text("after"),
        _refers("batch_result", "batch_id", "batch.id"),
        sa.PrimaryKeyConstraint("batch_id", "unit", "quarter", "metric", name=op.f("pk_batch_result")),
    )


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=nullable)


def _checks(table: str, rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()]


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{target.partition('.')[0]}"
    return sa.ForeignKeyConstraint([column], [target], name=op.f(name))


def _one_of(name: str, table: str, column: str, where: str) -> None:
    op.create_index(name, table, [column], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _keep_proposed() -> None:
    """Lines of what was proposed stay as they are: SQLite's triggers may look elsewhere, PostgreSQL's functions."""
    start = "CREATE TRIGGER keep_proposed_lines BEFORE UPDATE ON correction_line FOR EACH ROW"
    if is_postgresql():
        op.execute(_KEEP_PROPOSED)
        op.execute(f"{start} EXECUTE FUNCTION keep_proposed()")
    else:
        op.execute(f"{start} WHEN ({_IS_PROPOSED}) BEGIN SELECT RAISE(ABORT, '{_PROPOSED}'); END")


def downgrade() -> None:
    """Take the step back."""
    for table, change, _, _ in _GUARDS:
        unguard(table, change)
    op.execute("DROP TRIGGER keep_proposed_lines" + (" ON correction_line" if is_postgresql() else ""))
    if is_postgresql():
        op.execute("DROP FUNCTION keep_proposed")
    for table in ("batch_result", "batch_withdrawal", "late_check", "correction_line", "correction"):
        op.drop_table(table)
