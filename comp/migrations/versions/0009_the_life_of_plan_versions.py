"""The life of plan versions: submitted, sent back, withdrawn; what was done and said; and which run used which.

SQLite can change no constraint of a table, so the table of versions is made anew on both databases.
"""

import json
from collections.abc import Callable

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"

_text = sqlmodel.sql.sqltypes.AutoString
_moment = sqlmodel.sql.sqltypes.UTCDateTime
_BEFORE = [
    *("id", "plan", "starts_on", "name", "state", "document", "sha256", "author", "saved_at"),
    *("published_by", "published_at"),
]
_SUBMITTED = ("submitted_by", "submitted_at")
_LIVES = sa.text("state NOT IN ('withdrawn', 'discarded')")
_OTHERS = "{0} = 'command line' OR ({0} <> author AND {0} <> submitted_by)"
_ACTS = "'write', 'submit', 'take back', 'send back', 'publish', 'withdraw', 'discard'"
_MOVES = "'draft>submitted', 'submitted>draft', 'submitted>published', 'published>withdrawn', 'draft>discarded'"
_FIXED = ("id", "plan", "starts_on", "name", "document", "sha256", "author", "saved_at")
_STAYS = (*_FIXED, "submitted_by", "submitted_at", "published_by", "published_at")
_CHANGED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FIXED)
_TOUCHED = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _STAYS)
_USED = "EXISTS (SELECT 1 FROM run_plan WHERE version_id = OLD.id)"
_WITHDRAWS = f"OLD.state = 'published' AND NEW.state = 'withdrawn' AND NOT ({_TOUCHED})"
_RULES = (
    (
        f"OLD.state IN ('published', 'withdrawn', 'discarded') AND NOT ({_WITHDRAWS})",
        "a published plan never changes",
    ),
    (f"NEW.state = 'withdrawn' AND {_USED}", "a plan that a run has used is not withdrawn"),
    (
        f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({_MOVES})",
        "a plan version does not go from one state to that other",
    ),
    (f"OLD.state = 'submitted' AND ({_CHANGED})", "a submitted plan changes only after it is sent back"),
)
_DELETED = ("OLD.state IN ('published', 'withdrawn')", "a published plan is never deleted")
_KEPT = (
    ("plan_act", "what was done to a plan never changes"),
    ("plan_warning", "what was said of a warning never changes"),
    ("run_plan", "a run never changes"),
)


def upgrade() -> None:
    """Apply the step."""
    _drop_triggers(("update", "delete"))
    _make_anew(_version_table, _BEFORE, {"submitted_by": "author", "submitted_at": "saved_at"})
    op.create_index(
        "uq_plan_version_living",
        "plan_version",
        ["plan", "starts_on"],
        unique=True,
        sqlite_where=_LIVES,
        postgresql_where=_LIVES,
    )
    op.create_table(
        "plan_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("act", _text(), nullable=False),
        sa.Column("acted_by", _text(), nullable=False),
        sa.Column("acted_at", _moment(), nullable=False),
        sa.Column("words", _text(), nullable=False),
        sa.Column("sha256", _text(), nullable=False),
        sa.CheckConstraint(f"act IN ({_ACTS})", name=op.f("ck_plan_act_act")),
        sa.CheckConstraint("act NOT IN ('send back', 'withdraw') OR words <> ''", name=op.f("ck_plan_act_words")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_act_version_id_plan_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_act")),
    )
    op.create_index(op.f("ix_plan_act_version_id"), "plan_act", ["version_id"])
    op.create_table(
        "plan_warning",
        sa.Column("act_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("about", _text(), nullable=False),
        sa.Column("why", _text(), nullable=False),
        sa.Column("words", _text(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("ck_plan_warning_words")),
        sa.ForeignKeyConstraint(["act_id"], ["plan_act.id"], name=op.f("fk_plan_warning_act_id_plan_act")),
        sa.PrimaryKeyConstraint("act_id", "place", name=op.f("pk_plan_warning")),
    )
    op.create_table(
        "run_plan",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sha256", _text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_plan_run_id_run")),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_run_plan_version_id_plan_version")),
        sa.PrimaryKeyConstraint("run_id", "version_id", name=op.f("pk_run_plan")),
    )
    op.create_index(op.f("ix_run_plan_version_id"), "run_plan", ["version_id"])
    _tell_the_past()
    _add_triggers()


def _version_table() -> None:
    op.create_table(
        "plan_version",
        *_columns(),
        *(sa.Column(name, _moment() if name.endswith("_at") else _text(), nullable=True) for name in _SUBMITTED),
        *(sa.Column(f"published_{end}", kind, nullable=True) for end, kind in (("by", _text()), ("at", _moment()))),
        *(sa.Column(f"withdrawn_{end}", kind, nullable=True) for end, kind in (("by", _text()), ("at", _moment()))),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_plan_version_{name}"))
            for name, rule in {
                "state": "state IN ('draft', 'submitted', 'published', 'withdrawn', 'discarded')",
                "submitted": "(state IN ('draft', 'discarded')) = (submitted_at IS NULL)",
                "submitter": "(submitted_at IS NULL) = (submitted_by IS NULL)",
                "published": "(state IN ('published', 'withdrawn')) = (published_at IS NOT NULL)",
                "publisher": "(published_at IS NULL) = (published_by IS NULL)",
                "four_eyes": _OTHERS.format("published_by"),
                "withdrawn": "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
                "withdrawer": "(withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
                "four_eyes_withdraw": _OTHERS.format("withdrawn_by"),
            }.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
    )


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", _text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("name", "state", "document", "sha256", "author")),
        sa.Column("saved_at", _moment(), nullable=False),
    )


