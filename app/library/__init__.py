"""Uploaded datasets in the database: every change of theirs happens here."""

from app.datasets.content import Content, Split
from app.library.content import digest_of, read_contact_sheet, read_content
from app.library.delete import Freed, delete_dataset, what_would_be_freed
from app.library.leases import Held, claim_dataset, list_validating, renew_dataset
from app.library.listing import (
    find_dataset,
    get_content,
    get_dataset,
    list_datasets,
)
from app.library.names import Lookup, look_up
from app.library.record import (
    Upload,
    forget_dataset,
    new_version,
    record_failure,
    record_result,
)

__all__ = [
    "Content",
    "Freed",
    "Held",
    "Lookup",
    "Split",
    "Upload",
    "claim_dataset",
    "delete_dataset",
    "digest_of",
    "find_dataset",
    "forget_dataset",
    "get_content",
    "get_dataset",
    "list_datasets",
    "list_validating",
    "look_up",
    "new_version",
    "read_contact_sheet",
    "read_content",
    "record_failure",
    "record_result",
    "renew_dataset",
    "what_would_be_freed",
]
