"""Zips of pictures to classify, and what came of each picture."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_prediction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=True),
        sa.Column("checkpoint", sa.JSON(), nullable=False),
        sa.Column("preprocess", sa.String(16), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("images_done", sa.Integer(), nullable=False),
        sa.Column("images_refused", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, columns in (
        ("ix_bulk_prediction_created_at_id", ["created_at", "id"]),
        ("ix_bulk_prediction_status", ["status", "created_at"]),
    ):
        op.create_index(name, "bulk_prediction", columns)
    op.create_table(
        "bulk_rows",
        sa.Column("bulk_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_prediction.id"]),
        sa.PrimaryKeyConstraint("bulk_id", "first"),
    )


def downgrade() -> None:
    op.drop_table("bulk_rows")
    op.drop_table("bulk_prediction")
