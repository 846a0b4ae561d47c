"""Sentences that are kept in English, in events, receipts and runs, shown in the page's language.

What is kept is provenance and stays as it was written. A sentence is found again by its pattern:
those of `KNOWN`, and the texts of every `codes.toml`, which stand there in both languages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop

from muniment.web.templatetags.muniment import size_text

# As it is kept, and as it is shown. A place called `bytes` is shown as a size, `rest` and `then`
# are sentences of their own, the words of `_WORDS` are words of ours.
KNOWN: Mapping[str, str] = {
    "from %(place)s": gettext_noop("from %(place)s"),
    "%(form)s: %(files)s files, %(bytes)s bytes": gettext_noop(
        "%(form)s: %(files)s files, %(bytes)s"
    ),
    "%(form)s: %(files)s files": gettext_noop("%(form)s: %(files)s files"),
    "files: %(files)s, bytes: %(bytes)s, from %(place)s": gettext_noop(
        "files: %(files)s, %(bytes)s, from %(place)s"
    ),
    "rights stated": gettext_noop("rights stated"),
    "nothing is to be fetched": gettext_noop("nothing is to be fetched"),
    "%(form)s package, %(files)s files verified": gettext_noop(
        "%(form)s package, %(files)s files verified"
    ),
    "description mapped from %(places)s": gettext_noop("description mapped from %(places)s"),
    "%(some)s of %(files)s files identified": gettext_noop(
        "%(some)s of %(files)s files identified"
    ),
    "%(files)s files with technical metadata": gettext_noop(
        "%(files)s files with technical metadata"
    ),
    "%(files)s files in the version": gettext_noop("%(files)s files in the version"),
    "%(number)s names were made safe; PREMIS keeps the original ones": gettext_noop(
        "%(number)s names were made safe; PREMIS keeps the original ones"
    ),
    "version %(number)s": gettext_noop("version %(number)s"),
    "version %(number)s: %(files)s files, %(bytes)s new bytes": gettext_noop(
        "version %(number)s: %(files)s files, %(bytes)s added"
    ),
    "version %(number)s is in the catalogue": gettext_noop(
        "version %(number)s is in the catalogue"
    ),
    "version %(number)s was sealed before an interruption": gettext_noop(
        "version %(number)s was sealed before an interruption"
    ),
    "version %(number)s was read back and compared before it took its place": gettext_noop(
        "version %(number)s was read back and compared before it took its place"
    ),
    "version %(number)s was exported as %(form)s": gettext_noop(
        "version %(number)s was exported as %(form)s"
    ),
    "%(files)s files, %(bytes)s bytes, to %(place)s": gettext_noop(
        "%(files)s files, %(bytes)s, to %(place)s"
    ),
    "every file of versions 1 to %(number)s read in full": gettext_noop(
        "every file of versions 1 to %(number)s read in full"
    ),
    "no file could be read: the inventory does not say which there are": gettext_noop(
        "no file could be read: the inventory does not say which there are"
    ),
    "reason=%(word)s; submission=%(id)s; pipeline=%(pipeline)s; owner=%(owner)s": gettext_noop(
        "%(word)s by the pipeline %(pipeline)s, owner %(owner)s"
    ),
    "not a good %(form)s package: %(rest)s": gettext_noop("not a good %(form)s package: %(rest)s"),
    "the package was not unpacked: %(rest)s": gettext_noop(
        "the package was not unpacked: %(rest)s"
    ),
    "the pipeline says so": gettext_noop("the pipeline says so"),
    "no scanner is installed": gettext_noop("no scanner is installed"),
    "match on extension only": gettext_noop("match on extension only"),
    "match on text only": gettext_noop("match on text only"),
    "match on filename only": gettext_noop("match on filename only"),
    "extension mismatch": gettext_noop("extension mismatch"),
    "the file is empty": gettext_noop("the file is empty"),
    "Not done in a dry run.": gettext_noop("Not done in a dry run."),
    "its job is held": gettext_noop("its job is held"),
    "refused by %(by)s": gettext_noop("refused by %(by)s"),
    "the package holds no content": gettext_noop("the package holds no content"),
    "%(path)s is not there any more": gettext_noop("%(path)s is not there any more"),
    "%(path)s holds this archive or lies in it": gettext_noop(
        "%(path)s holds this archive or lies in it"
    ),
    (
        "%(free)s bytes are free, %(kept)s are kept in reserve and the package needs "
        "%(needed)s; free some space, then `muniment job retry`"
    ): gettext_noop(
        "%(free)s bytes are free, %(kept)s are kept in reserve and the package needs "
        "%(needed)s; free some space, then `muniment job retry`"
    ),
    (
        "%(free)s bytes are free, %(kept)s are kept in reserve and what is to be fetched needs "
        "%(needed)s; free some space, then `muniment job retry`"
    ): gettext_noop(
        "%(free)s bytes are free, %(kept)s are kept in reserve and what is to be fetched needs "
        "%(needed)s; free some space, then `muniment job retry`"
    ),
    "no ClamAV here and the pipeline wants one; install it": gettext_noop(
        "no ClamAV here and the pipeline wants one; install it"
    ),
    "no clamd answers at %(place)s; start it or clear clamd_socket": gettext_noop(
        "no clamd answers at %(place)s; start it or clear clamd_socket"
    ),
    "clamd at %(place)s does not answer: %(why)s": gettext_noop(
        "clamd at %(place)s does not answer: %(why)s"
    ),
    "clamd did not answer in time": gettext_noop("clamd did not answer in time"),
    "clamd did not take in time what it was sent": gettext_noop(
        "clamd did not take in time what it was sent"
    ),
    "clamd broke off, having said %(said)s": gettext_noop("clamd broke off, having said %(said)s"),
    "clamd answered what it should not: %(said)s": gettext_noop(
        "clamd answered what it should not: %(said)s"
    ),
    "clamd does not tell its version: %(said)s": gettext_noop(
        "clamd does not tell its version: %(said)s"
    ),
    "clamscan does not tell its version: %(said)s": gettext_noop(
        "clamscan does not tell its version: %(said)s"
    ),
    "clamscan ended with %(status)s: %(said)s": gettext_noop(
        "clamscan ended with %(status)s: %(said)s"
    ),
    "clamscan gave no answer about %(path)s": gettext_noop(
        "clamscan gave no answer about %(path)s"
    ),
    "others keep making versions of this object; tried again": gettext_noop(
        "others keep making versions of this object; tried again"
    ),
    "other submissions of this object are being decided now; try again": gettext_noop(
        "other submissions of this object are being decided now; try again"
    ),
    "there is no object %(id)s to add a version to": gettext_noop(
        "there is no object %(id)s to add a version to"
    ),
    (
        "the identifier %(identifier)s is empty or longer than %(bytes)s bytes; correct it in "
        "the package"
    ): gettext_noop(
        "the identifier %(identifier)s is empty or longer than %(bytes)s; correct it in the package"
    ),
    (
        "the identifiers of this submission belong to several objects: %(ids)s; add a version "
        "to the first, make a new object without them, or refuse"
    ): gettext_noop(
        "the identifiers of this submission belong to several objects: %(ids)s; add a version "
        "to the first, make a new object without them, or refuse"
    ),
    (
        "%(by)s hands in a version of %(id)s, which belongs to somebody else; add it, make a "
        "new object, or refuse"
    ): gettext_noop(
        "%(by)s hands in a version of %(id)s, which belongs to somebody else; add it, make a "
        "new object, or refuse"
    ),
    "the step %(step)s has no parameter %(unknown)s; it has: %(known)s": gettext_noop(
        "the step %(step)s has no parameter %(unknown)s; it has: %(known)s"
    ),
    "parameters of the step %(step)s: %(why)s": gettext_noop(
        "parameters of the step %(step)s: %(why)s"
    ),
    "fixity waits for its hours": gettext_noop("fixity waits for its hours"),
    "the audit trail is broken: %(why)s": gettext_noop("the audit trail is broken: %(why)s"),
    "ClamAV has no signature database in %(place)s; run freshclam": gettext_noop(
        "ClamAV has no signature database in %(place)s; run freshclam"
    ),
    "the worker stopped": gettext_noop("the worker stopped"),
}
_LONGEST = 2000
"""A longer text is somebody's own; matching it would cost, too."""
_WORDS = frozenset({"word", "form"})
_SENTENCES = frozenset({"rest"})
_COUNT = re.compile(r"(?P<count>\d+) (?P<word>[a-z_ ]+)")
_SAID_OF = re.compile(r"(?P<what>[^ ]*?): (?P<rest>.+)", re.DOTALL)
_PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with places, found in a text that was made from it."""

    whole: re.Pattern[str]
    shown: str
    french: str = ""
    """The French text where a `codes.toml` has it; else `shown` is looked up."""

    def told(self, found: re.Match[str]) -> str:
        places = {name: _shown(name, value) for name, value in found.groupdict().items()}
        if self.french:
            return self.french.format(**places)
        return gettext(self.shown) % places


def told(text: str, depth: int = 3) -> str:
    """Show a kept sentence in the language of the page; what is not known stays as it is.

    `depth` is how many sentences may stand in one another.
    """
    if not text or len(text) > _LONGEST or not depth:
        return text
    exact = gettext(text)
    return exact if exact != text else _by_pattern(text) or _by_parts(text, depth - 1) or text


def told_finding(finding: Mapping[str, Any]) -> str:
    """Show the message of a finding, which knows its code and the values in its text."""
    message, params = str(finding["message"]), finding.get("params") or {}
    if get_language() == "fr":
        for row in _rows_of_code().get(str(finding["code"]), ()):
            if row["en"].format_map(_Places(params)) == message:
                return row["fr"].format_map(_Places(params))
    return told(message)


class _Places(dict[str, str]):
    """Values by name; a place without one is shown as it stands."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@cache
