"""Bodies that stop coming: waited for as long as said, and no thread stays."""

from __future__ import annotations

import io
import threading
import time

import pytest

from muniment.runtime.errors import TooSlow
from muniment.runtime.http.patience import Patient, with_patience
from tests.eventually import eventually


class Silent:
    """A sender that sends some bytes and then nothing until the connection is closed."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.closed = threading.Event()

    def read(self, size: int) -> bytes:
        found, self.data = self.data[:size], self.data[size:]
        if not found:
            self.closed.wait(30)
        return found


def readers() -> int:
    return sum(each.name.startswith("Thread-") for each in threading.enumerate())


def test_what_comes_is_read_as_it_is() -> None:
    body = Patient(io.BytesIO(b"one\ntwo"), 5)
    assert (body.readline(), body.read(2), body.read(), body.read(1)) == (
        b"one\n",
        b"tw",
        b"o",
        b"",
    )


def test_silence_is_told_and_nothing_is_read_after_it() -> None:
    sender = Silent(b"abc")
    body = Patient(sender, 0.05)
    assert body.read(3) == b"abc"
    with pytest.raises(TooSlow, match=r"0\.05 seconds"):
        body.read(1)
    with pytest.raises(TooSlow):
        body.read(1)
    sender.closed.set()


def test_what_came_before_the_silence_is_given_to_who_can_use_it() -> None:
    sender = Silent(b"x" * (16 << 10))
    body = Patient(sender, 0.05)
    assert body.read_some(1 << 20) == b"x" * (16 << 10)
    with pytest.raises(TooSlow):
        body.read_some(1)
    sender.closed.set()
    whole = Patient(Silent(b"x" * (16 << 10)), 0.05)
    with pytest.raises(TooSlow):
        whole.read(1 << 20)


def test_a_fault_of_the_stream_is_told_where_it_is_read() -> None:
    class Broken:
        def read(self, _size: int) -> bytes:
            raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError, match="gone"):
        Patient(Broken(), 5).read(1)


def test_no_thread_stays_behind() -> None:
    before = readers()
    body = Patient(io.BytesIO(b"abc"), 5)
    body.read(1)
    del body
    sender = Silent(b"")
    with pytest.raises(TooSlow):
        Patient(sender, 0.01).read(1)
    sender.closed.set()
    eventually(lambda: readers() <= before, within_s=10)


def test_a_request_without_a_body_takes_no_thread() -> None:
    before = readers()
    seen = []

    def application(environ: dict[str, object], start_response: object) -> list[bytes]:
        seen.append((environ["wsgi.input"], start_response))
        return [b"answer"]

    assert with_patience(application, 5)({"wsgi.input": io.BytesIO()}, print) == [b"answer"]
    assert readers() == before


class Recording(io.BytesIO):
    """A sender that comes quickly, but for the pieces in `slow`."""

    def __init__(self, data: bytes, slow: frozenset[int]) -> None:
        super().__init__(data)
        self.slow, self.asked = slow, list[int]()

    def read(self, size: int | None = -1) -> bytes:
        if len(self.asked) in self.slow:
            time.sleep(0.06)
        self.asked.append(size or 0)
        return super().read(size)


def test_more_is_asked_of_who_is_quick_and_little_of_who_is_slow() -> None:
    sender = Recording(b"x" * (4 << 20), slow=frozenset({7}))
    assert len(Patient(sender, 5).read(2 << 20)) == 2 << 20
    kib = [size >> 10 for size in sender.asked]
    assert kib[:5] == [16, 32, 64, 128, 256]
    assert max(kib) == 256
    assert kib[8] == 16
