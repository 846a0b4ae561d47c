"""What `deploy/` ships: checked by the programs that read it, and against our own commands."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from muniment.cli.main import VERBS, build_parser
from muniment.runtime.metrics import EVERY, PREFIX

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted(each.name for each in (DEPLOY / "systemd").iterdir())
COMPOSE = sorted(each.name for each in DEPLOY.glob("compose*.yaml"))
# Asked of the database; the others are in EVERY.
GAUGES = {
    "workers_current",
    "worker_sign_age_seconds",
    "queue_oldest_seconds",
    "jobs_current",
    "storage_free_bytes",
}


def parses(words: list[str]) -> bool:
    """Say whether these words are a command of ours."""
    try:
        build_parser(list(VERBS)).parse_args(words)
    except SystemExit:
        return False
    return True


@pytest.mark.tool("systemd-analyze")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        (tmp_path / name).write_text(text.replace("/opt/muniment/bin/muniment", "/bin/true"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in UNITS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    about_ours = [line for line in done.stderr.splitlines() if "muniment" in line]
    assert (done.returncode, about_ours) == (0, [])


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_a_unit_runs_commands_that_there_are_and_may_not_become_more(name: str) -> None:
    text = (DEPLOY / "systemd" / name).read_text()
    commands = re.findall(r"^Exec\w+=/opt/muniment/bin/muniment (.+)$", text, re.MULTILINE)
    assert commands
    assert all(parses(shlex.split(each)) for each in commands)
    for rule in ("NoNewPrivileges=true", "ProtectSystem=strict", "User=muniment"):
        assert rule in text


@pytest.mark.tool("nginx")
@pytest.mark.tool("openssl")
def test_nginx_takes_the_example(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=x",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    text = (DEPLOY / "nginx" / "muniment.conf").read_text()
    text = text.replace("/etc/ssl/certs/archive.example.org.pem", str(certificate))
    text = text.replace("/etc/ssl/private/archive.example.org.key", str(key))
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {text} }}"
    (tmp_path / "nginx.conf").write_text(whole)
    done = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "test is successful" in done.stderr, done.stderr


@pytest.mark.parametrize("name", COMPOSE)
def test_a_compose_file_names_only_what_it_has(name: str) -> None:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text())
    services, volumes = found["services"], set(found.get("volumes") or {})
    for service in services.values():
        assert set(service.get("depends_on") or {}) <= set(services)
        named = {each.partition(":")[0] for each in service.get("volumes") or []}
        assert {each for each in named if not each.startswith(".")} <= volumes
        assert "image" in service
        assert not service["image"].endswith(":latest")
        command = service.get("command") or []
        if command[:1] == ["muniment"]:
            assert parses(command[1:])


def test_the_compose_file_waits_for_the_database_and_keeps_rights_low() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services["init"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "worker"):
        wanted = services[name]["depends_on"]["init"]["condition"]
        assert wanted == "service_completed_successfully"
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_every_variable_of_the_compose_files_is_in_the_example() -> None:
    example = (DEPLOY / ".env.example").read_text()
    for name in COMPOSE:
        for variable in re.findall(r"\$\{(\w+)", (DEPLOY / name).read_text()):
            assert f"{variable}=" in example


def test_the_image_runs_one_of_our_commands_as_nobody_special() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    instructions = [line.partition(" ")[::2] for line in lines if line and line[0] != "#"]
    (command,) = [rest for word, rest in instructions if word == "CMD"]
    assert parses(yaml.safe_load(command)[1:])
    assert [rest for word, rest in instructions if word == "USER"] == ["10001"]
    images = [rest.split()[0] for word, rest in instructions if word == "FROM"]
    assert all(":" in image and not image.endswith(":latest") for image in images)


def test_alerts_ask_for_figures_that_there_are() -> None:
    known = {PREFIX + each.name for each in EVERY} | {PREFIX + name for name in GAUGES}
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text())
    for rule in rules["groups"][0]["rules"]:
        asked = re.findall(r"muniment_\w+", rule["expr"])
        assert asked
        assert {re.sub(r"_(total|count|sum|bucket)$", "", each) for each in asked} <= known
