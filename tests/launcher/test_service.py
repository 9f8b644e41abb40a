"""A service's process is started, restarted when it dies, and stopped."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from app.errors import ServiceRefused
from app.launcher.service import STEADY_SECONDS, Service
from tests.launcher.conftest import MakeService
from tests.live.service import wait_until

AT_ONCE = "pass"
FOR_EVER = "import time; time.sleep(1000)"
STUBBORN = """
import signal, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path({!r}).touch()
time.sleep(1000)
"""


def process_of(service: Service) -> subprocess.Popen[bytes]:
    assert service.process is not None
    return service.process


def let_die(service: Service) -> None:
    process_of(service).wait(60)


def test_a_started_process_is_running(make_service: MakeService) -> None:
    service = make_service(FOR_EVER)

    service.start()

    assert service.is_running()


def test_a_service_not_started_is_not_running(make_service: MakeService) -> None:
    assert not make_service(FOR_EVER).is_running()


def test_ctrl_c_reaches_the_launcher_alone(make_service: MakeService) -> None:
    service = make_service(FOR_EVER)

    service.start()

    pid = process_of(service).pid
    assert os.getsid(pid) == pid


def test_a_process_that_lives_is_left_alone(make_service: MakeService) -> None:
    service = make_service(FOR_EVER)
    service.start()
    process = service.process

    service.revive()

    assert service.process is process


def test_a_dead_process_is_started_again(
    make_service: MakeService, caplog: pytest.LogCaptureFixture
) -> None:
    service = make_service(FOR_EVER)
    service.start()
    first = process_of(service)
    first.kill()
    let_die(service)

    service.revive()

    assert service.is_running()
    assert process_of(service).pid != first.pid
    assert "the tiny process died" in caplog.text


def test_three_quick_deaths_are_enough(make_service: MakeService) -> None:
    service = make_service(AT_ONCE)
    service.start()
    let_die(service)
    service.revive()
    let_die(service)
    service.revive()
    let_die(service)

    with pytest.raises(ServiceRefused, match=r"^The tiny process keeps dying"):
        service.revive()


def test_a_steady_life_forgives_earlier_deaths(make_service: MakeService) -> None:
    service = make_service(AT_ONCE)
    service.quick_deaths = 2
    service.start()
    let_die(service)
    service.started_at -= STEADY_SECONDS

    service.revive()

    assert service.quick_deaths == 0


def test_stopping_asks_the_process_to_end(make_service: MakeService) -> None:
    service = make_service(FOR_EVER)
    service.start()

    service.stop()

    assert process_of(service).returncode == -signal.SIGTERM


def test_a_process_that_will_not_end_is_killed_after_its_grace(
    make_service: MakeService, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    deaf = tmp_path / "deaf"
    service = make_service(STUBBORN.format(str(deaf)), grace_seconds=0.2)
    service.start()
    wait_until(deaf.exists, lambda: "the process never came up")

    service.stop()

    assert process_of(service).returncode == -signal.SIGKILL
    assert "the tiny process did not stop in time; killed" in caplog.text


def test_stopping_what_never_started_does_nothing(make_service: MakeService) -> None:
    service = make_service(FOR_EVER)

    service.stop()

    assert service.process is None


def test_stopping_twice_is_stopping_once(make_service: MakeService) -> None:
    service = make_service(FOR_EVER)
    service.start()

    service.stop()
    service.stop()

    assert process_of(service).returncode == -signal.SIGTERM