def _make_anew(make: Callable[[], None], columns: list[str], told: dict[str, str]) -> None:
    """Put another table in the place of the versions, with their rows; `told` fills columns for those published."""
    op.execute("CREATE TEMPORARY TABLE kept_plan_version AS SELECT * FROM plan_version")
    op.drop_table("plan_version")
    make()
    op.create_index(op.f("ix_plan_version_plan"), "plan_version", ["plan"])
    values = [*columns, *(f"CASE WHEN state = 'published' THEN {source} END" for source in told.values())]
    names, taken = ", ".join([*columns, *told]), ", ".join(values)
    op.execute(f"INSERT INTO plan_version ({names}) SELECT {taken} FROM kept_plan_version")  # noqa: S608 - names of columns
    op.execute("DROP TABLE kept_plan_version")
    if _is_postgresql():
        next_id = "(SELECT coalesce(max(id), 0) + 1 FROM plan_version)"
        op.execute(f"SELECT setval(pg_get_serial_sequence('plan_version', 'id'), {next_id}, false)")


def _tell_the_past() -> None:
    """What is known of versions and runs from before: who wrote and published, and what each run used."""
    for act, by, at, which in (
        ("write", "author", "saved_at", "1 = 1"),
        ("submit", "submitted_by", "submitted_at", "submitted_at IS NOT NULL"),
        ("publish", "published_by", "published_at", "published_at IS NOT NULL"),
    ):
        values = f"id, '{act}', {by}, {at}, '', sha256"
        into = "plan_act (version_id, act, acted_by, acted_at, words, sha256)"
        op.execute(f"INSERT INTO {into} SELECT {values} FROM plan_version WHERE {which} ORDER BY id")  # noqa: S608 - no value
    connection = op.get_bind()
    versions = {
        f"{plan}@{starts}": (number, sha256)
        for number, plan, starts, sha256 in connection.execute(
            sa.text("SELECT id, plan, starts_on, sha256 FROM plan_version")
        )
    }
    insert = sa.text("INSERT INTO run_plan (run_id, version_id, sha256) VALUES (:run, :version, :sha256)")
    for run, plans in connection.execute(sa.text("SELECT id, plans FROM run")).all():
        for number, sha256 in (versions[name] for name in json.loads(plans) if name in versions):
            connection.execute(insert, {"run": run, "version": number, "sha256": sha256})


def _add_triggers() -> None:
    if _is_postgresql():
        checks = "\n".join(
            f"IF {when} THEN RAISE EXCEPTION USING MESSAGE = '{why}', ERRCODE = '23000'; END IF;"
            for when, why in _RULES
        )
        op.execute(
            "CREATE FUNCTION guard_plan_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n"
            f"{checks}\nRETURN NEW; END $$"
        )
        each = "ON plan_version FOR EACH ROW"
        op.execute(f"CREATE TRIGGER guard_plan_version BEFORE UPDATE {each} EXECUTE FUNCTION guard_plan_version()")
    else:
        for number, (when, why) in enumerate(_RULES):
            _refuse(f"guard_plan_version_{number}", "UPDATE", "plan_version", why, when)
    _refuse("keep_plan_version_from_delete", "DELETE", "plan_version", _DELETED[1], _DELETED[0])
    for table, why in _KEPT:
        for change in ("UPDATE", "DELETE"):
            _refuse(f"keep_{table}_from_{change.lower()}", change, table, why)


def _refuse(name: str, change: str, table: str, why: str, when: str = "") -> None:
    condition = f"WHEN ({when})" if when else ""
    then = (
        f"EXECUTE FUNCTION refuse_change('{why}')" if _is_postgresql() else f"BEGIN SELECT RAISE(ABORT, '{why}'); END"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW {condition} {then}")


def _drop_triggers(changes: tuple[str, ...]) -> None:
    for change in changes:
        op.execute(f"DROP TRIGGER keep_plan_version_from_{change}" + (" ON plan_version" if _is_postgresql() else ""))


def _is_postgresql() -> bool:
    return bool(op.get_bind().dialect.name == "postgresql")


def downgrade() -> None:
    """Take the step back: what is not published becomes a draft, and what was withdrawn or discarded is gone."""
    back = "state = 'draft', submitted_by = NULL, submitted_at = NULL"
    op.execute(f"UPDATE plan_version SET {back} WHERE state = 'submitted'")  # noqa: S608 - no value
    _drop_triggers(("delete",))
    if _is_postgresql():
        op.execute("DROP TRIGGER guard_plan_version ON plan_version")
        op.execute("DROP FUNCTION guard_plan_version")
    else:
        for number in range(len(_RULES)):
            op.execute(f"DROP TRIGGER guard_plan_version_{number}")
    for table in ("run_plan", "plan_warning", "plan_act"):
        op.drop_table(table)
    op.execute("DELETE FROM plan_version WHERE state IN ('withdrawn', 'discarded')")
    op.drop_index("uq_plan_version_living", "plan_version")
    op.drop_index(op.f("ix_plan_version_plan"), "plan_version")
    _make_anew(_version_table_before, _BEFORE, {})
    _refuse("keep_plan_version_from_update", "UPDATE", "plan_version", _RULES[0][1], "OLD.state = 'published'")
    _refuse("keep_plan_version_from_delete", "DELETE", "plan_version", _DELETED[1], "OLD.state = 'published'")


def _version_table_before() -> None:
    op.create_table(
        "plan_version",
        *_columns(),
        sa.Column("published_by", _text(), nullable=True),
        sa.Column("published_at", _moment(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_plan_version_published")
        ),
        sa.CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_plan_version_publisher")),
        sa.CheckConstraint("published_by <> author OR author = 'command line'", name=op.f("ck_plan_version_four_eyes")),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_plan_version_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan", "starts_on", name=op.f("uq_plan_version_plan_starts_on")),
    )
