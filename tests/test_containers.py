"""What the Dockerfile and the compose files promise and a wrong edit would break."""

import re
import tomllib
from pathlib import Path
from typing import Any

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


class Logging(BaseModel):
    driver: str
    options: dict[str, str]


class Service(BaseModel):
    image: str | None = None
    command: list[str] = []
    environment: dict[str, str | None] = {}
    ports: list[str] = []
    networks: list[str] = []
    volumes: list[str] = []
    depends_on: dict[str, Dependency] = {}
    healthcheck: HealthCheck = HealthCheck()
    logging: Logging | None = None
    mem_limit: str | None = None
    restart: str | None = None
    stop_grace_period: str = "10s"
    read_only: bool = False
    cap_drop: list[str] = []
    security_opt: list[str] = []
    deploy: dict[str, Any] = {}

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
FURTHER = [
    read(f"deploy/docker-compose.{file}.yml")
    for file in ("gpu", "postgres", "monitoring")
]
ALL_SERVICES = [one for file in (COMPOSE, *FURTHER) for one in file.services.values()]


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
    assert "requirepass $$(cat /run/modelmill/redis_password)" in redis.command[-1]
    assert reachable_from == [Network(internal=True)]


def test_redis_keeps_what_it_was_told() -> None:
    configuration = SERVICES["redis"].command[-1].splitlines()

    assert {"appendonly yes", "maxmemory-policy noeviction"} <= set(configuration)
    assert "redis:/data" in SERVICES["redis"].volumes


def test_no_password_stands_in_a_file_or_reaches_a_process_by_its_environment() -> None:
    environments = [service.environment for service in SERVICES.values()]
    named = {name for environment in environments for name in environment}

    assert [name for name in named if "PASSWORD" in name and "FILE" not in name] == []
    assert [
        name
        for name, service in SERVICES.items()
        if "secret:/run/modelmill" in service.volumes
    ] == ["secret"]


@pytest.mark.parametrize("name", SERVICES)
def test_whoever_is_told_of_a_password_s_file_has_it(name: str) -> None:
    service = SERVICES[name]

    told = [variable for variable in service.environment if "FILE" in variable]

    assert not told or "secret:/run/modelmill:ro" in service.volumes


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


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_bounds_for_its_memory_and_its_log(name: str) -> None:
    service = SERVICES[name]

    assert service.mem_limit
    assert service.logging is not None
    assert {"max-size", "max-file"} <= set(service.logging.options)


def test_every_image_is_pinned_by_a_tag() -> None:
    bases = [line.split("=")[1] for line in instructions("ARG") if "_IMAGE=" in line]
    images = [service.image for service in ALL_SERVICES if service.image]
    stages = {line.split(" AS ")[-1] for line in instructions("FROM")}

    tags = [image.partition(":")[2] for image in bases + images]

    assert {line.split()[0] for line in instructions("FROM")} <= {
        "${PYTHON_IMAGE}",
        *stages,
    }
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
    for name in ("api", "data", "metrics-key", "worker"):
        assert f"data:{data_dir}" in SERVICES[name].volumes


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


def test_the_gpu_file_gives_each_worker_a_gpu_of_its_own() -> None:
    services = read("deploy/docker-compose.gpu.yml").services
    devices = [
        device
        for service in services.values()
        for device in service.deploy["resources"]["reservations"]["devices"]
    ]

    assert {name.partition("-")[0] for name in services} == {"worker"}
    assert [device["device_ids"] for device in devices] == [["0"], ["1"], ["2"], ["3"]]
    assert {device["driver"] for device in devices} == {"nvidia"}


@pytest.mark.parametrize("file", ["postgres", "monitoring"])
def test_what_a_further_file_brings_is_bound_and_watched_too(file: str) -> None:
    services = read(f"deploy/docker-compose.{file}.yml").services
    brought = [service for service in services.values() if service.image]

    assert brought
    for service in brought:
        assert service.read_only
        assert service.cap_drop == ["ALL"]
        assert service.mem_limit
        assert service.logging
        assert service.healthcheck.test
        assert all(port.startswith("127.0.0.1:") for port in service.ports)


def test_postgresql_is_used_by_every_process_that_opens_the_database() -> None:
    services = read("deploy/docker-compose.postgres.yml").services
    users = {name for name, service in SERVICES.items() if opens_the_database(service)}

    assert set(services) - {"postgres"} == users
    for name in users:
        assert set(services[name].environment) == {
            "MODELMILL_DATABASE_URL",
            "MODELMILL_DATABASE_PASSWORD_FILE",
        }


def opens_the_database(service: Service) -> bool:
    # The step that fetches a dataset only writes files.
    return "MODELMILL_DATABASE_URL" in service.environment and (
        "fetch" not in service.command
    )
