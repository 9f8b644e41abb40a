"""Passwords that lie in files of their own, as secrets are handed to containers."""

from pathlib import Path
from urllib.parse import quote, urlsplit


def with_password(url: str, file: Path | None) -> str:
    """Return a server's URL with the password in a file; a socket needs none."""
    parts = urlsplit(url)
    if file is None or not parts.netloc:
        return url
    user, _at, place = parts.netloc.rpartition("@")
    name, _colon, _older = user.partition(":")
    password = quote(file.read_text().strip(), safe="")
    return parts._replace(netloc=f"{name}:{password}@{place}").geturl()
