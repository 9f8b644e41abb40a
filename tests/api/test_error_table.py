"""The page of problem codes is what the code says, and names every one of them."""

import re
from pathlib import Path
from typing import Any

from app.api.error_table import page, rows

DOCS = Path(__file__).parents[2] / "docs" / "errors.md"


def test_the_page_is_made_from_the_code() -> None:
    assert DOCS.read_text() == page(), "python -m app.api.error_table > docs/errors.md"


def test_every_code_of_the_document_is_on_the_page(document: dict[str, Any]) -> None:
    known = {code for _status, code, _words in rows()}

    found = codes_in(document)
    assert len(found) > 20
    assert found <= known


def test_every_code_says_what_it_means() -> None:
    assert all(len(words) > 10 for _status, _code, words in rows())


def codes_in(document: dict[str, Any]) -> set[str]:
    return set(re.findall(r"'code': '(\w+)', 'detail'", str(document)))
