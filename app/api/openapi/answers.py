"""What each route answers when all is well, as it stands in the document."""

from typing import Any

from fastapi.sse import format_sse_event
from pydantic import BaseModel

from app.api.health import LOOKS, Part, PartStatus, Readiness
from app.api.openapi import examples, pictures
from app.api.openapi.refusals import SCHEMAS
from app.api.prediction_schemas import Entry, PredictionList
from app.api.schemas import (
    CheckpointPublic,
    EventPublic,
    Health,
    JobDetail,
    JobPublic,
    Listing,
    MetricsPublic,
    QueuePublic,
    StatusChange,
)

Json = dict[str, Any]

JSON = "application/json"


def shown(description: str, **bodies: BaseModel) -> Json:
    """Describe a JSON answer by examples, each named by its keyword.

    They travel as text, since FastAPI drops every null from what it is given;
    app/api/openapi/operations.py reads them again.
    """
    named = {
        name: {
            "summary": name.replace("_", " ").capitalize(),
            "value": body.model_dump_json(),
        }
        for name, body in bodies.items()
    }
    return {"description": description, "content": {JSON: {"examples": named}}}


def public_job(row: BaseModel) -> JobPublic:
    return JobPublic.model_validate(row)


def job_detail(
    row: BaseModel, history: list[StatusChange], queue: QueuePublic | None = None
) -> JobDetail:
    found = JobDetail.model_validate(row)
    return found.model_copy(update={"history": history, "queue": queue})


def public_checkpoint() -> CheckpointPublic:
    return CheckpointPublic.model_validate(examples.CHECKPOINT)


def predictions(*entries: Entry) -> PredictionList:
    return PredictionList(data=[*entries], checkpoint=public_checkpoint())


def link(operation_id: str, description: str) -> Json:
    parameters = {"job_id": "$response.body#/id"}
    return {
        "operationId": operation_id,
        "parameters": parameters,
        "description": description,
    }


