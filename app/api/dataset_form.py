"""The form of an upload, written to disk as it comes and never held in memory."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

MOST_FILES = 4
LONGEST_FIELD = 256
LONGEST_NAME = 255
UNNAMED = "unnamed"


def fault(kind: str, name: str, message: str) -> RequestValidationError:
    detail = {"type": kind, "loc": ("body", name), "msg": message}
    return RequestValidationError([detail])


@dataclass
class ReceivedForm:
    """Text by name, and the names of the files; the first lies in folder/0."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


class FormWriter:
    """What the parser calls for each piece of the body."""

    def __init__(self, folder: Path) -> None:
        self.form = ReceivedForm()
        self._folder = folder
        self._header = ["", ""]
        self._headers: dict[str, str] = {}
        self._field = ""
        self._text = bytearray()
        self._file: IO[bytes] | None = None

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._headers.clear,
            "on_header_field": lambda data, start, end: self._add(0, data[start:end]),
            "on_header_value": lambda data, start, end: self._add(1, data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._begin,
            "on_part_data": lambda data, start, end: self._write(data[start:end]),
            "on_part_end": self._end,
        }

    def _add(self, place: int, data: bytes) -> None:
        self._header[place] += data.decode("latin-1")

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[name.lower()] = value
        self._header = ["", ""]

    def _begin(self) -> None:
        found = parse_options_header(self._headers.get("content-disposition"))[1]
        self._field = found.get(b"name", b"").decode(errors="replace")
        name = found.get(b"filename")
        if name is None:
            return
        if self._field != "file":
            raise fault("extra_forbidden", self._field, "Send files as `file`.")
        if len(self.form.files) == MOST_FILES:
            message = f"Send at most {MOST_FILES} files; pack more into an archive."
            raise fault("too_long", "file", message)
        # The client's name is remembered and never a path here.
        path = self._folder / str(len(self.form.files))
        self._file = path.open("wb")
        self.form.files.append(name.decode(errors="replace")[:LONGEST_NAME] or UNNAMED)

    def _write(self, data: bytes) -> None:
        if self._file is not None:
            self._file.write(data)
            return
        self._text += data
        if len(self._text) > LONGEST_FIELD:
            message = f"This has more than {LONGEST_FIELD} characters."
            raise fault("string_too_long", self._field, message)

    def _end(self) -> None:
        if self._file is None:
            self.form.fields[self._field] = self._text.decode(errors="replace")
            self._text.clear()
        self.close()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


async def receive_form(request: Request, folder: Path) -> ReceivedForm:
    """Write the files of a form into a folder.

    Raises:
        RequestValidationError: It is no form, is torn, or has too many files.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise fault("form_expected", "file", "Send a multipart form.")
    writer = FormWriter(folder)
    try:
        parser = MultipartParser(boundary, writer.callbacks())
        async for piece in request.stream():
            await asyncio.to_thread(parser.write, piece)
        parser.finalize()
    except FormParserError as error:
        raise fault("form_torn", "file", "The form is torn.") from error
    finally:
        writer.close()
    return writer.form
