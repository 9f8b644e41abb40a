"""Where the service is, and with which key: what is given, then the environment."""

import os

LOCAL_URL = "http://127.0.0.1:8000"
URL_VARIABLE = "MODELMILL_URL"
KEY_VARIABLE = "MODELMILL_KEY"


def find_url(given: str | None) -> str:
    url = given or os.environ.get(URL_VARIABLE) or LOCAL_URL
    return url.rstrip("/")


def find_key(given: str | None) -> str | None:
    """Return the key to send; None sends none, for a service that asks for none."""
    return given or os.environ.get(KEY_VARIABLE) or None
