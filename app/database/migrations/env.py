"""Alembic's entry: runs the migrations on the connection that engine.migrate holds."""

from alembic import context
from sqlmodel import SQLModel

from app import audit_models as audit_models
from app import models as models
from app import webhook_models as webhook_models

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
context.run_migrations()
