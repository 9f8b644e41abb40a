"""What Prometheus and Grafana ask for is what /metrics tells."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from ruamel.yaml import YAML

MONITORING = Path(__file__).parent.parent / "deploy" / "monitoring"
RULES = MONITORING / "rules.yml"
DASHBOARD = MONITORING / "grafana" / "modelmill.json"
NAME = re.compile(r"\bmodelmill_\w+")
SUFFIXES = {"counter": ("",), "gauge": ("",), "histogram": ("_bucket",)}


def read_rules() -> dict[str, str]:
    [group] = YAML(typ="safe", pure=True).load(RULES)["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def read_panels() -> dict[str, str]:
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return {
        f"{panel['title']} {target['refId']}": target["expr"]
        for panel in panels
        for target in panel["targets"]
    }


EXPRESSIONS = {**read_rules(), **read_panels()}


@pytest.fixture
def told(client: TestClient) -> set[str]:
    """Return every name that the page of a service without jobs declares."""
    types = re.findall(r"^# TYPE (\w+) (\w+)$", client.get("/metrics").text, re.M)
    return {name + suffix for name, kind in types for suffix in SUFFIXES[kind]}


def test_every_number_that_is_asked_for_is_told(told: set[str]) -> None:
    asked = {title: set(NAME.findall(text)) for title, text in EXPRESSIONS.items()}

    assert {title: names - told for title, names in asked.items() if names - told} == {}
    assert [title for title, names in asked.items() if not names] == ["ModelmillDown"]


def test_panels_ask_the_source_that_is_provisioned() -> None:
    loader = YAML(typ="safe", pure=True)
    [source] = loader.load(MONITORING / "grafana" / "datasources.yml")["datasources"]
    panels = json.loads(DASHBOARD.read_text())["panels"]

    assert {panel["datasource"]["uid"] for panel in panels} == {source["uid"]}


def test_prometheus_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("needs promtool, of Debian's package prometheus")

    command = [promtool, "check", "rules", str(RULES)]
    run = subprocess.run(command, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout + run.stderr
