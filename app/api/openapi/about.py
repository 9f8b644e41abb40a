"""What the OpenAPI document says of the whole service."""

QUICK_START = """\
Train small image classifiers over HTTP, watch them learn, and ask them what a picture
shows.

## Quick start

```sh
API=http://127.0.0.1:8000
KEY="Authorization: Bearer mm_…"   # the first start prints one

# 1. Create a job: two epochs of the tutorial's network.
JOB=$(curl -s $API/jobs -H "$KEY" -H 'Content-Type: application/json' \\
  -d '{"epochs": 2}' | jq -r .id)

# 2. Follow it until it ends.
curl -N $API/jobs/$JOB/events -H "$KEY"

# 3. Predict: which digit is this?
curl $API/predict -H "$KEY" -F image=@seven.png
```

## Good to know

- **Nothing is lost.** A job is stored before it is announced; it survives a restart of
  any part and goes on from its last checkpoint.
- **A key** is in every request: `Authorization: Bearer KEY`. Each operation names the
  scope that it needs: `read`, `train`, `predict` or `admin`, which allows everything.
- **Errors** are problem documents (RFC 9457, `application/problem+json`). `code` is for
  programs and never changes; `errors` names every violation at once.
- **Every answer** carries an `X-Request-ID`; quote it when you report a fault.
"""
LICENCE = {
    "name": "Apache License 2.0",
    "url": "https://www.apache.org/licenses/LICENSE-2.0",
}
TAGS = [
    {"name": "jobs", "description": "Submit training jobs and see how they do."},
    {
        "name": "catalogue",
        "description": "What a job can be made of: architectures and presets.",
    },
    {
        "name": "datasets",
        "description": "Bring pictures of your own, and see what is wrong with them.",
    },
    {"name": "events", "description": "Follow a job live."},
    {
        "name": "checkpoints",
        "description": "The network as it was after each epoch, to keep or to compare.",
    },
    {
        "name": "reports",
        "description": "What the trained network can and cannot do, in numbers and "
        "pictures.",
    },
    {
        "name": "lineage",
        "description": "What made a job's weights, and how to make them again.",
    },
    {
        "name": "models",
        "description": "Names for checkpoints: versions, and aliases that move.",
    },
    {"name": "predictions", "description": "Ask a trained network about pictures."},
    {
        "name": "webhooks",
        "description": "Be told of what happens, by signed messages.",
    },
    {"name": "keys", "description": "Who may ask, and for what."},
    {"name": "audit", "description": "Who has changed what."},
    {"name": "system", "description": "Whether the service is alive and ready."},
]
