"""Quotas of keys, whose a dataset is, idempotency keys of anything, edits counted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

EDITED = ("api_key", "job")
NOBODY = "00000000-0000-0000-0000-000000000000"  # the table is empty
COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "max_queued_jobs": sa.Integer(),
    "max_running_jobs": sa.Integer(),
    "max_stored_bytes": sa.BigInteger(),
    "max_epochs_a_day": sa.Integer(),
    "epochs_on": sa.Date(),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("api_key", sa.Column(name, kind, nullable=True))
    spent = sa.Column(
        "epochs_spent", sa.BigInteger(), nullable=False, server_default="0"
    )
    op.add_column("api_key", spent)
    op.add_column("dataset", sa.Column("key_id", sa.String(length=32), nullable=True))
    for table in EDITED:
        edits = sa.Column(
            "edit_count", sa.Integer(), nullable=False, server_default="0"
        )
        op.add_column(table, edits)
    resource = sa.Column(
        "resource", sa.String(length=160), nullable=False, server_default=""
    )
    op.add_column("idempotency_key", resource)
    op.execute("UPDATE idempotency_key SET resource = CAST(job_id AS VARCHAR(160))")
    op.drop_column("idempotency_key", "job_id")


def downgrade() -> None:
    op.execute("DELETE FROM idempotency_key")
    op.drop_column("idempotency_key", "resource")
    job_id = sa.Column("job_id", sa.Uuid(), nullable=False, server_default=NOBODY)
    op.add_column("idempotency_key", job_id)
    for table in EDITED:
        op.drop_column(table, "edit_count")
    op.drop_column("dataset", "key_id")
    for name in ("epochs_spent", *COLUMNS):
        op.drop_column("api_key", name)
