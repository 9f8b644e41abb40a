"""Uploads become pictures or one of five refusals, and nothing else is raised."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageOps
from PIL.PngImagePlugin import PngInfo

from app.errors import (
    AnimatedImage,
    CorruptImage,
    EmptyImage,
    ImageRefused,
    ImageTooLarge,
    NotAnImage,
)
from app.vision.decoding import decode_image
from tests.factories import drawn_digit, encoded

MAX_PIXELS = 25_000_000
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Pillow only warns of these; the service refuses them by its own limit.
BOMB_WARNING = "ignore::PIL.Image.DecompressionBombWarning"


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def png_of(width: int, height: int, *after_pixels: bytes) -> bytes:
    """Return a grey PNG of a claimed size whose pixels nobody has paid for."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(28 * 29)))
    tail = b"".join(after_pixels) + chunk(b"IEND", b"")
    return PNG_SIGNATURE + header + pixels + tail


def several_frames(format_name: str) -> bytes:
    frame = drawn_digit()
    others = [frame.rotate(90), frame.rotate(180)]
    return encoded(frame, format_name, save_all=True, append_images=others)


def png_with_ztxt() -> bytes:
    info = PngInfo()
    info.add_text("Comment", "0" * 2_000_000, zip=True)
    return encoded(drawn_digit(), pnginfo=info)


def png_with_itxt() -> bytes:
    info = PngInfo()
    info.add_itxt("Comment", "0" * 2_000_000, zip=True)
    return encoded(drawn_digit(), pnginfo=info)


def png_with_long_transparency() -> bytes:
    """Return a palette of two colours with three transparencies."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 28, 28, 8, 3, 0, 0, 0))
    palette = chunk(b"PLTE", bytes(6)) + chunk(b"tRNS", bytes(300))
    pixels = chunk(b"IDAT", zlib.compress(bytes(28 * 29)))
    return PNG_SIGNATURE + header + palette + pixels + chunk(b"IEND", b"")


PNG = encoded(drawn_digit())
JPEG = encoded(drawn_digit(), "JPEG")
WEBP = encoded(drawn_digit(), "WEBP")

REFUSED: dict[str, tuple[bytes, type[ImageRefused]]] = {
    "empty": (b"", EmptyImage),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', NotAnImage),
    "HTML": (b"<!doctype html><p>7</p>", NotAnImage),
    "EPS": (encoded(drawn_digit(), "EPS"), NotAnImage),
    "GIF": (encoded(drawn_digit(), "GIF"), NotAnImage),
    "BMP": (encoded(drawn_digit(), "BMP"), NotAnImage),
    "TIFF": (encoded(drawn_digit(), "TIFF"), NotAnImage),
    "animated GIF": (several_frames("GIF"), NotAnImage),
    "animated PNG": (several_frames("PNG"), AnimatedImage),
    "animated WebP": (several_frames("WEBP"), AnimatedImage),
    "bomb that Pillow warns of": (png_of(10_000, 10_000), ImageTooLarge),
    "bomb that Pillow refuses": (png_of(20_000, 20_000), ImageTooLarge),
    "81 megapixels": (png_of(9_000, 9_000), ImageTooLarge),
    "30 megapixels": (png_of(6_000, 5_000), ImageTooLarge),
    "a side of 8193": (png_of(8_193, 1), ImageTooLarge),
    "truncated JPEG": (JPEG[: len(JPEG) // 2], CorruptImage),
    "truncated PNG": (PNG[: len(PNG) // 2], CorruptImage),
    "truncated WebP": (WEBP[: len(WEBP) // 2], CorruptImage),
    "PNG of no width": (png_of(0, 28), NotAnImage),
    "PNG with a wrong checksum": (PNG[:30] + b"\x00" + PNG[31:], NotAnImage),
    "PNG with a zTXt bomb": (png_with_ztxt(), CorruptImage),
    "PNG with an iTXt bomb": (png_with_itxt(), CorruptImage),
    "PNG with a torn profile": (
        png_of(28, 28, chunk(b"iCCP", b"name\x00")),
        CorruptImage,
    ),
    "PNG with a torn palette": (png_with_long_transparency(), CorruptImage),
    "PNG with an orientation out of place": (
        png_of(28, 28, chunk(b"eXIf", b"no TIFF at all")),
        CorruptImage,
    ),
}


@pytest.mark.filterwarnings(BOMB_WARNING)
@pytest.mark.parametrize(("upload", "refusal"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_single_small_picture_is_refused(
    upload: bytes, refusal: type[ImageRefused]
) -> None:
    with pytest.raises(ImageRefused) as raised:
        decode_image(upload, MAX_PIXELS)

    assert raised.type is refusal


@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_read(format_name: str) -> None:
    upload = encoded(drawn_digit(), format_name, quality=95)

    image = decode_image(upload, MAX_PIXELS).convert("L")

    difference = np.asarray(ImageChops.difference(image, drawn_digit()))
    assert image.size == (200, 160)
    assert difference.mean() < 1


def test_a_tail_after_the_picture_is_ignored() -> None:
    image = decode_image(JPEG + b"<script>alert(1)</script>", MAX_PIXELS)

    assert image.size == (200, 160)


def test_the_limit_on_pixels_counts_the_last_one() -> None:
    upload = png_of(28, 28)

    assert decode_image(upload, 784).size == (28, 28)
    with pytest.raises(ImageTooLarge, match="28x28; at most 783 pixels"):
        decode_image(upload, 783)


def test_the_camera_s_orientation_is_undone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the right side of the scene is at the top
    sideways = drawn_digit().transpose(Image.Transpose.ROTATE_90)

    image = decode_image(encoded(sideways, exif=exif.tobytes()), MAX_PIXELS)

    assert image.size == (200, 160)
    assert np.array_equal(np.asarray(image), np.asarray(drawn_digit()))


def test_a_transparent_palette_keeps_its_transparency() -> None:
    palette = ImageOps.invert(drawn_digit()).convert("P")

    image = decode_image(encoded(palette, transparency=0), MAX_PIXELS)

    assert image.mode == "RGBA"
    assert image.getchannel("A").getextrema() == (0, 255)
