"""Triggers that keep what is written once: published plans, runs, accepted files and what customers said.

They are in the database so that a fault of the program, or a statement typed by hand, cannot change what was paid on.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

_RUNS = ("run", "run_attainment", "run_payout", "run_piece", "run_exclusion")
_FIXED = ("key", "unit", "answered_on", "touchpoint", "segment", "answers", "batch_id")
_KEPT = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FIXED)
_TRIGGERS = (
    ("plan_version", "UPDATE", "OLD.state = 'published'", "a published plan never changes"),
    ("plan_version", "DELETE", "OLD.state = 'published'", "a published plan is never deleted"),
    *((table, change, "", "a run never changes") for table in _RUNS for change in ("UPDATE", "DELETE")),
    ("batch", "UPDATE", "", "an accepted file never changes"),
    ("batch", "DELETE", "", "an accepted file is never deleted"),
    ("response", "UPDATE", f"OLD.replaced_by IS NOT NULL OR {_KEPT}", "what a customer said never changes"),
    ("response", "DELETE", "", "what a customer said is never deleted"),
)
_REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def upgrade() -> None:
    """Apply the step."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute(_REFUSE)
    for table, change, when, why in _TRIGGERS:
        start = f"CREATE TRIGGER {_name(table, change)} BEFORE {change} ON {table} FOR EACH ROW"
        condition = f"WHEN ({when})" if when else ""
        then = (
            f"EXECUTE FUNCTION refuse_change('{why}')" if is_postgresql else f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )
        op.execute(f"{start} {condition} {then}")


def downgrade() -> None:
    """Take the step back."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, change, _, _ in _TRIGGERS:
        op.execute(f"DROP TRIGGER {_name(table, change)}" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        op.execute("DROP FUNCTION refuse_change")


def _name(table: str, change: str) -> str:
    return f"keep_{table}_from_{change.lower()}"
