"""Bodies that schemathesis cannot make by itself: pictures and archives."""

import io
import zipfile

import schemathesis
from hypothesis import strategies as st

from tests.factories import drawn_digit, encoded

PICTURE = encoded(drawn_digit().resize((28, 28)))


def archive_of(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, PICTURE)
    return file.getvalue()


ARCHIVES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([archive_of(), archive_of("1.png"), archive_of("1.png", "2.txt")]),
)
schemathesis.openapi.media_type("application/zip", ARCHIVES)
