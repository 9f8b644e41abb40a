"""What a child writes is behind its attempt's fence."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from app.jobs import Claim
from tests.conftest import FakeDoorbell
from tests.factories import running_job
from worker.exits import ExitCode
from worker.fenced import AttemptOver, FencedWriter


def accept(session: Session, claim: Claim) -> bool:
    return True


def refuse(session: Session, claim: Claim) -> bool:
    return False


def test_an_accepted_write_rings_the_doorbell(
    engine: Engine, doorbell: FakeDoorbell
) -> None:
    claim = running_job(engine)

    FencedWriter(engine, doorbell, claim).write(accept)

    assert doorbell.rung == [claim.job_id]


def test_a_refused_write_ends_the_attempt(
    engine: Engine, doorbell: FakeDoorbell
) -> None:
    writer = FencedWriter(engine, doorbell, running_job(engine))

    with pytest.raises(AttemptOver, match="FENCED") as raised:
        writer.write(refuse)

    assert raised.value.exit_code is ExitCode.FENCED
