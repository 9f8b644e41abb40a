"""Bodies that nobody would send: each is answered, or refused as a problem."""

import json

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import drawn_digit, encoded, read_problem

FUZZ = settings(
    max_examples=120,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
EDGE = b"edge"
PICTURE = encoded(drawn_digit().resize((28, 28)))
JSON_PLACES = ["/jobs", "/jobs/bulk", "/architectures/describe", "/predict", "/models"]
FORM_PLACES = ["/predict", "/datasets", "/predictions"]
FIELDS = ["image", "images", "file", "name", "labels", "", "é", 'a"b', "x" * 5000]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"]
# json.dumps writes what no JSON has: NaN, Infinity and half a surrogate.
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(), max_size=20),
    st.sampled_from(["\ud800", "\x00", "mnist", 10**30, float("nan"), -0.0]),
)
NAMES = st.sampled_from(
    ["epochs", "ids", "action", "layers", "architecture", "kind", "images", "\ud800"]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner),
    max_leaves=12,
)


def nested(depth: int) -> bytes:
    return b'{"layers":[' * depth + b"]}" * depth


def twice(value: object) -> str:
    written = json.dumps(value)
    return f'{{"epochs": {written}, "epochs": {written}}}'


@st.composite
def json_bodies(draw: st.DrawFn) -> bytes:
    text = draw(st.one_of(VALUES.map(json.dumps), VALUES.map(twice)))
    whole = draw(
        st.one_of(
            st.sampled_from(ENCODINGS).map(lambda name: text.encode(name, "replace")),
            st.integers(1, 3000).map(nested),
        )
    )
    return draw(cut(whole))


def cut(whole: bytes) -> st.SearchStrategy[bytes]:
    """Leave a body as it is, or end it anywhere."""
    return st.one_of(
        st.just(whole), st.integers(0, len(whole)).map(lambda end: whole[:end])
    )


@st.composite
def parts(draw: st.DrawFn) -> bytes:
    """One part of a form, with headers as wild as its content."""
    name = draw(st.sampled_from(FIELDS))
    is_file = draw(st.booleans())
    filename = f'; filename="{draw(st.sampled_from(FIELDS))}"' if is_file else ""
    place = f'Content-Disposition: form-data; name="{name}"{filename}\r\n'
    extra = draw(
        st.one_of(
            st.just(b""),
            st.just(place.encode()),
            st.integers(0, 100_000).map(lambda size: b"X-Long: " + b"a" * size),
            st.binary(max_size=40),
            st.sampled_from(
                [
                    b"Content-Type: image/png",
                    b"Content-Type: text/plain; charset=utf-7",
                    b"Content-Transfer-Encoding: base64",
                ]
            ),
        )
    )
    content = draw(st.one_of(st.just(PICTURE), st.binary(max_size=60)))
    encoding = draw(st.sampled_from(["utf-8", "latin-1"]))
    return place.encode(encoding) + extra + b"\r\n\r\n" + content + b"\r\n"


@st.composite
def form_bodies(draw: st.DrawFn) -> bytes:
    edges = st.sampled_from([EDGE, EDGE, EDGE, EDGE, b"edgy", b"", b"edge--"])
    written = [
        b"--" + draw(edges) + b"\r\n" + part
        for part in draw(st.lists(parts(), max_size=5))
    ]
    return draw(cut(b"".join(written) + b"--" + draw(edges) + b"--\r\n"))


FORM_TYPES = st.sampled_from(
    [
        "multipart/form-data; boundary=edge",
        "multipart/form-data; boundary=edge",
        "multipart/form-data; boundary=edge",
        'multipart/form-data; boundary="edge"; charset=utf-16',
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "e" * 300,
        "application/x-www-form-urlencoded",
    ]
)


def demand_answer(client: TestClient, place: str, body: bytes, media: str) -> None:
    headers = {"content-type": media}

    response = client.post(place, content=body, headers=headers)

    assert response.status_code < 500, (place, body)
    if not response.is_success:
        assert read_problem(response)["code"]


@pytest.mark.parametrize("place", JSON_PLACES)
@FUZZ
@given(body=json_bodies())
def test_no_json_breaks_the_service(
    client: TestClient, place: str, body: bytes
) -> None:
    demand_answer(client, place, body, "application/json")


# Of some torn forms the general parser leaves a file to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("place", FORM_PLACES)
@FUZZ
@given(body=form_bodies(), media=FORM_TYPES)
def test_no_form_breaks_the_service(
    client: TestClient, place: str, body: bytes, media: str
) -> None:
    demand_answer(client, place, body, media)


@pytest.mark.parametrize("place", [*JSON_PLACES, *FORM_PLACES])
@FUZZ
@given(body=st.binary(max_size=300), media=st.text(st.characters(codec="ascii")))
def test_no_bytes_of_any_type_break_the_service(
    client: TestClient, place: str, body: bytes, media: str
) -> None:
    demand_answer(client, place, body, media)
