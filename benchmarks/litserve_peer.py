"""LitServe as its documentation sets it up, batching on.

`python -m benchmarks.litserve_peer PORT`, started by benchmarks.serving.
"""

import sys

import litserve
import torch
from fastapi import Request
from torch import Tensor

from benchmarks.peer_network import answer, classify, read_png, tutorial_network

LARGEST_BATCH = 32
BATCH_SECONDS = 0.001


class Digits(litserve.LitAPI):
    """One network in a process of its own, fed by one process that takes requests."""

    def setup(self, device: str) -> None:  # noqa: ARG002  # it is a CPU
        self.network = tutorial_network()

    def decode_request(self, request: Request) -> Tensor:
        return read_png(request["image"].file.read())

    def batch(self, inputs: list[Tensor]) -> Tensor:
        return torch.stack(inputs)

    def predict(self, x: Tensor) -> list[list[float]]:
        return classify(self.network, x)

    def unbatch(self, output: list[list[float]]) -> list[list[float]]:
        return output

    def encode_response(self, output: list[float]) -> dict[str, object]:
        return answer(output)


if __name__ == "__main__":
    api = Digits(max_batch_size=LARGEST_BATCH, batch_timeout=BATCH_SECONDS)
    server = litserve.LitServer(api, accelerator="cpu", workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[1]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
        access_log=False,
    )
