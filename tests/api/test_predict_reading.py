"""What /predict makes of a picture: ways to read it, gates, explanations, lines."""

import base64
from io import BytesIO

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import Engine

from app.vision.reading import Mode, to_pixels
from tests.factories import drawn_digit, encoded, succeeded_job
from tests.vision import pictures
from tests.vision.test_segmentation import page_of_fives

SEVEN = encoded(drawn_digit())


def seen_in(explanation: dict[str, str]) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(explanation["png"])))


def test_a_digit_is_known(client: TestClient, engine: Engine) -> None:
    succeeded_job(engine)

    [entry] = client.post("/predict", files={"image": SEVEN}).json()["data"]

    assert (entry["object"], entry["known"], entry["reason"]) == (
        "prediction",
        True,
        None,
    )
    assert entry["explanation"] is None


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        (Image.new("L", (90, 60), 255), "no_ink"),
        (page_of_fives((60, 50), (300, 60)), "several_digits"),
    ],
    ids=["blank", "two"],
)
def test_what_is_not_known_says_why_and_is_classified_all_the_same(
    client: TestClient, engine: Engine, picture: Image.Image, reason: str
) -> None:
    succeeded_job(engine)

    response = client.post("/predict", files={"image": encoded(picture)})

    [entry] = response.json()["data"]
    assert (entry["known"], entry["reason"]) == (False, reason)
    assert sum(entry["probabilities"].values()) == pytest.approx(1)


@pytest.mark.parametrize("mode", Mode)
def test_an_explanation_holds_what_the_network_saw(
    client: TestClient, engine: Engine, mode: Mode
) -> None:
    succeeded_job(engine)
    url = f"/predict?explain=true&preprocess={mode}"

    [entry] = client.post(url, files={"image": SEVEN}).json()["data"]

    pixels = np.asarray(seen_in(entry["explanation"]))
    assert np.array_equal(pixels, to_pixels(drawn_digit(), mode))
    assert entry["explanation"]["ink_fraction"] == pytest.approx(pixels.mean() / 255)


def test_an_explanation_tells_polarity_and_place(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)

    response = client.post("/predict?explain=true", files={"image": SEVEN})

    explanation = response.json()["data"][0]["explanation"]
    box = explanation["box"]
    assert explanation["polarity"] == "dark_on_light"
    assert (box["left"], box["top"]) == pytest.approx((17, 24), abs=4)
    assert (box["width"], box["height"]) == pytest.approx((69, 100), abs=6)


def test_an_explanation_has_a_map_of_what_the_answer_rests_on(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)

    response = client.post("/predict?explain=true", files={"image": SEVEN})

    explanation = response.json()["data"][0]["explanation"]
    found = np.asarray(seen_in({"png": explanation["saliency"]}))
    assert found.shape == (28, 28)
    assert found.max() == 255
    assert found[0, 0] == 0


def test_a_blank_page_has_a_map_without_anything(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    blank = encoded(Image.new("L", (90, 90), "white"))

    response = client.post("/predict?explain=true", files={"image": blank})

    explanation = response.json()["data"][0]["explanation"]
    assert not np.asarray(seen_in({"png": explanation["saliency"]})).any()


def test_digits_are_answered_with_boxes_and_as_text(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    page = page_of_fives((60, 50), (240, 60), (80, 310))

    response = client.post(
        "/predict?segment=true&explain=true", files={"image": encoded(page)}
    )

    [entry] = response.json()["data"]
    labels = [digit["label"] for digit in entry["digits"]]
    assert entry["object"] == "digits"
    assert [digit["line"] for digit in entry["digits"]] == [0, 0, 1]
    assert entry["text"] == f"{labels[0]}{labels[1]}\n{labels[2]}"
    assert seen_in(entry["digits"][0]["explanation"]).size == (28, 28)


def test_a_page_without_digits_has_an_empty_text(
    client: TestClient, engine: Engine
) -> None:
    succeeded_job(engine)
    blank = encoded(Image.new("L", (90, 60), 255))

    response = client.post("/predict?segment=true", files={"image": blank})

    assert response.json()["data"] == [
        {"object": "digits", "file": "upload", "text": "", "digits": []}
    ]


def test_a_way_to_read_that_is_none_is_refused(client: TestClient) -> None:
    response = client.post("/predict?preprocess=best", files={"image": SEVEN})

    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/query/preprocess"


def test_a_hard_photo_is_read_over_http(client: TestClient, engine: Engine) -> None:
    succeeded_job(engine)
    photo = encoded(pictures.held_at_an_angle(), "JPEG", quality=40)

    [entry] = client.post("/predict", files={"image": photo}).json()["data"]

    assert entry["known"]
