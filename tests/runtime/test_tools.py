from __future__ import annotations

import socket
from pathlib import Path

import pytest

from muniment.runtime.contained import IsolationLevel, Limits, isolation_level
from muniment.runtime.errors import ToolFailed, ToolTimeout
from muniment.runtime.tools import run_tool

MIB = 1 << 20


def test_output_and_exit_status_come_back(tmp_path: Path) -> None:
    done = run_tool(["sh", "-c", "echo out; echo err >&2; exit 3"], timeout_s=30, workdir=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", b"err\n")
    assert done.isolation is isolation_level()


def test_a_missing_program_is_named() -> None:
    with pytest.raises(ToolFailed, match="no-such-program is not installed"):
        run_tool(["no-such-program"], timeout_s=5)


def test_a_hanging_program_is_killed() -> None:
    with pytest.raises(ToolTimeout, match="sleep did not end in time"):
        run_tool(["sleep", "60"], timeout_s=0.3)


def test_a_program_that_ignores_signals_is_killed() -> None:
    with pytest.raises(ToolTimeout):
        run_tool(["sh", "-c", "trap '' TERM INT; sleep 60; sleep 60"], timeout_s=0.3)


def test_a_program_that_closes_its_outputs_has_only_its_time() -> None:
    with pytest.raises(ToolTimeout):
        run_tool(["sh", "-c", "exec >&- 2>&-; sleep 60"], timeout_s=0.3)


def test_a_crashing_program_has_failed() -> None:
    with pytest.raises(ToolFailed, match="signal 11: bye"):
        run_tool(["sh", "-c", "echo bye >&2; kill -SEGV $$"], timeout_s=30)


def test_endless_output_ends() -> None:
    with pytest.raises(ToolFailed, match="64 MiB of output"):
        run_tool(["yes"], timeout_s=60)


def test_memory_is_limited() -> None:
    with pytest.raises(ToolFailed, match="MiB of memory"):
        run_tool(
            ["sh", "-c", "head -c 300M /dev/zero | tail; sleep 5"],
            timeout_s=60,
            limits=Limits(memory_bytes=60 * MIB),
        )


def test_files_are_limited_in_size(tmp_path: Path) -> None:
    done = run_tool(
        ["sh", "-c", "trap '' XFSZ; head -c 1M /dev/zero > large"],
        timeout_s=30,
        workdir=tmp_path,
        limits=Limits(file_bytes=1000),
    )
    assert done.returncode != 0
    assert (tmp_path / "large").stat().st_size <= 1000


def test_a_raising_check_stops_the_program() -> None:
    def cancel() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run_tool(["sleep", "60"], timeout_s=60, check=cancel)


def test_the_environment_is_a_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "secret")
    assert b"secret" not in run_tool(["env"], timeout_s=30).stdout


@pytest.mark.tool("bwrap")
@pytest.mark.skipif(
    isolation_level() is not IsolationLevel.BWRAP, reason="bubblewrap does not work here"
)
class TestBehindBubblewrap:
    def test_inputs_are_seen_and_nothing_beside_them(self, tmp_path: Path) -> None:
        given, other = tmp_path / "given", tmp_path / "other"
        given.write_text("given")
        other.write_text("other")
        done = run_tool(["cat", str(given), str(other)], timeout_s=30, inputs=[given])
        assert done.stdout == b"given"
        assert b"No such file" in done.stderr

    def test_inputs_cannot_be_changed(self, tmp_path: Path) -> None:
        given = tmp_path / "given"
        given.write_text("given")
        done = run_tool(["sh", "-c", f"echo x > {given}"], timeout_s=30, inputs=[given])
        assert done.returncode != 0
        assert given.read_text() == "given"

    def test_there_is_no_network(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            done = run_tool(["bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port}"], timeout_s=30)
        assert done.returncode != 0

    def test_the_password_file_is_not_there(self) -> None:
        assert run_tool(["cat", "/etc/shadow"], timeout_s=30).returncode == 1

    def test_a_program_outside_usr_can_run(self, tmp_path: Path) -> None:
        program = tmp_path / "tool"
        program.write_text("#!/bin/sh\necho mine\n")
        program.chmod(0o755)
        assert run_tool([str(program)], timeout_s=30).stdout == b"mine\n"
