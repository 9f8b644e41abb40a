"""Which job is meant: an id, its first letters, or `last`."""

from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from typing import Annotated
from uuid import UUID

import typer

from app.client import Client, ClientError, Job, NotFound, Problem, Retries

LAST = "last"
MOST_LOOKED_AT = 1000
MOST_NEAR = 3
SHORT = 8


def find_job(client: Client, given: str) -> Job:
    """Return the job that is meant.

    Raises:
        NotFound: No job is meant, or more than one; it names some that are near.
    """
    if not is_whole(given):
        return client.job(whole_id(client, given))
    try:
        return client.job(given)
    except NotFound as error:
        raise no_such_job(given, near(given, list(known_ids(client)))) from error


def whole_id(client: Client, given: str) -> str:
    ids = list(known_ids(client))
    if given == LAST and ids:
        return ids[0]
    meant = [job_id for job_id in ids if job_id.startswith(given.lower())]
    if len(meant) == 1:
        return meant[0]
    raise no_such_job(given, meant or near(given, ids))


def is_whole(given: str) -> bool:
    try:
        UUID(given)
    except ValueError:
        return False
    return True


def known_ids(client: Client) -> Iterator[str]:
    return (job.id for job in islice(client.jobs(), MOST_LOOKED_AT))


def near(given: str, ids: list[str]) -> list[str]:
    """Return ids whose first letters look alike: people read and type no others."""
    beginnings = {job_id[:SHORT]: job_id for job_id in reversed(ids)}
    found = get_close_matches(given.lower()[:SHORT], beginnings, MOST_NEAR)
    return [beginnings[beginning] for beginning in found]


def no_such_job(given: str, candidates: list[str]) -> NotFound:
    detail = f"No job's id is, or begins with, {given!r}"
    if candidates:
        named = ", ".join(candidates[:MOST_NEAR])
        detail += f"; did you mean {named}?"
    else:
        detail += "; `modelmill jobs list` shows what there is."
    problem = Problem(404, "job_not_found", detail)
    return NotFound(problem, is_passing=False)


def complete_job(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Offer the ids of the newest jobs to a shell, if the service answers."""
    url, key = context.params.get("url"), context.params.get("key")
    with Client(url, key, retries=Retries(most=0)) as client:
        try:
            jobs = list(islice(client.jobs(), 100))
        except ClientError:
            return []
    return [
        (job.id, f"{job.status} {job.name or job.spec['preset']}")
        for job in jobs
        if job.id.startswith(incomplete)
    ]


JobId = Annotated[
    str,
    typer.Argument(
        metavar="JOB",
        help="A job's id, its first letters, or `last`.",
        autocompletion=complete_job,
    ),
]
JobIds = Annotated[
    list[str],
    typer.Argument(
        metavar="JOB…",
        help="Jobs' ids, their first letters, or `last`.",
        autocompletion=complete_job,
    ),
]
