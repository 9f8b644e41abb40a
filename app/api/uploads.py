"""The files of a request, read into memory; the usual form without a detour."""

import asyncio
import re
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from app.api.files import UNNAMED, Upload
from app.api.image_bodies import read_json
from app.errors import UnsupportedMediaType
from app.settings import Settings

SMALL_BYTES = 64 * 1024
NAMES = ("image", "images")
MISSING = {"type": "missing", "loc": ("body", "image"), "msg": "Send a file."}
NOT_A_FILE = {"type": "file_expected", "msg": "Send a file here, not text."}
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")

# What curl, browsers and Python's clients send for one file with a plain name. The
# general parser takes 60 microseconds for it, half as long as the network.
BOUNDARY = re.compile(r'multipart/form-data; ?boundary="?([0-9A-Za-z\'_-]{1,70})"?')
ONE_FILE = re.compile(
    rb"--([^\r\n]+)\r\n"
    rb'Content-Disposition: form-data; name="images?"; filename="([ !#-\[\]-~]+)"\r\n'
    rb"(?:Content-Type: [ -~]*\r\n)?\r\n"
    rb"(.*)\r\n--\1--(?:\r\n)?",
    re.DOTALL,
)


def is_small(request: Request) -> bool:
    """Say whether a body is too small to be counted, as nearly all are."""
    announced = request.headers.get("content-length")
    return announced is not None and int(announced) <= SMALL_BYTES


def memory_of(request: Request, settings: Settings) -> int:
    """Return the bytes that a body will take; unless it says so, the most it may."""
    announced = request.headers.get("content-length")
    most = settings.max_upload_bytes
    return most if announced is None else min(int(announced), most)


async def read_uploads(request: Request, most_files: int) -> list[Upload]:
    """Return the files in their order: of a form, of JSON, or the body itself.

    Raises:
        RequestValidationError: There is none, or text in place of one.
        UnsupportedMediaType: The body is nothing of these.
        HTTPException: The form is torn or has too many parts.
    """
    content_type, body = request.headers.get("content-type", ""), await request.body()
    upload = one_file(content_type, body)
    if upload is not None:
        return [upload]
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in FORMS:
        demand_end(content_type, body)
        async with request.form(max_files=most_files) as form:
            return [Upload(name_of(part), await part.read()) for part in files_of(form)]
    if media_type == "application/json":
        return await asyncio.to_thread(read_json, body, most_files)
    return [whole_body(media_type, body)]


def demand_end(content_type: str, body: bytes) -> None:
    """Refuse a form without its last boundary.

    The general parser takes it, drops the part that was cut and leaves its file open.
    """
    _type, options = parse_options_header(content_type)
    edge = options.get(b"boundary")
    if edge and b"\r\n--" + edge + b"--" not in b"\r\n" + body:
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail="The form has no end.")


def whole_body(media_type: str, body: bytes) -> Upload:
    """Return the body as a picture; what it is named decides nothing but that."""
    if not media_type and not body:
        raise RequestValidationError([MISSING])
    is_picture = media_type.startswith("image/")
    if media_type and not is_picture and media_type != "application/octet-stream":
        message = "Send pictures as a form, as JSON, or one under its own type."
        raise UnsupportedMediaType(message)
    return Upload(UNNAMED, body)


def one_file(content_type: str, body: bytes) -> Upload | None:
    """Return the only part of a form, if it is a file written in the usual way."""
    boundary, form = BOUNDARY.fullmatch(content_type), ONE_FILE.fullmatch(body)
    if boundary is None or form is None:
        return None
    edge, name, data = form.groups()
    if edge != boundary[1].encode() or b"--" + edge in data:
        return None
    return Upload(name.decode(), data)


def files_of(form: FormData) -> list[UploadFile]:
    files: list[UploadFile] = []
    for name, part in form.multi_items():
        if name not in NAMES or part == "":  # a field of Swagger UI left alone
            continue
        if not isinstance(part, UploadFile):
            raise RequestValidationError([{**NOT_A_FILE, "loc": ("body", name)}])
        files.append(part)
    if not files:
        raise RequestValidationError([MISSING])
    return files


def name_of(part: UploadFile) -> str:
    # A client may choose a charset in which a name decodes to half a surrogate.
    return (part.filename or UNNAMED).encode(errors="replace").decode()
