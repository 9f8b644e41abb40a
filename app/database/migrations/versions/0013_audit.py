"""The audit log: every change, by key."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=True),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=300), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    for name, columns in (
        ("ix_audit_entry_created_at_id", ["created_at", "id"]),
        ("ix_audit_entry_key", ["key_id", "created_at", "id"]),
        ("ix_audit_entry_target", ["target", "created_at", "id"]),
    ):
        op.create_index(name, "audit_entry", columns)


def downgrade() -> None:
    op.drop_table("audit_entry")
