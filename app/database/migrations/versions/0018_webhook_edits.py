"""How often a webhook was edited, for If-Match."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    edits = sa.Column("edit_count", sa.Integer(), nullable=False, server_default="0")
    op.add_column("webhook", edits)


def downgrade() -> None:
    op.drop_column("webhook", "edit_count")
