"""One POST to an address that was looked at first, within a time, without detours.

Neither redirects nor proxies of the environment are followed, and of the answer only
the status and one header count: what else the receiver says is never shown to anybody.
"""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

import httpcore2
from httpcore2 import SOCKET_OPTION, NetworkBackend, NetworkStream, SyncBackend
from typing_extensions import override

from app.webhooks.address import Network, is_allowed

WHOLE_SECONDS = 15.0
LARGEST_ANSWER = 64 * 1024
RETRY_AFTER = b"retry-after"


class NotSent(Exception):
    """There was no answer, for the reason that this error tells."""


@dataclass(frozen=True)
class Answer:
    """What a receiver says of a message."""

    status: int
    retry_after_seconds: float = 0.0


def post(
    url: str, headers: Mapping[str, str], body: bytes, networks: Sequence[Network]
) -> Answer:
    """Send a message.

    Raises:
        NotSent: It did not get there, or nothing came back in time.
    """
    backend = CarefulBackend(networks, time.monotonic() + WHOLE_SECONDS)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), WHOLE_SECONDS)
    try:
        with (
            httpcore2.ConnectionPool(network_backend=backend) as pool,
            pool.stream(
                "POST",
                url,
                headers=list(headers.items()),
                content=body,
                extensions={"timeout": timeout},
            ) as response,
        ):
            read_and_forget(response)
            return Answer(response.status, retry_after(response))
    except (*REASONS,) as error:
        raise NotSent(reason_of(error)) from error


def read_and_forget(response: httpcore2.Response) -> None:
    """Read the answer, as a polite client does, as far as an answer should go."""
    seen = 0
    for chunk in response.iter_stream():
        seen += len(chunk)
        if seen > LARGEST_ANSWER:
            return


def retry_after(response: httpcore2.Response) -> float:
    """Return the seconds that it asks to wait; a date there is not looked at."""
    for name, value in response.headers:
        if name.lower() == RETRY_AFTER and value.isdigit():
            return float(value)
    return 0.0


class ForbiddenAddress(Exception):
    """The name leads into a network that webhooks may not reach.

    To where exactly is not told: the names of a network are its own affair.
    """


REASONS: dict[type[Exception], str] = {
    ForbiddenAddress: "the name leads into a network that webhooks may not reach",
    httpcore2.TimeoutException: f"no answer within {WHOLE_SECONDS:g} s",
    httpcore2.ConnectError: "no connection",
    httpcore2.NetworkError: "the connection broke",
    httpcore2.ProtocolError: "the answer is not HTTP",
    httpcore2.UnsupportedProtocol: "not an address of HTTP",
    OSError: "the name is not known",
    UnicodeError: "not a name of a host",
}


def reason_of(error: Exception) -> str:
    """Put it into words; those of the system are added, which know no secrets."""
    words = next(words for kind, words in REASONS.items() if isinstance(error, kind))
    return f"{words} ({error})" if str(error) else words


class CarefulBackend(NetworkBackend):
    """Looks names up itself, and connects to the very addresses that it approved."""

    def __init__(self, networks: Sequence[Network], deadline: float) -> None:
        self._networks = networks
        self._deadline = deadline

    @override
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        """Try each address in turn, like a browser; all have to be allowed."""
        addresses = self._approved(host, port)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, socket_options)
            except httpcore2.ConnectError:
                continue
        return self._connect(addresses[-1], port, socket_options)

    def _approved(self, host: str, port: int) -> list[str]:
        addresses = look_up(host, port)
        for address in addresses:
            if not is_allowed(ip_address(address), self._networks):
                raise ForbiddenAddress
        return addresses

    def _connect(
        self, address: str, port: int, options: Iterable[SOCKET_OPTION] | None
    ) -> NetworkStream:
        stream = SyncBackend().connect_tcp(
            address, port, left(self._deadline), socket_options=options
        )
        return TimedStream(stream, self._deadline)


def look_up(host: str, port: int) -> list[str]:
    """Ask the system where a name leads."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_kind, address in found]


class TimedStream(NetworkStream):
    """A connection whose every step has what is left of the whole time."""

    def __init__(self, stream: NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, left(self._deadline))

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, left(self._deadline))

    @override
    def close(self) -> None:
        self._stream.close()

    @override
    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        inner = self._stream.start_tls(
            ssl_context, server_hostname, left(self._deadline)
        )
        return TimedStream(inner, self._deadline)

    @override
    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def left(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise httpcore2.ReadTimeout
    return seconds
