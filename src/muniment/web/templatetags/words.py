"""How pages show words, sentences and times that are kept as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.dates import WEEKDAYS
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from muniment.runtime.settings_listing import ShownSetting
from muniment.web import told as sentences
from muniment.web import words
from muniment.web.templatetags.muniment import NOTHING, size

register = template.Library()
_CRON = re.compile(r"(\d+|\*/\d+) (\d+|\*) (\d+|\*) \* ([0-7]|\*)")
_BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "HeadlessChrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")

register.filter("word", words.word)
register.filter("told", sentences.told)


@register.filter
def in_words(text: str) -> str:
    """Show a description that is kept as data in the language of the page, `code` as code."""
    pieces = _(text).split("`")
    shown = [
        ("{}", each) if at % 2 == 0 else ("<code>{}</code>", each) for at, each in enumerate(pieces)
    ]
    return format_html_join("", "{}", ((format_html(form, each),) for form, each in shown))


@register.filter
def setting_value(each: ShownSetting) -> str:
    """Show the value of a setting: bytes as a size, a switch as yes or no."""
    if each.value in ("True", "False"):
        return _("yes") if each.value == "True" else _("no")
    if each.name.endswith("_bytes") and each.value.isdigit():
        return size(int(each.value))
    return each.value or NOTHING


@register.filter
def told_finding(finding: Mapping[str, Any]) -> str:  # Any: of the report's JSON
    """Show the message of a finding."""
    return sentences.told_finding(finding)


@register.filter
def all_words(names: list[str]) -> str:
    """Show words with commas between."""
    return ", ".join(words.word(each) for each in names)


@register.filter
def role_about(role: str) -> str:
    """Say what a role may do, in a line."""
    return _(words.ROLES[role]) if role in words.ROLES else ""


@register.filter
def scope_about(scope: str) -> str:
    """Say what a token of this scope is good for, in a line."""
    return _(words.SCOPES[scope]) if scope in words.SCOPES else ""


@register.filter
def cron(expression: str) -> str:
    """Say in words when a schedule runs; what is not of a plain kind stays an expression."""
    found = _CRON.fullmatch(expression)
    if not found:
        return expression
    minute, hour, day, weekday = found.groups()
    if minute.startswith("*/"):
        each = {"minutes": minute[2:]}
        text = _("every %(minutes)s minutes") % each
        return text if (hour, day, weekday) == ("*", "*", "*") else expression
    if hour == "*":
        text = _("every hour at minute %(minute)s") % {"minute": minute}
        return text if (day, weekday) == ("*", "*") else expression
    time = {"time": f"{int(hour):02}:{int(minute):02}"}
    return _daily(day, weekday, time) or expression


def _daily(day: str, weekday: str, time: Mapping[str, str]) -> str:
    if day != "*" and weekday != "*":
        return ""
    if day != "*":
        return _("on day %(day)s of every month at %(time)s") % {**time, "day": day}
    if weekday != "*":
        name = WEEKDAYS[(int(weekday) - 1) % 7]
        return _("every %(weekday)s at %(time)s") % {**time, "weekday": name}
    return _("every day at %(time)s") % time


@register.filter
def worker(name: str) -> str:
    """Show who wrote into a job's history: a worker's long name by its host and process."""
    parts = name.split("/")
    return f"{parts[0]} {parts[-1]}" if len(parts) > 2 else name


@register.filter
def browser(agent: str) -> str:
    """Name browser and system of a User-Agent; one that says neither stays as it is, cut."""
    name = next((each for each in _BROWSERS if f"{each}/" in agent), "")
    system = next((each for each in _SYSTEMS if each in agent), "")
    shown = {"Edg": "Edge", "OPR": "Opera", "HeadlessChrome": "Chrome"}.get(name, name)
    if shown and system:
        return _("%(browser)s on %(system)s") % {"browser": shown, "system": system}
    return shown or agent[:80]
