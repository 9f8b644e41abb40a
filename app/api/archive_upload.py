"""A zip from the request to the disk, chunk by chunk; never whole in memory."""

import asyncio
from pathlib import Path

from fastapi import Request

from app.api.dataset_form import fault, receive_form
from app.bulk.staging import FILE
from app.errors import NotZip

FORM_TYPE = "multipart/form-data"
RAW_TYPES = (
    "application/zip",
    "application/x-zip-compressed",
    "application/octet-stream",
)


async def save_archive(request: Request, folder: Path) -> None:
    """Write the zip of a request, the body itself or the file of a form.

    Raises:
        NotZip: The body is of another type.
        RequestValidationError: It is a form without a file, or a torn one.
    """
    header = request.headers.get("content-type", "")
    media_type = header.partition(";")[0].strip().lower()
    if media_type == FORM_TYPE:
        form = await receive_form(request, folder)
        if len(form.files) != 1:
            raise fault("missing", "file", "Send one zip as `file`.")
        return
    if media_type not in RAW_TYPES:
        raise NotZip
    with await asyncio.to_thread((folder / FILE).open, "wb") as file:
        async for chunk in request.stream():
            await asyncio.to_thread(file.write, chunk)
