"""What is watched: traces of jobs, memory of GPUs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("traceparent", sa.String(length=64), nullable=True))
    for name in ("gpu_memory_used", "gpu_memory_total"):
        op.add_column("worker", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in ("gpu_memory_total", "gpu_memory_used"):
        op.drop_column("worker", name)
    op.drop_column("job", "traceparent")
