"""JPEG, PNG, GIF, TIFF, BMP and WebP by Pillow: every pixel of every frame is decoded."""

from __future__ import annotations

import struct
import warnings
import zlib
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from muniment.formats.families.verdicts import invalid, not_checked, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("Pillow", "pillow"),)
_FORMATS = ("JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "MPO")
_MOST_FRAMES = 1000
_MOST_PIXELS = 250_000_000
Image.MAX_IMAGE_PIXELS = None  # our own limit is above: a large map is no attack
_JPEG_END, _PNG_END = b"\xff\xd9", b"IEND\xaeB`\x82"
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    KeyError,
    TypeError,
    IndexError,
    struct.error,
    zlib.error,
)


def examine(request: ExaminationRequest) -> Examination:
    """Decode the image; its measures come with it."""
    properties: dict[str, object] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of, it reads all the same
            with Image.open(request.path, formats=_FORMATS) as image:
                properties = _properties(image)
                _check_structure(request.path, image.format or "")
                if is_large := image.width * image.height > _MOST_PIXELS:
                    properties["image.is_decoded"] = "no"
                else:
                    _decode(image)
    except _BROKEN as exc:
        return invalid(_TOOLS, properties, exc or type(exc).__name__)
    if is_large:
        return not_checked(_TOOLS, properties)
    return valid(_TOOLS, properties, *_doubts(request.path, str(properties["image.format"])))


def _decode(image: Image.Image) -> None:
    for frame in range(min(getattr(image, "n_frames", 1), _MOST_FRAMES)):
        image.seek(frame)
        image.load()


def _check_structure(path: Path, kind: str) -> None:
    """Let Pillow check the CRC of every PNG chunk, which decoding alone does not."""
    if kind == "PNG":
        with Image.open(path, formats=("PNG",)) as image:
            image.verify()


def _doubts(path: Path, kind: str) -> list[str]:
    end = {"JPEG": _JPEG_END, "PNG": _PNG_END}.get(kind)
    if end is None:
        return []
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - len(end)))
        return [] if stream.read() == end else ["there is something after the end of the image"]


def _properties(image: Image.Image) -> dict[str, object]:
    dpi = image.info.get("dpi")
    return {
        "image.format": image.format,
        "image.width": image.width,
        "image.height": image.height,
        "image.colour_space": image.mode,
        "image.frames": getattr(image, "n_frames", 1),
        "image.compression": image.info.get("compression"),
        "image.resolution_dpi": "x".join(f"{float(each):g}" for each in dpi) if dpi else None,
        "image.has_icc_profile": "yes" if image.info.get("icc_profile") else None,
        "image.has_transparency": "yes" if "transparency" in image.info else None,
    }
