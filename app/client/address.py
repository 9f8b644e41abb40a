"""Where the service is, and with which key: what is given, then the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from app.key_file import read_key_file

LOCAL_URL = "http://127.0.0.1:8000"
URL_VARIABLE = "MODELMILL_URL"
KEY_VARIABLE = "MODELMILL_KEY"
DATA_DIR_VARIABLE = "MODELMILL_DATA_DIR"
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def find_url(given: str | None) -> str:
    url = given or os.environ.get(URL_VARIABLE) or LOCAL_URL
    return url.rstrip("/")


def find_key(given: str | None, url: str) -> str | None:
    """Return the key to send; None sends none, for a service that asks for none.

    To a service on this machine goes the key that its first start left, if no other is
    given; to no other machine.
    """
    chosen = given or os.environ.get(KEY_VARIABLE)
    if chosen or not is_here(url):
        return chosen or None
    return read_key_file(Path(os.environ.get(DATA_DIR_VARIABLE) or "var"))


def is_here(url: str) -> bool:
    try:
        return urlsplit(url).hostname in LOOPBACK
    except ValueError:  # no URL at all, which the connection will say
        return False
