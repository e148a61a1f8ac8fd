"""The first tables."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import comp.models.base

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Apply the step."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("password_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_lower_email")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("tool", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("dropped", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("accepted_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("accepted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_batch_sha256"), ["sha256"], unique=False)

    op.create_table(
        "mapping",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("columns", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mapping")),
    )
    op.create_table(
        "metric",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric")),
    )
    op.create_table(
        "person",
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("hired_on", sa.Date(), nullable=True),
        sa.Column("employed_until", sa.Date(), nullable=True),
        sa.Column("leaving_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "employed_until IS NULL OR hired_on IS NULL OR hired_on < employed_until", name=op.f("ck_person_employment")
        ),
        sa.PrimaryKeyConstraint("employee", name=op.f("pk_person")),
    )
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("author", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("published_by", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("published_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_plan_version_published")
        ),
        sa.CheckConstraint("(published_at IS NULL) = (published_by IS NULL)", name=op.f("ck_plan_version_publisher")),
        sa.CheckConstraint("published_by <> author OR author = 'command line'", name=op.f("ck_plan_version_four_eyes")),
        sa.CheckConstraint("state IN ('draft', 'published')", name=op.f("ck_plan_version_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan", "starts_on", name=op.f("uq_plan_version_plan_starts_on")),
    )
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_version_plan"), ["plan"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("inputs_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("engine", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("plans", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("problems", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("metrics", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("round_to", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("calculated_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("calculated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("quarter", "number", name=op.f("uq_run_quarter_number")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "unit",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("parent", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("loyalty_lead", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("parent <> code", name=op.f("ck_unit_own_parent")),
        sa.ForeignKeyConstraint(
            ["parent"], ["unit.code"], name=op.f("fk_unit_parent_unit"), initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent"), ["parent"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("options", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("uploaded_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("uploaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("start_on < end_on", name=op.f("ck_absence_days")),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_absence_employee_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("employee", "start_on", name=op.f("uq_absence_employee_start_on")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_role")),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("annual_salary_minor", sa.BigInteger(), nullable=True),
        sa.Column("target_percent", comp.models.base.ExactNumber(), nullable=True),
        sa.Column("target_amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("fte", comp.models.base.ExactNumber(), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("manager", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("cost_centre", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("annual_salary_minor >= 0 AND target_amount_minor >= 0", name=op.f("ck_assignment_amounts")),
        sa.CheckConstraint("start_on < end_on", name=op.f("ck_assignment_days")),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_assignment_employee_person")),
        sa.ForeignKeyConstraint(
            ["manager"],
            ["person.employee"],
            name=op.f("fk_assignment_manager_person"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_assignment_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("employee", "start_on", name=op.f("uq_assignment_employee_start_on")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_manager"), ["manager"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_unit"), ["unit"], unique=False)

    op.create_table(
        "personal_result",
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("quarter", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("metric", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", comp.models.base.ExactNumber(), nullable=False),
        sa.ForeignKeyConstraint(["employee"], ["person.employee"], name=op.f("fk_personal_result_employee_person")),
        sa.PrimaryKeyConstraint("employee", "quarter", "metric", name=op.f("pk_personal_result")),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("touchpoint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("segment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("customer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("comment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answers", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name=op.f("fk_response_batch_id_batch")),
        sa.ForeignKeyConstraint(["replaced_by"], ["batch.id"], name=op.f("fk_response_replaced_by_batch")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_response_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_response_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(
            "uq_response_current",
            ["key"],
            unique=True,
            sqlite_where=sa.text("replaced_by IS NULL"),
            postgresql_where=sa.text("replaced_by IS NULL"),
        )

    op.create_table(
        "result",
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("quarter", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("metric", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", comp.models.base.ExactNumber(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.Column("promoters", sa.Integer(), nullable=True),
        sa.Column("passives", sa.Integer(), nullable=True),
        sa.Column("detractors", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(promoters IS NULL) = (passives IS NULL) AND (passives IS NULL) = (detractors IS NULL)",
            name=op.f("ck_result_all_groups"),
        ),
        sa.CheckConstraint("(value IS NULL) = (promoters IS NOT NULL)", name=op.f("ck_result_one_kind")),
        sa.CheckConstraint(
            "answers >= 0 AND promoters >= 0 AND passives >= 0 AND detractors >= 0", name=op.f("ck_result_counts")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_result_unit_unit")),
        sa.PrimaryKeyConstraint("unit", "quarter", "metric", name=op.f("pk_result")),
    )
    op.create_table(
        "run_attainment",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_attainment_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_run_attainment")),
    )
    op.create_table(
        "run_exclusion",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("state IN ('held', 'outside')", name=op.f("ck_run_exclusion_state")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_exclusion_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "employee", name=op.f("pk_run_exclusion")),
    )
    op.create_table(
        "run_payout",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("searched", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("target_minor", sa.BigInteger(), nullable=False),
        sa.Column("unpaid", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_payout_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "employee", "currency", name=op.f("pk_run_payout")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tally",
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("question", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("touchpoint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("segment", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_tally_count")),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_tally_unit_unit")),
        sa.PrimaryKeyConstraint("unit", "question", "month", "touchpoint", "segment", "answer", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "target",
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("metric", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("target", comp.models.base.ExactNumber(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.code"], name=op.f("fk_target_unit_unit")),
        sa.PrimaryKeyConstraint("unit", "period", "metric", name=op.f("pk_target")),
    )
    op.create_table(
        "run_piece",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("employee", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("attainment", sa.Integer(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("manager", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("cost_centre", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("annual_salary_minor", sa.BigInteger(), nullable=True),
        sa.Column("target_percent", comp.models.base.ExactNumber(), nullable=True),
        sa.Column("target_amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("fte", comp.models.base.ExactNumber(), nullable=False),
        sa.Column("share_of_year", comp.models.base.ExactNumber(), nullable=False),
        sa.Column("counted_days", comp.models.base.ExactNumber(), nullable=False),
        sa.Column("days_in_quarter", sa.Integer(), nullable=False),
        sa.Column("absent", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("forfeited", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint("start_on < end_on", name=op.f("ck_run_piece_days")),
        sa.ForeignKeyConstraint(
            ["run_id", "attainment"],
            ["run_attainment.run_id", "run_attainment.number"],
            name=op.f("fk_run_piece_run_id_attainment_run_attainment"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "employee", "currency"],
            ["run_payout.run_id", "run_payout.employee", "run_payout.currency"],
            name=op.f("fk_run_piece_run_id_employee_currency_run_payout"),
        ),
        sa.PrimaryKeyConstraint("run_id", "employee", "currency", "start_on", name=op.f("pk_run_piece")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("run_piece")
    op.drop_table("target")
    op.drop_table("tally")
    op.drop_table("run_payout")
    op.drop_table("run_exclusion")
    op.drop_table("run_attainment")
    op.drop_table("result")
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_response_current",
            sqlite_where=sa.text("replaced_by IS NULL"),
            postgresql_where=sa.text("replaced_by IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_response_batch_id"))

    op.drop_table("response")
    op.drop_table("personal_result")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assignment_unit"))
        batch_op.drop_index(batch_op.f("ix_assignment_manager"))

    op.drop_table("assignment")
    op.drop_table("account_role")
    op.drop_table("absence")
    op.drop_table("upload")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent"))

    op.drop_table("unit")
    op.drop_table("setting")
    op.drop_table("run")
    op.drop_table("question")
    with op.batch_alter_table("plan_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_plan_version_plan"))

    op.drop_table("plan_version")
    op.drop_table("person")
    op.drop_table("metric")
    op.drop_table("mapping")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_sha256"))
        batch_op.drop_index(batch_op.f("ix_batch_kind"))

    op.drop_table("batch")
    op.drop_table("account")
