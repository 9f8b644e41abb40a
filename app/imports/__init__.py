"""Checkpoints from elsewhere: read warily, checked by name, kept with their origin."""

from app.imports.files import read_files
from app.imports.record import Sender, store_import
from app.imports.upload import ImportedCheckpoint, check_upload

__all__ = [
    "ImportedCheckpoint",
    "Sender",
    "check_upload",
    "read_files",
    "store_import",
]
