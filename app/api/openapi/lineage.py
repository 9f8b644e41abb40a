"""What the routes of a job's lineage answer, as it stands in the document."""

from app.api.lineage_schemas import AttemptPublic, Lineage
from app.api.openapi import examples
from app.api.openapi.answers import shown
from app.models import Environment

ON_CPU = Environment(device="cpu", precision="fp32", threads=2, torch="2.13.0+cpu")
ATTEMPT = AttemptPublic(
    attempt=1,
    created_at=examples.STARTED,
    epoch=1,
    step=0,
    environment=ON_CPU,
    version="0.1.0",
    commit=None,
    dataset_digest=examples.SHA256,
    split_digest=examples.SHA256[::-1],
)
LINEAGE = shown(
    "The lineage.",
    one_attempt=Lineage(
        job_id=examples.JOB_ID,
        requested={"epochs": 2},
        spec=examples.SPEC,
        seed=examples.SPEC.seed,
        dataset=examples.SPEC.dataset,
        attempts=[ATTEMPT],
        weights_sha256=examples.SHA256,
    ),
)
