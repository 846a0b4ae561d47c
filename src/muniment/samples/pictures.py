"""Pictures of the lighthouse, drawn: PNG, JPEG, TIFF, GIF and JPEG 2000."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from muniment.samples.texts import CREATOR, MADE_AT

_SKY, _SEA, _ROCK = (196, 214, 228), (62, 96, 122), (84, 78, 72)
_WHITE, _RED, _LIGHT = (244, 240, 232), (178, 44, 38), (255, 226, 140)


def lighthouse(width: int = 640, height: int = 480, *, beam: int | None = None) -> Image.Image:
    """Draw the lighthouse; `beam` turns its light to that position (0 to 7)."""
    image = Image.new("RGB", (width, height), _SKY)
    draw = ImageDraw.Draw(image)
    for y in range(height // 2):
        shade = y * 40 // height
        draw.line([(0, y), (width, y)], fill=(_SKY[0] - shade, _SKY[1] - shade, _SKY[2]))
    horizon = height * 2 // 3
    draw.rectangle([0, horizon, width, height], fill=_SEA)
    draw.ellipse([width // 4, horizon - 30, width * 3 // 4, height + 60], fill=_ROCK)
    middle, top, foot = width // 2, height // 6, horizon - 10
    if beam is not None:
        reach = (beam - 3) * width // 8
        ray = [(middle, top), (middle + reach - 40, horizon), (middle + reach + 40, horizon)]
        draw.polygon(ray, fill=_LIGHT)
    for band in range(6):
        upper = top + 20 + band * (foot - top - 20) // 6
        lower = top + 20 + (band + 1) * (foot - top - 20) // 6
        half = 24 + band * 5
        draw.rectangle(
            [middle - half, upper, middle + half, lower], fill=_RED if band % 2 else _WHITE
        )
    draw.rectangle([middle - 18, top - 14, middle + 18, top + 20], fill=_LIGHT)
    draw.polygon([(middle - 26, top - 14), (middle, top - 40), (middle + 26, top - 14)], fill=_RED)
    return image


def png() -> bytes:
    """The elevation, as a line drawing."""
    return _saved(lighthouse().convert("L"), "PNG", optimize=False)


def jpeg() -> bytes:
    """A view from the south, with Exif."""
    exif = Image.Exif()
    exif[0x010E] = "Skjaervag fyr from the south"  # ImageDescription
    exif[0x013B] = CREATOR.encode("ascii", "replace").decode()  # Artist
    exif[0x0132] = MADE_AT.strftime("%Y:%m:%d %H:%M:%S")  # DateTime
    return _saved(lighthouse(960, 720), "JPEG", quality=88, exif=exif.tobytes())


def tiff() -> bytes:
    """A scanned plate, uncompressed, 300 dots an inch."""
    tags = ImageFileDirectory_v2()
    tags[270] = "Skjaervag fyr, plate 7, 1907"  # ImageDescription
    tags[315] = "Unknown photographer"  # Artist
    return _saved(lighthouse(480, 360), "TIFF", dpi=(300, 300), tiffinfo=tags)


def gif() -> bytes:
    """The beam on its way round: eight frames."""
    frames = [lighthouse(160, 120, beam=position).quantize(32) for position in range(8)]
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=125, loop=0)


def jp2() -> bytes:
    """A coastal chart, JPEG 2000 without loss."""
    return _saved(lighthouse(320, 240), "JPEG2000", irreversible=False)


def frames(count: int) -> list[bytes]:
    """JPEG frames for the film."""
    drawn = (lighthouse(320, 240, beam=position % 8) for position in range(count))
    return [_saved(image, "JPEG", quality=80) for image in drawn]


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
