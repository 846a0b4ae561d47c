"""English and French are complete: every text of the pages is translated, with the same places."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import polib
import pytest

import muniment

SOURCE = Path(muniment.__file__).parent
CATALOGUE = SOURCE / "web" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\(\w+\)s")
_TEMPLATE = re.compile(r"""\{% translate ("[^"]*"|'[^']*') %\}|_\(("[^"]*"|'[^']*')\)""")


def entries() -> list[polib.POEntry]:
    return [each for each in polib.pofile(str(CATALOGUE)) if not each.obsolete]


def test_every_text_is_translated() -> None:
    assert [each.msgid for each in entries() if not each.translated()] == []


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.msgid[:40])
def test_a_translation_names_the_same_places(entry: polib.POEntry) -> None:
    wanted = set(PLACES.findall(entry.msgid))
    for text in entry.msgstr_plural.values() or [entry.msgstr]:
        assert set(PLACES.findall(text)) == wanted


def test_every_text_of_a_template_is_in_the_catalogue() -> None:
    known = {each.msgid for each in entries()}
    found = {
        (first or second)[1:-1]
        for template in SOURCE.rglob("*.html")
        for first, second in _TEMPLATE.findall(template.read_text(encoding="utf-8"))
    }
    assert sorted(found - known) == []


@pytest.mark.tool("xgettext")
def test_every_text_of_the_code_is_in_the_catalogue(tmp_path: Path) -> None:
    files = [
        str(path)
        for path in SOURCE.rglob("*.py")
        if "gettext" in path.read_text(encoding="utf-8") and "samples" not in path.parts
    ]
    out = tmp_path / "found.po"
    subprocess.run(
        [
            "xgettext",
            "--language=Python",
            "--from-code=UTF-8",
            "-k",
            "-k_",
            "-kgettext",
            "-kgettext_noop",
            "-kgettext_lazy",
            "-kngettext:1,2",
            "-o",
            str(out),
            *files,
        ],
        check=True,
    )
    known = {each.msgid for each in entries()}
    assert sorted(each.msgid for each in polib.pofile(str(out)) if each.msgid not in known) == []
