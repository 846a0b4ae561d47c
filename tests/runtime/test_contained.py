from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.runtime.contained import (
    ContainedPool,
    ContainedProcess,
    IsolationLevel,
    Limits,
    isolation_level,
    run_contained,
)
from muniment.runtime.contained.memory import held_bytes
from muniment.runtime.errors import (
    DecisionNeeded,
    InvalidPackage,
    NoSpace,
    ToolFailed,
    ToolTimeout,
)
from tests.eventually import eventually

CALLS = "tests.runtime.contained_calls"
MIB = 1 << 20


@pytest.fixture
def process() -> Iterator[ContainedProcess]:
    with ContainedProcess() as contained:
        yield contained


def test_a_call_returns_what_the_function_returned() -> None:
    assert run_contained(f"{CALLS}:echo", {"a": [1, "é"]}) == {"a": [1, "é"]}


def test_arguments_larger_than_a_pipe_go_through() -> None:
    large = ["x" * 1000] * 5000
    assert run_contained(f"{CALLS}:echo", large) == large


def test_progress_comes_out_in_order() -> None:
    seen: list[tuple[int, int | None, str]] = []
    run_contained(f"{CALLS}:count", 3, progress=lambda *each: seen.append(each))
    assert seen == [(0, 3, "file 0"), (1, 3, "file 1"), (2, 3, "file 2")]


def test_a_process_answers_many_calls(process: ContainedProcess) -> None:
    pids = {process.call(f"{CALLS}:own_pid", None) for _ in range(20)}
    assert (len(pids), process.starts) == (1, 1)


def test_an_error_of_ours_comes_out_as_the_same_class() -> None:
    with pytest.raises(NoSpace, match="the disk is full"):
        run_contained(f"{CALLS}:fill_disk", None)


def test_a_refused_package_keeps_its_findings() -> None:
    with pytest.raises(InvalidPackage, match="two faults") as caught:
        run_contained(f"{CALLS}:refuse_package", None)
    assert [finding.path for finding in caught.value.findings] == ["é0", "é1"]


def test_a_question_keeps_its_choices() -> None:
    with pytest.raises(DecisionNeeded) as caught:
        run_contained(f"{CALLS}:ask", None)
    assert caught.value.choices == ("a", "b")


def test_a_bug_comes_out_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'a bug'"):
        run_contained(f"{CALLS}:fail", None)


def test_an_unknown_function_is_a_bug() -> None:
    with pytest.raises(RuntimeError, match="no_such_function"):
        run_contained(f"{CALLS}:no_such_function", None)


def test_a_hanging_call_is_killed_at_its_time(process: ContainedProcess) -> None:
    with pytest.raises(ToolTimeout, match=r"did not end within 0\.3 s"):
        process.call(f"{CALLS}:hang", None, wall_s=0.3)
    assert process.pid is None


def test_a_spinning_call_is_killed_at_its_processor_time() -> None:
    with pytest.raises(ToolFailed, match=r"SIGXCPU|SIGKILL"):
        run_contained(f"{CALLS}:spin", None, limits=Limits(cpu_s=0))


def test_a_crash_is_told_with_its_last_words() -> None:
    with pytest.raises(ToolFailed, match=r"(?s)SIGSEGV.*about to crash"):
        run_contained(f"{CALLS}:crash", None)


@pytest.mark.parametrize("status", [0, 3])
def test_a_process_that_ends_by_itself_has_failed(status: int) -> None:
    with pytest.raises(ToolFailed, match=f"ended with {status}"):
        run_contained(f"{CALLS}:leave", status)


def test_a_dead_process_is_started_again(process: ContainedProcess) -> None:
    with pytest.raises(ToolFailed):
        process.call(f"{CALLS}:leave", 1)
    assert process.call(f"{CALLS}:echo", 1) == 1
    assert process.starts == 2


def test_resident_memory_is_watched() -> None:
    with pytest.raises(ToolFailed, match="MiB of memory; 100 MiB are allowed"):
        run_contained(f"{CALLS}:eat_memory", 300 * MIB, limits=Limits(memory_bytes=100 * MIB))


def test_the_pages_of_a_mapped_file_are_not_its_memory() -> None:
    with tempfile.NamedTemporaryFile(dir="/var/tmp") as stream:  # on a disk, not in memory
        stream.truncate(300 * MIB)
        limits = Limits(memory_bytes=100 * MIB)
        pages = run_contained(f"{CALLS}:map_file", stream.name, limits=limits)
    assert pages == 300 * MIB // os.sysconf("SC_PAGESIZE")


def test_one_large_allocation_is_refused_by_the_kernel() -> None:
    with pytest.raises(ToolFailed, match="out of memory"):
        run_contained(f"{CALLS}:allocate", 1024 * MIB, limits=Limits(memory_bytes=100 * MIB))


def test_what_a_library_prints_disturbs_nothing() -> None:
    assert run_contained(f"{CALLS}:print_garbage", None) == "still fine"


@pytest.mark.parametrize(
    "garbage",
    [
        pytest.param(b"hello, world", id="no frame"),
        pytest.param(b"MUN1\xff\xff\xff\xff", id="absurd length"),
        pytest.param(b"MUN1\x00\x00\x00\x02{]", id="no JSON"),
        pytest.param(b"MUN1\x00\x00\x00\x01" + b"7", id="no answer"),
    ],
)
def test_garbage_instead_of_an_answer_is_a_failure(garbage: bytes) -> None:
    with pytest.raises(ToolFailed, match="answered garbage"):
        run_contained(f"{CALLS}:answer_garbage", garbage.hex())


