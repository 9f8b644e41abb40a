"""What keeps the service right without a sound, and the edits that take it away."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """A piece of a file's text, and what stands there without the safeguard."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    """A safeguard, the edits that take it away, and the tests that watch over it."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


ATTEMPT_GUARD = Mutation(
    "attempt guard",
    (Edit("app/jobs/moves.py", "        col(Job.attempt) == claim.attempt,\n", ""),),
    ("tests/jobs", "tests/worker/test_runner.py"),
)
IMMEDIATE = Mutation(
    "BEGIN IMMEDIATE",
    (
        Edit(
            "app/database/sqlite.py",
            '"BEGIN" if read_only else "BEGIN IMMEDIATE"',
            '"BEGIN"',
        ),
    ),
    ("tests/database", "tests/jobs"),
)
DEATH_SIGNAL = Mutation(
    "parent-death signal",
    (
        Edit(
            "app/leash.py",
            "        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)\n",
            "        ctypes.CDLL(None)\n",
        ),
    ),
    ("tests/test_leash.py", "tests/worker/test_child.py"),
)
RECONCILER = Mutation(
    "reconciler",
    (
        Edit(
            "app/reconciler.py",
            '        """Take one pass over the jobs."""\n',
            '        """Take one pass over the jobs."""\n        return\n',
        ),
    ),
    (
        "tests/test_reconciler.py",
        "tests/test_lost_leases.py",
        "tests/test_redelivery.py",
    ),
)
COMMIT_FIRST = Mutation(
    "commit before enqueue",
    (
        Edit(
            "app/jobs/submit.py",
            "keep_ticket(session, ticket, job.id)\n    session.commit()\n",
            "keep_ticket(session, ticket, job.id)\n    session.flush()\n",
        ),
        Edit(
            "app/jobs/submit.py",
            "    session.commit()\n    if not taken:\n        return False\n"
            "    try:\n        queue.enqueue(job_id)\n",
            "    if not taken:\n        return False\n"
            "    try:\n        queue.enqueue(job_id)\n        session.commit()\n",
        ),
    ),
    ("tests/jobs/test_submit.py", "tests/api/test_jobs.py"),
)
ADDRESS_CHECK = Mutation(
    "address check of webhooks",
    (
        Edit(
            "app/webhooks/road.py",
            "            if not is_allowed(ip_address(address), self._networks):\n",
            "            if not address:\n",
        ),
    ),
    ("tests/webhooks/test_road.py", "tests/webhooks/test_sender.py"),
)
QUOTA_CONDITION = Mutation(
    "condition of the quota's UPDATE",
    (
        Edit(
            "app/quotas/demand.py",
            "        where.append(spent <= most)\n",
            "        pass\n",
        ),
    ),
    ("tests/quotas",),
)
ALIAS_CONDITION = Mutation(
    "compare-and-set of aliases",
    (
        Edit(
            "app/registry/aliases.py",
            "            found.append(col(ModelAlias.version)."
            "is_not_distinct_from(version))\n",
            "            pass\n",
        ),
    ),
    ("tests/registry", "tests/api/test_models.py"),
)
DIGEST_OF_CONTENT = Mutation(
    "digest of a dataset that is read",
    (Edit("app/library/content.py", " or digest_of(content) != digest:", ":"),),
    ("tests/library",),
)
TICKET_DIGEST = Mutation(
    "digest of a request with an Idempotency-Key",
    (
        Edit(
            "app/tickets.py",
            "if row is not None and row.digest != ticket.digest:",
            "if row is not None and row.digest == row.key:",
        ),
    ),
    ("tests/jobs/test_submit.py", "tests/api/test_idempotency.py"),
)
MUTATIONS = (
    ATTEMPT_GUARD,
    IMMEDIATE,
    DEATH_SIGNAL,
    RECONCILER,
    COMMIT_FIRST,
    ADDRESS_CHECK,
    QUOTA_CONDITION,
    ALIAS_CONDITION,
    DIGEST_OF_CONTENT,
    TICKET_DIGEST,
)
