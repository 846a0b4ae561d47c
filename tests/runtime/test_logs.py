"""The application log: constant messages, facts as fields, one record a line."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.logs import configure_logs, log_fields

log = logging.getLogger("muniment.test")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    logger = logging.getLogger("muniment")
    handlers, level = list(logger.handlers), logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


Written = pytest.CaptureFixture[str]


def _lines(capsys: Written) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_json_record_has_time_level_logger_message_and_facts(capsys: Written) -> None:
    configure_logs("info", as_json=True)
    log.info("version sealed", extra={"version": 3})
    (line,) = _lines(capsys)
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line == {
        "level": "info",
        "logger": "muniment.test",
        "message": "version sealed",
        "version": 3,
    }


def test_a_record_for_people_is_one_line_with_its_facts(capsys: Written) -> None:
    configure_logs("info", as_json=False)
    log.warning("job held", extra={"job_id": 7, "error": "two\nlines", "step": None})
    assert capsys.readouterr().err == 'WARNING job held (job_id=7, error="two\\nlines")\n'


def test_without_facts_there_are_no_brackets(capsys: Written) -> None:
    configure_logs("info", as_json=False)
    log.info("ready")
    assert capsys.readouterr().err == "INFO ready\n"


@pytest.mark.parametrize("as_json", [True, False])
def test_an_exception_is_told_with_its_story(capsys: Written, as_json: bool) -> None:
    configure_logs("info", as_json=as_json)
    log.error("failed", exc_info=ValueError("the reason"))
    err = capsys.readouterr().err
    assert "ValueError: the reason" in err
    assert not as_json or "the reason" in json.loads(err)["story"]


def test_records_in_a_block_carry_its_fields_and_the_inner_block_wins(capsys: Written) -> None:
    configure_logs("info", as_json=True)
    with log_fields(job_id=1, step=None):
        with log_fields(step="seal"):
            log.info("inside")
        log.info("between")
    log.info("outside")
    inside, between, outside = _lines(capsys)
    assert (inside["job_id"], inside["step"]) == (1, "seal")
    assert (between["job_id"], between["step"]) == (1, None)
    assert "job_id" not in outside


def test_what_a_record_says_itself_wins_over_its_block(capsys: Written) -> None:
    configure_logs("info", as_json=True)
    with log_fields(object_id=None):
        log.info("sealed", extra={"object_id": "abc"})
    assert _lines(capsys)[0]["object_id"] == "abc"


def test_another_thread_has_other_fields(capsys: Written) -> None:
    configure_logs("info", as_json=True)
    with log_fields(job_id=1):
        thread = threading.Thread(target=lambda: log.info("elsewhere"))
        thread.start()
        thread.join()
    assert "job_id" not in _lines(capsys)[0]


@pytest.mark.parametrize(
    ("level", "count"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)]
)
def test_only_what_is_important_enough_is_written(capsys: Written, level: str, count: int) -> None:
    configure_logs(level, as_json=True)
    log.debug("d")
    log.info("i")
    log.warning("w")
    log.error("e")
    assert len(_lines(capsys)) == count


def test_configuring_again_does_not_write_twice(capsys: Written) -> None:
    configure_logs("info", as_json=True)
    configure_logs("info", as_json=True)
    log.info("once")
    assert len(_lines(capsys)) == 1


@given(
    facts=st.dictionaries(
        st.text(min_size=1).filter(lambda name: name not in vars(logging.makeLogRecord({}))),
        st.text() | st.integers() | st.none() | st.binary(),
        max_size=4,
    )
)
def test_whatever_a_fact_holds_a_record_is_one_line_of_json(facts: dict[str, object]) -> None:
    from muniment.runtime.logs import _Json, _Text

    facts.pop("message", None)
    facts.pop("asctime", None)
    record = log.makeRecord("n", logging.INFO, "f", 1, "constant", (), None, extra=facts)
    line = _Json().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == "constant"
    assert _Text().format(record).startswith("INFO constant")