JOB = shown(
    "The job as it is now.",
    queued=public_job(examples.QUEUED),
    running=public_job(examples.RUNNING),
    succeeded=public_job(examples.SUCCEEDED),
    failed=public_job(examples.FAILED),
)
JOB_DETAIL = shown(
    "The job as it is now, its place in the queue, and how it came there.",
    queued=job_detail(examples.QUEUED, examples.HISTORY[:1], examples.QUEUE_PLACE),
    running=job_detail(examples.RUNNING, examples.HISTORY[:2]),
    succeeded=job_detail(examples.SUCCEEDED, examples.HISTORY),
)
CREATED_JOB: Json = {
    **shown("The job is stored and waits.", queued=public_job(examples.QUEUED)),
    "headers": {
        "Location": {
            "description": "Where the job is shown.",
            "schema": {"type": "string", "format": "uri-reference"},
        }
    },
    "links": {
        "job": link("getJob", "The job itself, to look at again."),
        "events": link("streamEvents", "What happens to the job, live."),
        "metrics": link("listJobMetrics", "What each epoch achieved."),
        "checkpoints": link("listCheckpoints", "The network after each epoch."),
    },
}
JOBS = shown(
    "One page of jobs.",
    one_page=Listing(
        data=[public_job(examples.RUNNING)],
        first_id=str(examples.JOB_ID),
        last_id=str(examples.JOB_ID),
    ),
    none_yet=Listing[JobPublic](data=[]),
)
METRICS = shown(
    "The metrics, first epoch first.",
    one_epoch=Listing(
        data=[MetricsPublic.model_validate(examples.METRICS)],
        first_id="1",
        last_id="1",
    ),
    none_yet=Listing[MetricsPublic](data=[]),
)
CHECKPOINTS = shown(
    "The checkpoints, first epoch first.",
    one_checkpoint=Listing(
        data=[public_checkpoint()],
        first_id=str(examples.CHECKPOINT_ID),
        last_id=str(examples.CHECKPOINT_ID),
    ),
    none_yet=Listing[CheckpointPublic](data=[]),
)
CHECKPOINT = shown("The checkpoint.", of_a_job=public_checkpoint())
WEIGHTS: Json = {
    "description": "Weights as safetensors; the header tells the network.",
    "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
    },
    "headers": {
        "ETag": {
            "description": "The file's SHA-256, in quotes.",
            "schema": {"type": "string", "pattern": '^"[0-9a-f]{64}"$'},
        },
        "Content-Disposition": {
            "description": "Names the file after its job and epoch.",
            "schema": {"type": "string"},
        },
    },
}
BULK = shown(
    "What came of each, in the order asked.",
    one_refused=Listing(data=[examples.CANCELLED_ONE, examples.REFUSED_ONE]),
)
WORKERS = shown(
    "The workers.",
    one_busy=Listing(
        data=[examples.WORKER],
        first_id=examples.WORKER.id,
        last_id=examples.WORKER.id,
    ),
)
LOGS: Json = {
    "description": "The lines, oldest first.",
    "content": {
        "application/x-ndjson": {
            "schema": {"type": "string", "description": "One LogLine a line."},
            "examples": {
                "epoch": {
                    "summary": "The end of an epoch",
                    "value": examples.LOG_LINE.as_json(),
                }
            },
        },
        "text/plain": {
            "schema": {"type": "string"},
            "examples": {
                "epoch": {
                    "summary": "The end of an epoch",
                    "value": examples.LOG_LINE.as_text(),
                }
            },
        },
    },
}
PREDICTIONS = shown(
    "An entry for each file, and the checkpoint that made them.",
    one_picture=predictions(pictures.SEVEN),
    explained=predictions(pictures.EXPLAINED),
    not_known=predictions(pictures.BLANK),
    one_of_two_is_torn=predictions(pictures.SEVEN, pictures.TORN),
    several_digits_in_one=predictions(pictures.TWO_LINES),
)
HEALTH = shown("The process is alive.", alive=Health())
NO_REDIS = Part(
    status=PartStatus.DEGRADED,
    reason="Redis does not answer; new jobs are stored and wait for it.",
)
READINESS = shown(
    "Requests are answered.",
    ready=Readiness.of({name: Part() for name in LOOKS}),
    without_redis=Readiness.of({name: Part() for name in LOOKS} | {"redis": NO_REDIS}),
)
METRICS_PAGE: Json = {
    "description": "Prometheus's text format.",
    "content": {
        "text/plain": {
            "schema": {"type": "string"},
            "examples": {
                "jobs": {
                    "summary": "One of the families",
                    "value": "# HELP modelmill_queue_depth Jobs that wait for a worker."
                    "\n# TYPE modelmill_queue_depth gauge\nmodelmill_queue_depth 2.0\n",
                }
            },
        }
    },
}
# OpenAPI 3.1 has no word for the items of a stream, but JSON Schema can say what
# a string holds: messages, whose data is JSON again.
MESSAGES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["event", "data"],
        "properties": {
            "id": {"type": "string", "description": "The event's number."},
            "event": {"type": "string", "description": "The event's kind."},
            "data": {
                "type": "string",
                "contentMediaType": JSON,
                "contentSchema": {
                    "anyOf": [
                        {"$ref": f"{SCHEMAS}EventPublic"},
                        {"$ref": f"{SCHEMAS}Progress"},
                    ]
                },
            },
        },
    },
}


def event_text() -> str:
    event = EventPublic.model_validate(examples.EPOCH_EVENT)
    news = format_sse_event(
        id=str(event.number), event=event.kind, data_str=event.model_dump_json()
    )
    progress = format_sse_event(
        event="progress", data_str=examples.PROGRESS.model_dump_json()
    )
    return (news + progress).decode()


EVENT_STREAM: Json = {
    "description": "Messages until the job ends.",
    "content": {
        "text/event-stream": {
            "schema": {
                "type": "string",
                "contentMediaType": "text/event-stream",
                "contentSchema": MESSAGES,
            },
            "examples": {
                "epoch": {
                    "summary": "An epoch's end, then progress",
                    "value": event_text(),
                }
            },
        }
    },
}
