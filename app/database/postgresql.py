"""How connections to PostgreSQL are made: one that leads nowhere is given up soon."""

from typing import Any

from sqlalchemy import URL

# A cut cable answers nothing, not even no. TCP alone would wait for a quarter of an
# hour, during which a worker could neither renew its lease nor see that it was lost.
GIVING_UP: dict[str, Any] = {
    "connect_timeout": 5,  # seconds
    "tcp_user_timeout": 5000,  # milliseconds until what was sent must have arrived
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}


def connect_arguments(url: URL) -> dict[str, Any]:
    """Return libpq's parameters, but for those that the URL sets itself."""
    return {name: value for name, value in GIVING_UP.items() if name not in url.query}
