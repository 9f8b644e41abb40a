"""HTTP to one service: a key, refusals as exceptions, retries where they do no harm."""

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

import httpx2
from pydantic import BaseModel, ValidationError

from app.client.errors import (
    REFUSALS,
    ClientError,
    Json,
    NotModelmill,
    Refused,
    Unreachable,
    read_problem,
)
from app.client.retries import LONGEST_WAIT_SECONDS, Retries, read_retry_after

TIMEOUT = httpx2.Timeout(60.0, connect=10.0)
IDEMPOTENCY_KEY = "Idempotency-Key"
PASSING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}

Found = TypeVar("Found")
Model = TypeVar("Model", bound=BaseModel)


class Connection:
    """Asks one service. Whoever drops it closes it."""

    def __init__(self, url: str, key: str | None, retries: Retries) -> None:
        self.url = url
        self.retries = retries
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._http = httpx2.Client(headers=headers, timeout=TIMEOUT)
        self.close = weakref.finalize(self, self._http.close)

    def ask(self, method: str, path: str, **content: Any) -> Json:
        """Send what may be sent twice, and read its JSON."""
        response = self.send(method, path, **content)
        return read_json(response) if response.content else {}

    def create(self, path: str, body: Json | None = None) -> Json:
        """Post what makes something, once, however often it has to be sent."""
        headers = {IDEMPOTENCY_KEY: str(uuid4())}
        return self.ask("POST", path, json=body, headers=headers)

    def send(self, method: str, path: str, **content: Any) -> httpx2.Response:
        def once() -> httpx2.Response:
            with self.open(method, path, **content) as response:
                response.read()
            return response

        return self.persist(once)

    def persist(self, once: Callable[[], Found]) -> Found:
        """Try again, a few times, what fails in a way that passes."""
        pauses = islice(self.retries.pauses(), self.retries.most)
        while True:
            try:
                return once()
            except ClientError as error:
                pause = next(pauses, None)
                if pause is None or not error.is_passing:
                    raise
                pause = max(pause, error.retry_after)
            self.retries.sleep(pause)

    @contextmanager
    def open(self, method: str, path: str, **content: Any) -> Iterator[httpx2.Response]:
        """Send a request once; give the answer before its body has come."""
        try:
            with self._http.stream(method, self.url + path, **content) as response:
                if not response.is_success:
                    response.read()
                    raise refusal(response)
                yield response
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise Unreachable(self.url, error, is_passing=False) from error
        except httpx2.TransportError as error:
            raise Unreachable(self.url, error, is_passing=True) from error


def refusal(response: httpx2.Response) -> Refused:
    """Return the refusal in the service's words; another's is told by its status."""
    try:
        document = response.json()
    except ValueError:
        document = {}
    if not isinstance(document, dict):
        document = {}
    status = response.status_code
    wait = read_retry_after(response.headers.get("retry-after"))
    # An idempotency key whose first request still runs is a conflict that says when.
    is_passing = status in PASSING or (status == HTTPStatus.CONFLICT and wait > 0)
    return REFUSALS.get(status, Refused)(
        read_problem(status, response.reason_phrase, document),
        is_passing=is_passing and wait <= LONGEST_WAIT_SECONDS,
        retry_after=wait,
    )


def read_json(response: httpx2.Response) -> Json:
    try:
        answer = response.json()
    except ValueError as error:
        raise NotModelmill(response.url) from error
    if not isinstance(answer, dict):
        raise NotModelmill(response.url)
    return answer


def read_answer(model: type[Model], document: object, url: str) -> Model:
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise NotModelmill(url) from error
