"""The floor: FastAPI takes an upload and does nothing with it.

`uvicorn benchmarks.bare_endpoint:app`, started by benchmarks.serving.
"""

from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/predict")
async def take(image: UploadFile) -> dict[str, int | None]:
    return {"size": image.size}
