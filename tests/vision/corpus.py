"""Files that are hostile or odd, by name: none of them may hurt the service."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.factories import drawn_digit, encoded

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
MODES = ("1", "L", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LA", "I;16", "I", "F", "HSV")
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "TGA", "ICO", "PCX")
SHAPES = ((1, 1), (1, 500), (500, 1), (2, 8192), (8192, 2), (28, 28), (5000, 4999))
TORN_AT = 40

HEADS = {
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500),
    "avif": b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1avif" + bytes(500),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><text>7</text></svg>',
    "svg bomb": b'<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg>' + b"&a;" * 9000 + b"</svg>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "text": b"seven",
    "utf-16": "seven".encode("utf-16"),
    "json": b'{"image": 7}',
    "csv": b"1,2,3\n" * 1000,
    "zip": b"PK\x03\x04" + bytes(300),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(300),
    "pickle": b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00\x8c\x02os.",
    "numpy": b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'shape': (1,)}",
    "pdf": b"%PDF-1.7\n1 0 obj <<>> endobj",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\nloop",
    "elf": b"\x7fELF" + bytes(200),
    "jpeg xl": b"\xff\x0a" + bytes(200),
    "jpeg 2000": b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(200),
    "raw": b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(200),
    "mp4": b"\x00\x00\x00\x20ftypisom" + bytes(200),
    "empty": b"",
    "one byte": b"\x89",
    "zeros": bytes(100_000),
    "new lines": b"\n" * 5000,
    "png signature": PNG_SIGNATURE,
    "jpeg start": b"\xff\xd8\xff",
    "webp head": b"RIFF\xff\xff\xff\xffWEBPVP8 ",
    "webp that claims too much": b"RIFF\xff\xff\xff\x7fWEBPVP8X" + b"\xff" * 40,
}


def corpus() -> dict[str, bytes]:
    return (
        HEADS
        | dict(torn())
        | dict(in_every_mode())
        | dict(in_every_format())
        | dict(of_every_shape())
        | dict(declared_sizes())
        | dict(flipped_bytes())
        | dict(animations())
    )


def torn() -> Iterator[tuple[str, bytes]]:
    """End PNG, JPEG and WebP early, at many lengths."""
    for format_name in ("PNG", "JPEG", "WEBP"):
        whole = encoded(drawn_digit(), format_name)
        for part in range(TORN_AT):
            length = round(len(whole) * (part + 0.5) / TORN_AT)
            yield f"{format_name} torn after {length}", whole[:length]


def in_every_mode() -> Iterator[tuple[str, bytes]]:
    for mode in MODES:
        image = Image.new(mode, (60, 40))
        for format_name in ("PNG", "JPEG", "WEBP", "TIFF"):
            try:
                yield f"{mode} as {format_name}", encoded(image, format_name)
            except (OSError, KeyError, ValueError):
                continue  # Pillow cannot write this mode in this format


def in_every_format() -> Iterator[tuple[str, bytes]]:
    for format_name in FORMATS:
        yield (
            f"{format_name} named png",
            encoded(drawn_digit().convert("RGB"), format_name),
        )


def of_every_shape() -> Iterator[tuple[str, bytes]]:
    for width, height in SHAPES:
        for level in (0, 128, 255):
            image = Image.new("L", (width, height), level)
            yield f"{width}x{height} of {level}", encoded(image, compress_level=1)


def declared_sizes() -> Iterator[tuple[str, bytes]]:
    """Claim sizes in a PNG's header that its pixels do not have."""
    for width, height in (
        (0, 0),
        (0, 28),
        (2**31 - 1, 2**31 - 1),
        (2**31 - 1, 1),
        (100_000, 100_000),
        (8192, 8192),
        (8193, 1),
        (30, 30),
    ):
        for depth, colour in ((8, 0), (16, 6), (1, 3), (7, 9)):
            header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
            body = chunk(b"IHDR", header)
            body += chunk(b"IDAT", zlib.compress(bytes(1000)))
            name = f"PNG of {width}x{height}, {depth} bits, colour {colour}"
            yield name, PNG_SIGNATURE + body + chunk(b"IEND", b"")
    bomb = zlib.compress(bytes(50_000_000), 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 28, 28, 8, 0, 0, 0, 0))
    yield "PNG with too many pixels", PNG_SIGNATURE + header + chunk(b"IDAT", bomb)


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def flipped_bytes() -> Iterator[tuple[str, bytes]]:
    random = np.random.default_rng(5)
    for format_name in ("PNG", "JPEG", "WEBP"):
        whole = np.frombuffer(encoded(drawn_digit(), format_name), np.uint8)
        for number in range(20):
            damaged = whole.copy()
            places = random.integers(8, len(whole), 6)
            damaged[places] = random.integers(0, 256, 6)
            yield f"{format_name} damaged {number}", damaged.tobytes()


def animations() -> Iterator[tuple[str, bytes]]:
    frame = drawn_digit()
    for format_name in ("GIF", "PNG", "WEBP", "TIFF"):
        yield (
            f"animated {format_name}",
            encoded(
                frame, format_name, save_all=True, append_images=[frame.rotate(90)]
            ),
        )
