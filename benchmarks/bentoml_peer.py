"""BentoML as its documentation sets it up.

`bentoml serve benchmarks.bentoml_peer:Digits`, started by benchmarks.serving.
"""

import bentoml
from PIL.Image import Image

from benchmarks.peer_network import answer, classify, to_tensor, tutorial_network


@bentoml.service(workers=1, logging={"access": {"enabled": False}})
class Digits:
    """One process with one network."""

    def __init__(self) -> None:
        self.network = tutorial_network()

    @bentoml.api
    def predict(self, image: Image) -> dict[str, object]:
        [row] = classify(self.network, to_tensor(image).unsqueeze(0))
        return answer(row)
