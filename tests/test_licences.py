"""Every runtime dependency is named with its licence, and ours is Apache-2.0."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DEPENDENCIES = [Requirement(line).name for line in PROJECT["dependencies"]]


@dataclass(frozen=True)
class Row:
    version: str
    licence: str
    home_page: str


def rows() -> dict[str, Row]:
    lines = (ROOT / "THIRD_PARTY_LICENSES.md").read_text().splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ")
    ]
    return {canonicalize_name(name): Row(*rest) for name, *rest in cells[1:]}


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if "==" in line]
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize("dependency", DEPENDENCIES)
def test_a_runtime_dependency_is_named_with_its_licence(dependency: str) -> None:
    row = rows()[canonicalize_name(dependency)]

    assert row.licence
    assert row.home_page.startswith("https://")


@pytest.mark.parametrize("dependency", DEPENDENCIES)
def test_a_licence_is_named_for_the_pinned_version(dependency: str) -> None:
    name = canonicalize_name(dependency)

    assert rows()[name].version == pins()[name]


def test_nothing_is_named_that_is_no_longer_used() -> None:
    assert set(rows()) == {canonicalize_name(name) for name in DEPENDENCIES}


def test_modelmill_is_under_the_apache_licence() -> None:
    lines = (ROOT / "LICENSE").read_text().split("\n")

    title = [line.strip() for line in lines if line.strip()][:2]

    assert title == ["Apache License", "Version 2.0, January 2004"]
    assert "   Copyright 2026 The Modelmill authors" in lines
    assert PROJECT["license"] == "Apache-2.0"
