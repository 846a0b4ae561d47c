"""The application log: a constant message and facts as fields, on standard error (STYLE §2.12).

Inside `log_fields` every record carries the fields of the block too, so that each line of a job
says which job, step and object it is about.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TextIO

LOGGER = "muniment"
_NOTHING: Mapping[str, object] = MappingProxyType({})
_fields: ContextVar[Mapping[str, object]] = ContextVar("log_fields", default=_NOTHING)
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What the library puts on every record: not facts."""


@contextmanager
def log_fields(**fields: object) -> Iterator[None]:
    """Let every record of this thread carry these fields while the block runs."""
    token = _fields.set({**_fields.get(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def current_log_fields() -> Mapping[str, object]:
    """Return the fields that a record would carry here."""
    return _fields.get()


def configure_logs(level: str, *, as_json: bool, others: Mapping[str, str] = _NOTHING) -> None:  # type: ignore[assignment]  # empty
    """Write the records of `level` and above to standard error; replaces what was set before.

    `others` are loggers of libraries that are heard too, each from a level of its own on.
    """
    for name, least in {LOGGER: level, **others}.items():
        _write_to_standard_error(logging.getLogger(name), least, as_json=as_json)


def _write_to_standard_error(logger: logging.Logger, level: str, *, as_json: bool) -> None:
    for handler in [each for each in logger.handlers if isinstance(each, _StandardError)]:
        logger.removeHandler(handler)
    handler = _StandardError()
    handler.setFormatter(_Json() if as_json else _Text())
    logger.addHandler(handler)
    logger.setLevel(level.upper())


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to what standard error is at the time, not to what it was at the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # a variable there, looked up each time
        return sys.stderr


def _facts(record: logging.LogRecord) -> dict[str, object]:
    said = {name: value for name, value in vars(record).items() if name not in _OWN}
    return {**_fields.get(), **said}


class _Json(logging.Formatter):
    """One JSON object a line: time, level, logger, message, then the facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Render one record; a fact never hides one of the four."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["story"] = self.formatException(record.exc_info)
        return json.dumps(_facts(record) | line, default=str)


class _Text(logging.Formatter):
    """`WARNING message (fact=value, …)`: for people; quoted, so that one record is one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Render one record; behind it the story of an exception."""
        told = {name: value for name, value in _facts(record).items() if value is not None}
        facts = ", ".join(
            f"{name}={json.dumps(value, default=str)}" for name, value in told.items()
        )
        line = f"{record.levelname} {record.getMessage()}" + (f" ({facts})" if facts else "")
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
