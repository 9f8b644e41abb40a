"""A connection to PostgreSQL that leads nowhere is given up soon."""

import socket
import time

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from app.database.engine import open_database
from app.database.postgresql import connect_arguments


def test_what_the_url_says_is_left_to_it() -> None:
    url = make_url("postgresql://h/d?connect_timeout=60")

    arguments = connect_arguments(url)

    assert "connect_timeout" not in arguments
    assert arguments["tcp_user_timeout"] == 5000


def test_a_host_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        # libpq takes 2 s for the shortest patience.
        engine = open_database(f"postgresql://127.0.0.1:{port}/d?connect_timeout=2")
        began_at = time.monotonic()

        with pytest.raises(OperationalError, match="timeout"):
            engine.connect()

    assert time.monotonic() - began_at < 10


def test_the_plain_scheme_opens_with_our_driver() -> None:
    assert open_database("postgresql://h/d").dialect.driver == "psycopg"
