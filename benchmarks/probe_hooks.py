"""Bodies that schemathesis cannot make by itself, and what it must not do.

It must not revoke the key that it has, nor bound it: every case after that would be a
401. And the messages of webhooks that it makes must not leave this machine.
"""

import io
import os
import zipfile
from typing import Any

import schemathesis
from hypothesis import strategies as st

from tests.factories import drawn_digit, encoded

PICTURE = encoded(drawn_digit().resize((28, 28)))


def archive_of(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, PICTURE)
    return file.getvalue()


ARCHIVES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([archive_of(), archive_of("1.png"), archive_of("1.png", "2.txt")]),
)
schemathesis.openapi.media_type("application/zip", ARCHIVES)

OWN_KEY = "PROBE_KEY_ID"
OF_KEYS = ("revokeKey", "editKey")
OF_WEBHOOKS = ("createWebhook", "editWebhook")
NOBODY_LISTENS = "http://127.0.0.1:9/"


@schemathesis.hook
def before_call(
    _context: schemathesis.HookContext, case: schemathesis.Case[Any], _options: Any
) -> None:
    operation = case.operation.definition.raw.get("operationId")
    if operation in OF_KEYS and case.path_parameters["key_id"] == os.environ[OWN_KEY]:
        case.path_parameters["key_id"] = "somebody"
    if operation in OF_WEBHOOKS and isinstance(case.body, dict):
        url = case.body.get("url")
        if isinstance(url, str) and url.startswith("http"):
            case.body["url"] = NOBODY_LISTENS
