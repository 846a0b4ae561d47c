"""A helper process of `digest_pool`: reads batches of jobs, digests (and copies), answers in order.

Run by path with `python -I -S`, so that it starts in some 15 ms; started by exec and not by fork,
because a fork of a process with threads may deadlock. Messages are `marshal` on the standard
streams, between two processes of the same interpreter. A job is (path, copy to or None,
algorithms, whether no folder of the path may be a link), its answer (errno or 0, whether the fault
lay in writing, size in bytes, mtime in ns after the read, digests in the order of the algorithms);
the answers to a batch follow their length in four bytes.
"""

from __future__ import annotations

import errno
import marshal
import os
import stat
import sys

if __name__ == "__main__":
    # Our own package without `site`: <src>/muniment/runtime/digest_helper.py
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(__file__))))  # noqa: PTH120

from muniment.runtime.digest_algorithms import BLOCK_BYTES, MAKERS

TYPE_CHECKING = False  # mypy knows the name; importing `typing` would cost milliseconds
if TYPE_CHECKING:
    from collections.abc import Callable

Answer = tuple[int, bool, int, int, tuple[str, ...]]

_NOTHING = bytes(BLOCK_BYTES)
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class _CannotWrite(Exception):  # not an error of the job's source
    """Carries the OSError of the writing side past the handler of the reading side."""


def _unheard(size: int) -> None:
    """Nobody listens."""


def answer(
    path: bytes,
    copy_to: bytes | None,
    algorithms: tuple[str, ...],
    is_exact: bool,
    on_block: Callable[[int], None] = _unheard,
) -> Answer:
    """Read one regular file once; a link at its end is not followed, a FIFO does not block.

    `on_block` is told the size of each block that was read; it may wait, or raise to stop.
    """
    try:
        source = os.open(path, _READ)
    except OSError as exc:
        return _fault(exc, writing=False)
    try:
        if is_exact and path_of(source) != path:
            return (errno.ELOOP, False, 0, 0, ())
        if copy_to:
            return _copy(source, copy_to, algorithms, on_block)
        return _digest(source, algorithms, None, on_block)
    except _CannotWrite as exc:
        return _fault(exc.args[0], writing=True)
    except OSError as exc:
        return _fault(exc, writing=False)
    finally:
        os.close(source)


def path_of(descriptor: int) -> bytes:
    """Return where a file lies that was opened: elsewhere, when a folder on the way is a link."""
    return os.readlink(b"/proc/self/fd/%d" % descriptor)  # noqa: PTH115  # bytes


def _fault(exc: OSError, *, writing: bool) -> Answer:
    return (exc.errno or errno.EIO, writing, 0, 0, ())


def _copy(
    source: int, copy_to: bytes, algorithms: tuple[str, ...], on_block: Callable[[int], None]
) -> Answer:
    try:
        target = os.open(copy_to, _WRITE, 0o644)
    except OSError as exc:
        raise _CannotWrite(exc) from exc
    try:
        return _digest(source, algorithms, target, on_block)
    finally:
        os.close(target)


def _digest(
    source: int,
    algorithms: tuple[str, ...],
    target: int | None,
    on_block: Callable[[int], None],
) -> Answer:
    status = os.fstat(source)
    if not stat.S_ISREG(status.st_mode):
        return (errno.EINVAL, False, 0, 0, ())
    hashes = [MAKERS[name]() for name in algorithms]
    # One byte more than there is: a file that grows meanwhile is read on to its true end.
    wanted = min(BLOCK_BYTES, status.st_size + 1)
    size = 0
    while block := os.read(source, wanted):
        for each in hashes:
            each.update(block)  # type: ignore[attr-defined]  # see MAKERS
        if target is not None:
            _write(target, block, size)
        size += len(block)
        on_block(len(block))
    if target is not None and size:
        _close_hole(target, size)
    digests = tuple(each.hexdigest() for each in hashes)  # type: ignore[attr-defined]  # see MAKERS
    return (0, False, size, os.fstat(source).st_mtime_ns, digests)


def _write(target: int, block: bytes, at: int) -> None:
    """Write a block; a whole block of zeros stays a hole, so that sparse files stay sparse."""
    if len(block) == BLOCK_BYTES and block == _NOTHING:
        return
    view = memoryview(block)
    try:
        while view:
            written = os.pwrite(target, view, at)
            view = view[written:]
            at += written
    except OSError as exc:
        raise _CannotWrite(exc) from exc


def _close_hole(target: int, size: int) -> None:
    try:
        if os.fstat(target).st_size != size:
            os.ftruncate(target, size)
    except OSError as exc:
        raise _CannotWrite(exc) from exc


def main() -> None:
    """Answer batches until standard input ends."""
    batches, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            batch = marshal.load(batches)  # noqa: S302  # the parent wrote it
        except EOFError:
            return
        answered = marshal.dumps([answer(*job) for job in batch])
        answers.write(len(answered).to_bytes(4, "big") + answered)
        answers.flush()


if __name__ == "__main__":
    main()
