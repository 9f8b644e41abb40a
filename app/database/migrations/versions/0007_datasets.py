"""Datasets of one's own: versions, and their content in pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dataset_content",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("class_names", sa.JSON(), nullable=False),
        sa.Column("train_images", sa.Integer(), nullable=False),
        sa.Column("test_images", sa.Integer(), nullable=False),
        sa.Column("stored_bytes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "dataset_sheet",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["dataset_content.digest"]),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "dataset_chunk",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["dataset_content.digest"]),
        sa.PrimaryKeyConstraint("digest", "number"),
    )
    op.create_table(
        "dataset",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("preprocess", sa.String(16), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("renewals", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["digest"], ["dataset_content.digest"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "version"),
    )
    op.create_index("ix_dataset_created_at_id", "dataset", ["created_at", "id"])
    op.create_index("ix_dataset_status", "dataset", ["status"])
    op.add_column("job", sa.Column("dataset_id", sa.Uuid(), nullable=True))
    op.create_index("ix_job_dataset_id", "job", ["dataset_id"])


def downgrade() -> None:
    op.drop_index("ix_job_dataset_id", "job")
    op.drop_column("job", "dataset_id")
    op.drop_table("dataset")
    op.drop_table("dataset_chunk")
    op.drop_table("dataset_sheet")
    op.drop_table("dataset_content")
