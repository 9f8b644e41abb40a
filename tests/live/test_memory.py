"""Predictions leave nothing behind in the api's memory."""

from pathlib import Path

import pytest

from tests.factories import drawn_digit, encoded
from tests.live.processes import api
from tests.live.service import LiveService, live_service

pytestmark = pytest.mark.live

WARM_UP, MANY = 1000, 5000
MOST_GROWTH = 1.05
SPEC = {"epochs": 1, "batch_size": 32, "validation_size": 256, "seed": 3}
ONE = {"image": ("seven.png", encoded(drawn_digit().resize((28, 28))))}


def predict(service: LiveService, times: int) -> None:
    for _request in range(times):
        assert service.client.post("/predict", files=ONE).is_success


def test_thousands_of_predictions_take_no_memory(data_dir: Path) -> None:
    with live_service(data_dir) as service:
        service.wait_for_end(service.submit(**SPEC))
        predict(service, WARM_UP)
        before = api(data_dir).memory_info().rss

        predict(service, MANY)

        assert api(data_dir).memory_info().rss <= MOST_GROWTH * before