def test_a_file_larger_than_allowed_is_not_written(tmp_path: Path) -> None:
    limits = Limits(file_bytes=1000, writable=(tmp_path,))
    with pytest.raises(RuntimeError, match="File too large"):
        run_contained(f"{CALLS}:write_file", [str(tmp_path / "f"), 5000], limits=limits)


def test_core_files_are_off_and_descriptors_limited() -> None:
    limits = run_contained(f"{CALLS}:limits_here", None, limits=Limits(open_files=99))
    assert limits == {"RLIMIT_CORE": 0, "RLIMIT_DATA": 2048 * MIB, "RLIMIT_NOFILE": 99}


def test_secrets_of_the_environment_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_DATABASE", "postgresql://secret")
    monkeypatch.setenv("SECRET", "secret")
    assert "secret" not in str(run_contained(f"{CALLS}:environment", None))


def test_a_raising_check_stops_the_call() -> None:
    def cancel() -> None:
        raise InterruptedError("cancelled")

    with pytest.raises(InterruptedError):
        run_contained(f"{CALLS}:hang", None, check=cancel)


def test_killing_takes_what_the_process_started_along(process: ContainedProcess) -> None:
    reported = threading.Event()

    def call() -> None:
        from muniment.runtime.contained.process import Watch

        watch = Watch(progress=lambda *_: reported.set())
        with pytest.raises(ToolTimeout):
            process.call(f"{CALLS}:start_child", None, wall_s=1.5, watch=watch)

    thread = threading.Thread(target=call)
    thread.start()
    assert reported.wait(30)
    group = process.pid
    assert group is not None
    thread.join()
    eventually(lambda: not _group_lives(group), within_s=10)


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_dies_with_its_parent() -> None:
    program = (
        "import sys; from muniment.runtime.contained import ContainedProcess\n"
        "p = ContainedProcess(); p.call('tests.runtime.contained_calls:echo', 1)\n"
        "print(p.pid, flush=True); p.call('tests.runtime.contained_calls:spin', None)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _group_lives(child)
        parent.send_signal(signal.SIGKILL)
    eventually(lambda: not _group_lives(child), within_s=10)


def test_a_process_started_by_a_thread_outlives_the_thread(process: ContainedProcess) -> None:
    thread = threading.Thread(target=process.start)
    thread.start()
    thread.join()
    assert process.call(f"{CALLS}:echo", 1) == 1
    assert process.starts == 1


@pytest.mark.tool("bwrap")
@pytest.mark.skipif(
    isolation_level() is not IsolationLevel.BWRAP, reason="bubblewrap does not work here"
)
class TestBehindBubblewrap:
    def test_there_is_no_network(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            answer = run_contained(f"{CALLS}:call_home", list(server.getsockname()))
        assert str(answer).startswith("refused")

    def test_only_the_writable_folder_is_writable(self, tmp_path: Path) -> None:
        inside, outside = tmp_path / "inside", tmp_path / "outside"
        inside.mkdir()
        outside.mkdir()
        limits = Limits(writable=(inside,))
        assert run_contained(f"{CALLS}:write_file", [str(inside / "f"), 5], limits=limits) == 5
        with pytest.raises(RuntimeError, match="Read-only file system"):
            run_contained(f"{CALLS}:write_file", [str(outside / "f"), 5], limits=limits)
        assert (inside / "f").read_bytes() == bytes(5)


def _work(process: ContainedProcess, task: object) -> object:
    if task == "die":
        try:
            process.call(f"{CALLS}:crash", None)
        except ToolFailed:
            return "died"
    return process.call(f"{CALLS}:echo", task)


def test_a_pool_answers_in_the_order_of_the_tasks() -> None:
    with ContainedPool(2) as pool:
        pool.start()
        assert list(pool.map(_work, range(50))) == list(range(50))


def test_a_pool_goes_on_when_a_process_dies() -> None:
    with ContainedPool(2) as pool:
        assert list(pool.map(_work, [1, "die", 2, "die", 3])) == [1, "died", 2, "died", 3]


def test_a_pool_takes_tasks_only_as_it_needs_them() -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    with ContainedPool(1) as pool:
        results = pool.map(_work, tasks())
        assert [next(results), next(results)] == [0, 1]
        assert len(taken) < 10


def test_closing_a_pool_leaves_no_process() -> None:
    with ContainedPool(2) as pool:
        pool.start()
        groups = [process.pid for process in pool.processes]
    eventually(lambda: not any(_group_lives(group) for group in groups if group), within_s=10)


def test_the_memory_of_a_process_that_is_gone_is_nothing() -> None:
    assert held_bytes(2**22 + 1) == 0


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        run_contained(f"{CALLS}:echo", 1)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_closing_a_pool_stops_what_hangs() -> None:
    def hang(process: ContainedProcess, task: object) -> object:
        return process.call(f"{CALLS}:hang", task)

    pool = ContainedPool(1)
    results = pool.map(hang, [1])
    caught: list[type[BaseException]] = []

    def take() -> None:
        try:
            next(results)
        except ToolFailed as exc:
            caught.append(type(exc))

    thread = threading.Thread(target=take)
    thread.start()
    eventually(lambda: pool.processes[0].pid is not None, within_s=10)
    pool.close()
    thread.join(10)
    assert caught == [ToolFailed]
