"""One file written in the usual way is read as the general parser would read it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from starlette.types import Message

from app.api.files import Upload
from app.api.uploads import one_file, read_uploads
from tests.factories import read_problem

USUAL = "multipart/form-data; boundary=edge"
HEAD = 'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\n'


def form(
    data: bytes = b"\x89PNG\r\n--",
    name: str = "image",
    file: str = "seven.png",
    kind: str = "Content-Type: image/png\r\n",
    end: str = "\r\n",
) -> bytes:
    head = HEAD.format(name=name, file=file) + kind + "\r\n"
    return b"--edge\r\n" + head.encode() + data + b"\r\n--edge--" + end.encode()


def receiving(body: bytes) -> Callable[[], Awaitable[Message]]:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def generally(content_type: str, body: bytes) -> Upload:
    """Read the only file of a form as Starlette does."""
    headers = [(b"content-type", content_type.encode())]
    request = Request({"type": "http", "headers": headers}, receiving(body))

    async def read() -> Upload:
        async with request.form() as parts:
            [(_name, part)] = parts.multi_items()
            assert not isinstance(part, str)
            return Upload(part.filename or "", await part.read())

    return asyncio.run(read())


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(form(), id="usual"),
        pytest.param(form(name="images"), id="images"),
        pytest.param(form(kind=""), id="no type"),
        pytest.param(form(end=""), id="no last line end"),
        pytest.param(form(data=b""), id="empty"),
        pytest.param(form(data=b"\r\n\r\n--\r\n"), id="line ends"),
        pytest.param(form(data=bytes(range(256)) * 40), id="every byte"),
        pytest.param(form(file="../a %22;b='c'.png"), id="odd name"),
    ],
)
def test_the_usual_form_is_read_as_the_general_parser_reads_it(body: bytes) -> None:
    assert one_file(USUAL, body) == generally(USUAL, body)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param("multipart/form-data", form(), id="no boundary"),
        pytest.param("multipart/form-data; boundary=other", form(), id="another"),
        pytest.param(f"{USUAL}; charset=latin-1", form(), id="charset"),
        pytest.param("application/json", form(), id="another type"),
        pytest.param(USUAL, form(name="other"), id="another field"),
        pytest.param(USUAL, form(file=""), id="unnamed"),
        pytest.param(USUAL, form(file="七.png"), id="not ASCII"),
        pytest.param(USUAL, form(file='a\\"b.png'), id="escaped"),
        pytest.param(USUAL, form() + b"more", id="epilogue"),
        pytest.param(USUAL, b"more\r\n" + form(), id="preamble"),
        pytest.param(USUAL, form(data=b"a\r\n--edge\r\nb"), id="two parts"),
        pytest.param(USUAL, form(kind="X: y\r\n"), id="another header"),
        pytest.param(USUAL, form()[:-3], id="torn"),
        pytest.param(USUAL, b"", id="nothing"),
    ],
)
def test_anything_else_is_left_to_the_general_parser(
    content_type: str, body: bytes
) -> None:
    assert one_file(content_type, body) is None


def test_several_files_come_in_the_order_of_the_form() -> None:
    part = form(name="images", file="b.png", data=b"2").split(b"--edge--")[0]
    body = part + form(file="a.png", data=b"1")
    headers = [(b"content-type", USUAL.encode())]
    request = Request({"type": "http", "headers": headers}, receiving(body))

    uploads = asyncio.run(read_uploads(request, most_files=2))

    assert uploads == [Upload("b.png", b"2"), Upload("a.png", b"1")]


@pytest.mark.parametrize("place", ["in the second file", "before the last boundary"])
def test_a_form_that_was_cut_is_not_taken_for_a_whole_one(
    client: TestClient, place: str
) -> None:
    part = b'Content-Disposition: form-data; name="images"; filename="1"\r\n\r\none\r\n'
    whole = b"--edge\r\n" + part + b"--edge\r\n" + part
    body = whole[:-5] if place == "in the second file" else whole
    headers = {"content-type": "multipart/form-data; boundary=edge"}

    response = client.post("/predict", content=body, headers=headers)

    assert read_problem(response)["detail"] == "The form has no end."
