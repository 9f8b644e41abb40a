"""Every code of a problem document, as a page: `python -m app.api.error_table`."""

import sys
from collections.abc import Iterator
from http import HTTPStatus

from app.api.errors import FRAMEWORK_CODES, STATUS_CODES
from app.errors import error_code

HEAD = """\
# What the service refuses, and how it says so

Every answer that is not 2xx is a problem document (RFC 9457,
`application/problem+json`). `code` is for programs and never changes its meaning;
`detail` is for people. `errors` names every violation at once, each with a JSON
pointer. `request_id` finds the request in the service's log.

This page is made from the code: `python -m app.api.error_table > docs/errors.md`.

| status | code | what it says |
|---|---|---|
"""
OTHERS = {
    ("invalid_request", HTTPStatus.UNPROCESSABLE_ENTITY): "The request is not valid; "
    "`errors` has all that is wrong with it.",
    ("images_refused", HTTPStatus.UNPROCESSABLE_ENTITY): "None of the pictures can be "
    "classified, each for the reason in `errors`.",
    ("internal_error", HTTPStatus.INTERNAL_SERVER_ERROR): "A fault of the service; its "
    "log has the details.",
}
FRAMEWORK_WORDS = {
    "bad_request": "The body cannot be read as what it claims to be.",
    "not_found": "There is nothing at this address.",
    "method_not_allowed": "This address does not know the method.",
    "request_timeout": "The request came too slowly, or not at all.",
    "body_too_large": "The body is larger than this route accepts.",
}


def rows() -> Iterator[tuple[int, str, str]]:
    """Yield status, code and words of each problem, once."""
    for kind, status in STATUS_CODES.items():
        words = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        yield int(status), error_code(kind), words
    for number, code in FRAMEWORK_CODES.items():
        yield number, code, FRAMEWORK_WORDS[code]
    for (code, status), words in OTHERS.items():
        yield int(status), code, words


def page() -> str:
    lines = [
        f"| {status} | `{code}` | {words.replace('|', chr(92) + '|')} |"
        for status, code, words in sorted(set(rows()))
    ]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
