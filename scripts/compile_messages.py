"""Compiles the texts of the pages (`.po`) into what the site reads (`.mo`), beside them.

python -m scripts.compile_messages
"""

from __future__ import annotations

from pathlib import Path

import polib

LOCALE = Path(__file__).parents[1] / "src" / "muniment" / "web" / "locale"


def main() -> None:
    """Compile every language."""
    for source in sorted(LOCALE.rglob("*.po")):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))


if __name__ == "__main__":
    main()
