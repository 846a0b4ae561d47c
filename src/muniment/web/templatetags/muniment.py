"""How pages show sizes, times and states."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

register = template.Library()
NOTHING = "\N{EN DASH}"
"""Stands where there is no value."""
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


@register.filter
def size(count: int | None) -> str:
    """Show bytes as `1.2 GiB`, with the exact number in the title."""
    if count is None:
        return NOTHING
    text = size_text(count)
    exact = ngettext("%(count)s byte", "%(count)s bytes", count) % {"count": number_format(count)}
    return format_html('<span title="{}">{}</span>', exact, text)


@register.filter
def size_text(count: int) -> str:
    """Show bytes as `1.2 GiB` where no element may stand; whole numbers without a fraction."""
    value, unit = float(count), 0
    while value >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    return f"{number_format(value, 0 if not unit or value.is_integer() else 1)} {_UNITS[unit]}"


@register.filter
def when(moment: datetime | None) -> str:
    """Show a time to the minute with its zone; the machine's form is in the element."""
    if moment is None:
        return NOTHING
    there = moment.astimezone(UTC)
    return format_html(
        '<time datetime="{}">{} UTC</time>',
        there.isoformat(timespec="seconds"),
        f"{there:%Y-%m-%d %H:%M}",
    )


@register.filter
def seconds(value: float | None) -> str:
    """Show a duration: `3.2 s`, `4 min`, `2 h 10 min`."""
    if value is None:
        return NOTHING
    if value < 60:
        return _("%(value)s s") % {"value": number_format(value, 1)}
    minutes = int(value // 60)
    if minutes < 60:
        return _("%(value)s min") % {"value": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}


_TONES = {
    "good": [
        "accepted",
        "would_accept",
        "succeeded",
        "done",
        "success",
        "active",
        "valid",
        "correct",
    ],
    "bad": [
        "refused",
        "would_refuse",
        "failed",
        "fail",
        "failure",
        "invalid",
        "damaged",
        "missing",
        "mismatch",
        "error",
    ],
    "warn": ["held", "waiting", "warning", "cancelled", "unread", "not_found", "paused"],
    "busy": ["running", "queued", "ready", "info"],
}


# Words of states are shown by their own names; here they are told to the translators.
STATE_WORDS = (
    gettext_noop("accepted"),
    gettext_noop("would accept"),
    gettext_noop("refused"),
    gettext_noop("would refuse"),
    gettext_noop("held"),
    gettext_noop("cancelled"),
    gettext_noop("failed"),
    gettext_noop("queued"),
    gettext_noop("running"),
    gettext_noop("succeeded"),
    gettext_noop("ready"),
    gettext_noop("waiting"),
    gettext_noop("done"),
    gettext_noop("skipped"),
    gettext_noop("not run"),
    gettext_noop("success"),
    gettext_noop("fail"),
    gettext_noop("warning"),
    gettext_noop("error"),
    gettext_noop("info"),
    gettext_noop("valid"),
    gettext_noop("invalid"),
    gettext_noop("not checked"),
    gettext_noop("active"),
    gettext_noop("correct"),
    gettext_noop("mismatch"),
    gettext_noop("missing"),
    gettext_noop("not found"),
    gettext_noop("paused"),
    gettext_noop("could not read"),
)


@register.inclusion_tag("web/parts/state.html")
def state(word: str) -> dict[str, str]:
    """Show a state as text with a tone; colour never says it alone."""
    tone = next((name for name, words in _TONES.items() if word in words), "plain")
    return {"word": word.replace("_", " "), "tone": tone}


@register.simple_tag
def state_word(word: str) -> str:
    """Show the word of a state where no element may stand."""
    return _(word.replace("_", " "))


@register.filter
def share(part: int | None, whole: int | None) -> int:
    """Return part of whole in per cent, 0 to 100."""
    return min(100, 100 * (part or 0) // whole) if whole else 0
