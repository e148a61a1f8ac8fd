"""Triggers that migrations put on tables, so that the database itself refuses what is never to happen."""

from alembic import op


def refuse(name: str, change: str, table: str, why: str, when: str = "") -> None:
    """Let a trigger refuse a change (`UPDATE` or `DELETE`) of a table's rows, always or `when` a condition holds.

    `refuse_change` is there on PostgreSQL since runs are written once.
    """
    condition = f"WHEN ({when})" if when else ""
    then = f"EXECUTE FUNCTION refuse_change('{why}')" if is_postgresql() else f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW {condition} {then}")


def guard(table: str, change: str, when: str, why: str) -> None:
    """Refuse a change of a table under the name that says so; an empty `when` refuses it always."""
    refuse(_name(table, change), change, table, why, when)


def unguard(table: str, change: str) -> None:
    """Allow again what `guard` refused."""
    op.execute(f"DROP TRIGGER {_name(table, change)}" + (f" ON {table}" if is_postgresql() else ""))


def is_postgresql() -> bool:
    """Whether the database is PostgreSQL's, not SQLite's."""
    return op.get_bind().dialect.name == "postgresql"


def _name(table: str, change: str) -> str:
    return f"keep_{table}_from_{change.lower()}"
