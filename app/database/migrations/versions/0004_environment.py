"""On what a job trained."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("environment", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("job", "environment")
