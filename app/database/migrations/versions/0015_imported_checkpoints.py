"""Checkpoints that no job here has trained."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

COLUMNS = (
    "id, job_id, epoch, attempt, created_at, val_loss, val_accuracy, size_bytes, sha256"
)
OPTIONAL: dict[str, sa.types.TypeEngine[Any]] = {
    "job_id": sa.Uuid(),
    "val_loss": sa.Float(),
    "val_accuracy": sa.Float(),
}
IMPORTED = "SELECT id FROM checkpoint WHERE job_id IS NULL"
VERSION = "(model_name, version) IN (SELECT model_name, number FROM model_version"
FORGET = (
    f"UPDATE model_alias SET version = NULL WHERE {VERSION} "
    f"WHERE checkpoint_id IN ({IMPORTED}))",
    f"DELETE FROM model_version WHERE checkpoint_id IN ({IMPORTED})",
    f"DELETE FROM checkpoint_weights WHERE checkpoint_id IN ({IMPORTED})",
)


def upgrade() -> None:
    change_checkpoint(nullable=True)
    op.create_table(
        "checkpoint_import",
        sa.Column("checkpoint_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=32), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("preprocess", sa.String(length=16), nullable=False),
        sa.Column("architecture", sa.JSON(), nullable=False),
        sa.Column("input_shape", sa.JSON(), nullable=False),
        sa.Column("weights_sha256", sa.String(length=64), nullable=False),
        sa.Column("claimed_job_id", sa.String(length=200), nullable=True),
        sa.Column("claimed_epoch", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoint.id"]),
        sa.PrimaryKeyConstraint("checkpoint_id"),
    )


def downgrade() -> None:
    for statement in FORGET:
        op.execute(statement)
    op.drop_table("checkpoint_import")
    op.execute("DELETE FROM checkpoint WHERE job_id IS NULL")
    change_checkpoint(nullable=False)


def change_checkpoint(*, nullable: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        make_checkpoint_anew(nullable=nullable)
        return
    for name, kind in OPTIONAL.items():
        op.alter_column("checkpoint", name, existing_type=kind, nullable=nullable)


def make_checkpoint_anew(*, nullable: bool) -> None:
    """Change the columns of SQLite's table, which others refer to.

    Until the commit it may miss its rows. Under its own name again, each row that comes
    back counts for those that refer to it.
    """
    op.execute("PRAGMA defer_foreign_keys=ON")
    op.execute("CREATE TABLE old_checkpoint AS SELECT * FROM checkpoint")
    op.drop_table("checkpoint")
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=nullable),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("val_loss", sa.Float(), nullable=nullable),
        sa.Column("val_accuracy", sa.Float(), nullable=nullable),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job_id", "epoch"),
    )
    op.execute(
        f"INSERT INTO checkpoint ({COLUMNS}) SELECT {COLUMNS} FROM old_checkpoint"
    )
    op.drop_table("old_checkpoint")
