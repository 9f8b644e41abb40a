"""Models with versions and aliases; the lineage of jobs."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = sa.String(length=64)
NEW_JOB_COLUMNS = (
    sa.Column("requested", sa.JSON(), nullable=True),
    sa.Column("init_from", sa.Uuid(), nullable=True),
    sa.Column("starting_point", sa.JSON(), nullable=True),
    sa.Column("reproduces", sa.Uuid(), nullable=True),
    sa.Column("verdict", sa.JSON(), nullable=True),
    sa.Column("weights_sha256", sa.String(length=64), nullable=True),
)


def upgrade() -> None:
    op.create_table(
        "model",
        sa.Column("name", NAME, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=True),
        sa.Column("version_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "model_version",
        sa.Column("model_name", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checkpoint_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoint.id"]),
        sa.ForeignKeyConstraint(["model_name"], ["model.name"]),
        sa.PrimaryKeyConstraint("model_name", "number"),
    )
    op.create_index(
        "ix_model_version_checkpoint_id", "model_version", ["checkpoint_id"]
    )
    op.create_table(
        "model_alias",
        sa.Column("model_name", NAME, nullable=False),
        sa.Column("alias", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("change_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["model_name"], ["model.name"]),
        sa.ForeignKeyConstraint(
            ["model_name", "version"],
            ["model_version.model_name", "model_version.number"],
        ),
        sa.PrimaryKeyConstraint("model_name", "alias"),
    )
    op.create_table(
        "alias_change",
        sa.Column("model_name", NAME, nullable=False),
        sa.Column("alias", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["model_name"], ["model.name"]),
        sa.PrimaryKeyConstraint("model_name", "alias", "number"),
    )
    op.create_table(
        "job_attempt",
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("environment", sa.JSON(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("commit", sa.String(length=64), nullable=True),
        sa.Column("dataset_digest", sa.String(length=64), nullable=False),
        sa.Column("split_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.PrimaryKeyConstraint("job_id", "attempt"),
    )
    for column in NEW_JOB_COLUMNS:
        op.add_column("job", column)
    op.create_index("ix_job_init_from", "job", ["init_from"])


def downgrade() -> None:
    op.drop_index("ix_job_init_from", table_name="job")
    for column in NEW_JOB_COLUMNS:
        op.drop_column("job", column.name)
    op.drop_table("job_attempt")
    for table in ("alias_change", "model_alias", "model_version", "model"):
        op.drop_table(table)
