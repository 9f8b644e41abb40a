"""What `kubectl apply -k deploy/kubernetes` sends is what Kubernetes takes."""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import Engine, text

from app.database.engine import read_session
from app.settings import Settings
from tests.factories import running_job, submitted_job, succeeded_job

FOLDER = Path(__file__).parent.parent / "deploy" / "kubernetes"
VALIDATE = Path(sys.executable).with_name("kubernetes-validate")
KEDA = "keda.sh/"


def read(name: str) -> list[dict[str, Any]]:
    return list(YAML(typ="safe", pure=True).load_all(FOLDER / name))


RESOURCES = read("api.yaml") + read("worker.yaml")
PODS = {
    one["metadata"]["name"]: one["spec"]["template"]["spec"]
    for one in RESOURCES
    if one["kind"] == "Deployment"
}


def test_the_rendered_resources_fit_the_schemas_of_kubernetes(tmp_path: Path) -> None:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("needs kubectl, of Debian's package kubernetes-client")
    command = [kubectl, "kustomize", str(FOLDER)]
    rendered = subprocess.check_output(command, text=True)
    # What KEDA brings has no schema among Kubernetes's own.
    documents = [one for one in rendered.split("\n---\n") if KEDA not in one]
    (tmp_path / "rendered.yaml").write_text("\n---\n".join(documents))

    run = subprocess.run(
        [VALIDATE, "--strict", tmp_path / "rendered.yaml"],
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert len(documents) == 5


def test_the_scaler_counts_the_jobs_that_need_a_worker(engine: Engine) -> None:
    submitted_job(engine)
    running_job(engine)
    succeeded_job(engine)
    [scaled] = [one for one in RESOURCES if one["kind"] == "ScaledObject"]
    [trigger] = scaled["spec"]["triggers"]

    with read_session(engine) as session:
        count = session.execute(text(trigger["metadata"]["query"])).scalar_one()

    assert count == 2
    assert scaled["spec"]["scaleTargetRef"]["name"] in PODS


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_more_rights_than_it_needs(name: str) -> None:
    [container] = PODS[name]["containers"]

    assert PODS[name]["securityContext"]["runAsNonRoot"]
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert "memory" in container["resources"]["limits"]


def test_a_worker_has_longer_to_stop_than_its_training_child() -> None:
    grace = PODS["modelmill-worker"]["terminationGracePeriodSeconds"]

    assert grace > Settings().stop_seconds


@pytest.mark.parametrize("name", PODS)
def test_every_secret_and_setting_that_a_pod_names_exists(name: str) -> None:
    [secret] = read("secret.example.yaml")
    [container] = PODS[name]["containers"]
    references = [
        one["valueFrom"]["secretKeyRef"]
        for one in container["env"]
        if "valueFrom" in one
    ]

    assert {one["name"] for one in references} == {secret["metadata"]["name"]}
    assert {one["key"] for one in references} <= set(secret["stringData"])
    assert {one["name"] for one in container["env"]} <= {
        f"MODELMILL_{field.upper()}" for field in Settings.model_fields
    }
