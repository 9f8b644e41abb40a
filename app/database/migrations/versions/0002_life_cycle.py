"""Names, priority, reasons and estimates of jobs; their logs; workers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Columns are added with a default and never by rebuilding the table, which would
# break the references to it.
NEW_JOB_COLUMNS = (
    sa.Column("log_count", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("name", sa.String(length=200), nullable=True),
    sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("metadata", sa.JSON(), nullable=False, server_default="{}"),
    sa.Column("priority", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("retried_from", sa.Uuid(), nullable=True),
    sa.Column("stop_reason", sa.String(length=32), nullable=True),
    sa.Column("estimated_seconds", sa.Float(), nullable=True),
    sa.Column("estimate_error", sa.Float(), nullable=True),
)


def upgrade() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "job_log",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.PrimaryKeyConstraint("job_id", "number"),
    )
    for column in NEW_JOB_COLUMNS:
        op.add_column("job", column)
    op.create_index(
        "ix_job_status_priority", "job", ["status", "priority", "created_at"]
    )


def downgrade() -> None:
    op.drop_index("ix_job_status_priority", table_name="job")
    for column in NEW_JOB_COLUMNS:
        op.drop_column("job", column.name)
    op.drop_table("job_log")
    op.drop_table("worker")
