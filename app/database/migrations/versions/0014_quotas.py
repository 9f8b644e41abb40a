"""Quotas of keys, and whose a dataset is."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

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


def downgrade() -> None:
    op.drop_column("dataset", "key_id")
    for name in ("epochs_spent", *COLUMNS):
        op.drop_column("api_key", name)
