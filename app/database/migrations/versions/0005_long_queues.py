"""What keeps a queue of ten thousand jobs as quick as one of ten."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EPOCHS = {
    "sqlite": "json_extract(spec, '$.epochs')",
    "postgresql": "CAST(spec ->> 'epochs' AS INTEGER)",
}
INDEXES = {
    "ix_job_status_created_at": ["status", "created_at", "id"],
    "ix_job_status_dispatch": ["status", "dispatch_at"],
    "ix_job_line": [
        "status",
        "priority",
        "created_at",
        "id",
        "lease_expires_at",
        "epoch",
        "epochs",
    ],
}


def upgrade() -> None:
    column = sa.Column("epochs", sa.Integer(), nullable=False, server_default="0")
    op.add_column("job", column)
    op.execute(f"UPDATE job SET epochs = {EPOCHS[op.get_bind().dialect.name]}")
    op.drop_index("ix_job_status_priority", table_name="job")
    for name, columns in INDEXES.items():
        op.create_index(name, "job", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="job")
    op.create_index(
        "ix_job_status_priority", "job", ["status", "priority", "created_at"]
    )
    op.drop_column("job", "epochs")