def _rows_of_code() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for table in code_tables():
        for code, row in table.items():
            found.setdefault(code, []).append(row)
    return found


def _by_pattern(text: str) -> str:
    known = _ours() + (_findings() if get_language() == "fr" else ())
    for pattern in known:
        if found := pattern.whole.fullmatch(text):
            return pattern.told(found)
    return ""


def _by_parts(text: str, depth: int) -> str:
    """Show what is put together: `3 valid, 1 invalid`, `one; two`, `a/b.txt: a sentence`."""
    for between in ("; ", ", "):
        if between in text:
            parts = text.split(between)
            shown = [told(each, depth) for each in parts]
            if shown != parts:
                return between.join(shown)
    if counted := _COUNT.fullmatch(text):
        return f"{counted['count']} {gettext(counted['word'].replace('_', ' '))}"
    said = _SAID_OF.fullmatch(text)
    return f"{said['what']}: {told(said['rest'], depth)}" if said else ""


def _shown(name: str, value: str) -> str:
    if name == "bytes" and value.isdigit():
        return size_text(int(value))
    if name in _SENTENCES:
        return told(value)
    return gettext(value) if name in _WORDS and value else value


@cache
def _ours() -> tuple[_Pattern, ...]:
    return tuple(_Pattern(_pattern_of(kept), shown) for kept, shown in _strictest(KNOWN))


