"""Making and upgrading the database by its migrations."""

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlmodel import Session, SQLModel

import comp.models  # noqa: F401 - registers the tables


def upgrade(session: Session, revision: str = "head") -> None:
    """Apply all migrations that are missing, in the session's transaction."""
    command.upgrade(_config(session), revision)


def downgrade(session: Session, revision: str) -> None:
    """Take migrations back, down to `revision` (`base` for an empty database)."""
    command.downgrade(_config(session), revision)


def has_roles(session: Session) -> bool:
    """Whether the database tells roles apart."""
    return session.get_bind().dialect.name == "postgresql"


def grant(session: Session, role: str) -> None:
    """Let a role of PostgreSQL's work with the tables, and of the audit chain only read and append."""
    name = session.get_bind().dialect.identifier_preparer.quote(role)
    for right in (
        f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}",
    ):
        session.execute(text(f"GRANT {right}"))
    session.execute(text(f"REVOKE UPDATE, DELETE ON audit, alembic_version FROM {name}"))


def about(session: Session) -> tuple[str, str]:
    """The kind of the database, and the last migration that was applied."""
    context = MigrationContext.configure(session.connection())
    return session.get_bind().dialect.name, context.get_current_revision() or ""


def is_current(session: Session) -> bool:
    """Whether every migration has been applied."""
    return _revision(session) == _known()[0]


def is_newer(session: Session) -> bool:
    """Whether the database has a migration that this program does not know."""
    current = _revision(session)
    return current is not None and current not in _known()


def _revision(session: Session) -> str | None:
    return MigrationContext.configure(session.connection()).get_current_revision()


@cache
def _known() -> tuple[str, ...]:
    """The migrations that this program has, the newest first: read once, since they do not change under it."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def differences(session: Session) -> list[object]:
    """What the tables in the database lack, or have too much, against the models. Empty when they agree."""
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(session.connection(), opts=options)
    return list(compare_metadata(context, SQLModel.metadata))


def _config(session: Session | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("comp") / "migrations"))
    config.attributes["connection"] = session and session.connection()
    return config
