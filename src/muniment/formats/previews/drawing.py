"""Drawing in a helper process: an image, or the first page of a PDF, as a PNG of ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from muniment.runtime.contained.wire import text_path
from muniment.runtime.errors import InvalidPackage

Report = Callable[[int, "int | None", str], None]
EDGE = 1400
"""Most pixels of an edge of what is drawn."""
_MOST_PIXELS = 120_000_000
_SIMPLE = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})


def draw(arguments: Mapping[str, Any], report: Report) -> dict[str, int]:  # noqa: ARG001  # of calls
    """Write `out` as PNG; return its width and height. InvalidPackage: it cannot be drawn."""
    path, out = Path(text_path(arguments["path"])), Path(text_path(arguments["out"]))
    try:
        picture = _page(path) if arguments["is_pdf"] else _image(path)
        picture.thumbnail((EDGE, EDGE))
        picture.save(out, "PNG")
    except (
        Image.DecompressionBombError,
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        RuntimeError,
        ArithmeticError,
        LookupError,
        TypeError,
    ) as exc:
        raise InvalidPackage(f"{type(exc).__name__}: {str(exc)[:200]}") from exc
    return {"width": picture.width, "height": picture.height}


def _image(path: Path) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2  # the library raises at twice this
    with Image.open(path) as opened:
        opened.draft("RGB", (EDGE, EDGE))
        opened.load()
        picture = ImageOps.exif_transpose(opened)
    return picture if picture.mode in _SIMPLE else _eight_bit(picture)


def _eight_bit(picture: Image.Image) -> Image.Image:
    """Bring deep greys into eight bits by their own range, all else to RGB."""
    if not picture.mode.startswith(("I", "F")):
        return picture.convert("RGB")
    grey = picture.convert("F")
    low, high = grey.getextrema()
    scale = 255 / (high - low) if high > low else 0  # type: ignore[operator]  # one band: floats
    return grey.point(lambda value: value * scale - low * scale).convert("L")  # type: ignore[operator]  # likewise


def _page(path: Path) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        edge = max(page.get_size())
        if not edge > 0:
            raise ValueError("the first page has no size")
        picture: Image.Image = page.render(scale=min(EDGE / edge, 4.0)).to_pil()
        return picture