@cache
def _findings() -> tuple[_Pattern, ...]:
    """Return the texts of every table of codes, the one with most words of its own first."""
    french = {row["en"]: row["fr"] for table in code_tables() for row in table.values()}
    return tuple(
        _Pattern(_pattern_of(en), en, fr)
        for en, fr in _strictest(french)
        if _PLACE.sub("", en).strip()
    )


def _strictest(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(texts.items(), key=lambda pair: -len(_PLACE.sub("", pair[0])))


def _pattern_of(text: str) -> re.Pattern[str]:
    """Return what matches the texts made from `text`; a place named twice holds the same twice."""
    made, end, seen = "", 0, set[str]()
    for place in _PLACE.finditer(text):
        name = place[1] or place[2]
        made += re.escape(text[end : place.start()])
        made += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
        seen.add(name)
        end = place.end()
    return re.compile(made + re.escape(text[end:]), re.DOTALL)


def code_tables() -> Iterator[dict[str, dict[str, str]]]:
    """Give every `codes.toml` of the packages."""
    for file in _files_named("codes.toml", resources.files("muniment")):
        yield tomllib.loads(file.read_text(encoding="utf-8"))


def _files_named(name: str, folder: Traversable) -> Iterator[Traversable]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _files_named(name, each)
        elif each.name == name:
            yield each
