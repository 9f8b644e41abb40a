"""Uploaded bytes to a picture, refusing what is not one before it costs anything."""

import io
import struct
import zlib

from PIL import Image, ImageOps, UnidentifiedImageError

from app.errors import (
    AnimatedImage,
    CorruptImage,
    EmptyImage,
    ImageTooLarge,
    NotAnImage,
)

# An allow-list: Pillow's other parsers include one that starts Ghostscript.
FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_SIDE = 8192
# Whatever Pillow's parsers were seen to raise on a million damaged files.
DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


def decode_image(upload: bytes, max_pixels: int) -> Image.Image:
    """Decode one picture, upright; its size is checked before its pixels are.

    Raises:
        EmptyImage: There are no bytes.
        NotAnImage: The bytes are not PNG, JPEG or WebP.
        ImageTooLarge: It has more than max_pixels, or a side above 8192.
        AnimatedImage: It has several frames.
        CorruptImage: The bytes end early or do not decode.
    """
    if not upload:
        raise EmptyImage
    try:
        image = Image.open(io.BytesIO(upload), formats=FORMATS)
        refuse_large(image, max_pixels)
        image.load()
        # Not in place: a palette that is missing is found by the copy, not later.
        return flatten_palette(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise ImageTooLarge from error
    except UnidentifiedImageError as error:
        raise NotAnImage from error
    except DECODER_ERRORS as error:
        raise CorruptImage from error


def flatten_palette(image: Image.Image) -> Image.Image:
    """Resolve a transparent palette here, where one that is damaged can be refused."""
    is_transparent = image.mode == "P" and image.has_transparency_data
    return image.convert("RGBA") if is_transparent else image


def refuse_large(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if max(width, height) > LARGEST_SIDE or width * height > max_pixels:
        raise ImageTooLarge(
            f"The image is {width}x{height}; at most {max_pixels} pixels and "
            f"{LARGEST_SIDE} on a side are accepted."
        )
    if getattr(image, "n_frames", 1) != 1:
        raise AnimatedImage
