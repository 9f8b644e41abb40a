"""Datasets in colour and of any size; those that are there are 28x28 in grey."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BEFORE = {"channels": "1", "height": "28", "width": "28"}
OTHERS = (
    "SELECT digest FROM dataset_content WHERE channels <> 1 OR height <> 28 "
    "OR width <> 28"
)


def upgrade() -> None:
    op.add_column("dataset", sa.Column("size", sa.String(length=16), nullable=True))
    colour = sa.Column(
        "colour", sa.String(length=8), nullable=False, server_default="auto"
    )
    op.add_column("dataset", colour)
    for name, value in BEFORE.items():
        column = sa.Column(name, sa.Integer(), nullable=False, server_default=value)
        op.add_column("dataset_content", column)


def downgrade() -> None:
    """Forget datasets of other shapes, of which the release before knows nothing."""
    for table in ("dataset", "dataset_chunk", "dataset_sheet", "dataset_content"):
        op.execute(f"DELETE FROM {table} WHERE digest IN ({OTHERS})")
    for name in BEFORE:
        op.drop_column("dataset_content", name)
    op.drop_column("dataset", "colour")
    op.drop_column("dataset", "size")
