"""What the Dockerfile and the compose files promise and a wrong edit would break."""

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from app.settings import Settings

ROOT = Path(__file__).parent.parent
SETTINGS = {f"MODELMILL_{name.upper()}" for name in Settings.model_fields}


class HealthCheck(BaseModel):
    test: list[str] = []
    disable: bool = False


class Dependency(BaseModel):
    condition: str


class Service(BaseModel):
    image: str | None = None
    command: list[str] = []
    environment: dict[str, str | None] = {}
    ports: list[str] = []
    networks: list[str] = []
    volumes: list[str] = []
    depends_on: dict[str, Dependency] = {}
    healthcheck: HealthCheck = HealthCheck()
    restart: str | None = None
    stop_grace_period: str = "10s"
    read_only: bool = False
    cap_drop: list[str] = []
    security_opt: list[str] = []

    @property
    def is_one_shot(self) -> bool:
        return self.restart == "no"


class Network(BaseModel):
    internal: bool = False


class ComposeFile(BaseModel):
    services: dict[str, Service]
    networks: dict[str, Network | None] = {}


def read(path: str) -> ComposeFile:
    return ComposeFile.model_validate(YAML(typ="safe", pure=True).load(ROOT / path))


def instructions(keyword: str) -> list[str]:
    lines = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    words = [line.split(maxsplit=1) for line in lines]
    return [rest[0] for first, *rest in filter(None, words) if first == keyword]


COMPOSE = read("docker-compose.yml")
SERVICES = COMPOSE.services


def test_a_variable_of_a_container_is_a_setting() -> None:
    compose = {name for service in SERVICES.values() for name in service.environment}
    image = set(re.findall(r"(\w+)=", " ".join(instructions("ENV"))))

    ours = {name for name in compose | image if name.startswith("MODELMILL_")}

    assert ours <= SETTINGS


@pytest.mark.parametrize("service", ["data", "api", "worker"])
def test_every_setting_reaches_the_containers(service: str) -> None:
    fixed_by_the_image = {"MODELMILL_HOST", "MODELMILL_PORT"}

    assert SETTINGS - fixed_by_the_image == set(SERVICES[service].environment)


def test_a_variable_of_the_compose_file_is_explained_at_its_top() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    head, body = text.split("\nname:", maxsplit=1)

    used = set(re.findall(r"\$\{(\w+)", body))

    assert used == set(re.findall(r"^#   ([A-Z_]+)  ", head, re.MULTILINE))


def test_redis_is_out_of_reach() -> None:
    redis = SERVICES["redis"]

    reachable_from = [COMPOSE.networks[name] for name in redis.networks]

    assert redis.ports == []
    assert "--requirepass" in redis.command
    assert reachable_from == [Network(internal=True)]


def test_redis_keeps_what_it_was_told() -> None:
    command = " ".join(SERVICES["redis"].command)

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command
    assert SERVICES["redis"].volumes == ["redis:/data"]


def test_only_this_host_reaches_the_api_unless_told_otherwise() -> None:
    assert SERVICES["api"].ports == ["${MODELMILL_PUBLISH:-127.0.0.1:8000}:8000"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_watched_or_runs_once(name: str) -> None:
    service = SERVICES[name]

    by_compose = bool(service.healthcheck.test) and not service.healthcheck.disable
    by_the_image = name == "api" and not service.command and instructions("HEALTHCHECK")

    assert by_compose or by_the_image or service.is_one_shot


@pytest.mark.parametrize("name", ["api", "worker"])
def test_a_process_starts_when_redis_answers_and_the_data_is_there(name: str) -> None:
    assert SERVICES["data"].is_one_shot
    assert SERVICES[name].depends_on == {
        "redis": Dependency(condition="service_healthy"),
        "data": Dependency(condition="service_completed_successfully"),
    }


def test_a_worker_has_longer_to_stop_than_its_training_child() -> None:
    grace = SERVICES["worker"].stop_grace_period

    assert float(grace.removesuffix("s")) > Settings().stop_seconds


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_more_rights_than_it_needs(name: str) -> None:
    service = SERVICES[name]

    assert service.read_only
    assert service.cap_drop == ["ALL"]
    assert service.security_opt == ["no-new-privileges:true"]


def test_every_image_is_pinned_by_a_tag() -> None:
    bases = [line.split("=")[1] for line in instructions("ARG") if "_IMAGE=" in line]
    images = [service.image or "" for service in SERVICES.values()]

    tags = [image.partition(":")[2] for image in bases + images]

    assert all(from_.startswith("${PYTHON_IMAGE}") for from_ in instructions("FROM"))
    assert all(tags)
    assert "latest" not in tags


def test_the_image_does_not_run_as_root() -> None:
    user, _, group = instructions("USER")[-1].partition(":")

    assert int(user) > 0
    assert int(group) > 0


def test_the_data_directory_is_the_volume() -> None:
    [data_dir] = instructions("VOLUME")

    assert f"MODELMILL_DATA_DIR={data_dir}" in " ".join(instructions("ENV"))
    assert SERVICES["worker"].environment["MODELMILL_DATA_DIR"] == data_dir
    assert SERVICES["worker"].volumes == [f"data:{data_dir}"]
    assert SERVICES["api"].volumes == SERVICES["data"].volumes == [f"data:{data_dir}"]


def test_the_builder_gets_what_it_copies_and_what_the_package_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    copies = [line for line in instructions("COPY") if not line.startswith("--from")]
    copied = {source for line in copies for source in line.split()[:-1]}
    ignore = (ROOT / ".dockerignore").read_text().splitlines()

    allowed = {line.removeprefix("!") for line in ignore if line.startswith("!")}

    assert copied == allowed
    assert copied >= {project["readme"], *project["license-files"]}


def test_the_label_of_the_image_names_the_version_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert f"VERSION={project['version']}" in instructions("ARG")


def test_the_gpu_file_changes_nothing_but_the_worker() -> None:
    assert set(read("deploy/docker-compose.gpu.yml").services) == {"worker"}
