"""Each setting: its default, from file and environment, and what is told of a wrong value."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.runtime.errors import InvalidArgument, InvalidSettings
from muniment.runtime.settings import Settings, settings

# name -> default, TOML, its value, environment, its value, a wrong word (None: any text is right)
TABLE: dict[str, tuple[object, str, object, str, object, str | None]] = {
    "database": (
        "",
        '"postgresql://a@h/one"',
        "postgresql://a@h/one",
        "postgresql:///two",
        "postgresql:///two",
        "mysql://h/x",
    ),
    "tool_helpers": (2, "3", 3, "4", 4, "0"),
    "fixity_mib_per_s": (0, "20", 20, "5", 5, "-1"),
    "fixity_window": (
        "",
        '"22:00-06:00"',
        "22:00-06:00",
        "01:00-05:00 Europe/Paris",
        "01:00-05:00 Europe/Paris",
        "late",
    ),
    "use_exiftool": (True, "false", False, "no", False, "perhaps"),
    "disk_reserve_bytes": (1 << 30, "5", 5, "0", 0, "-1"),
    "max_package_files": (5_000_000, "10", 10, "1", 1, "0"),
    "clamd_socket": (None, '"/run/a"', Path("/run/a"), "/run/b", Path("/run/b"), None),
    "clamav_database": (None, '"/var/a"', Path("/var/a"), "/var/b", Path("/var/b"), None),
    "allowed_hosts": (
        ("localhost", "127.0.0.1", "[::1]"),
        '["a.org"]',
        ("a.org",),
        '["b.org", "c.org"]',
        ("b.org", "c.org"),
        '["b.org"',
    ),
    "served_by_tls": (False, "true", True, "1", True, "perhaps"),
    "trusted_proxies": (
        (),
        '["10.0.0.0/8", "unix"]',
        ("10.0.0.0/8", "unix"),
        "127.0.0.1, ::1",
        ("127.0.0.1", "::1"),
        "proxy.example",
    ),
    "site_address": (
        "http://localhost:8000",
        '"https://a.org/"',
        "https://a.org",
        "http://[::1]:8080",
        "http://[::1]:8080",
        "https://a.org/path",
    ),
    "smtp_host": ("", '"a.org"', "a.org", "b.org", "b.org", None),
    "smtp_port": (587, "25", 25, "465", 465, "0"),
    "smtp_security": ("starttls", '"tls"', "tls", "none", "none", "perhaps"),
    "smtp_user": ("", '"a"', "a", "b", "b", None),
    "smtp_password": ("", '"a"', "a", "b", "b", None),
    "mail_from": ("muniment@localhost", '"a@b.org"', "a@b.org", "c@d.org", "c@d.org", None),
    "cors_origins": (
        (),
        '["https://a.example"]',
        ("https://a.example",),
        "https://b.example, https://c.example",
        ("https://b.example", "https://c.example"),
        None,
    ),
    "webhook_hosts": ((), '["a.example:1"]', ("a.example:1",), "b:2, c:3", ("b:2", "c:3"), None),
    "rate_limit": (6000, "7", 7, "0", 0, "-1"),
    "rate_limit_refused": (600, "7", 7, "8", 8, "0"),
    "access_anonymous": (False, "true", True, "1", True, "perhaps"),
    "rights_acts": (
        ("disseminate", "publish", "display", "replicate"),
        '["publish"]',
        ("publish",),
        "publish, display",
        ("publish", "display"),
        None,
    ),
    "rights_disallow_level": ("metadata", '"none"', "none", "preview", "preview", "download"),
    "rights_conditional_level": ("preview", '"none"', "none", "metadata", "metadata", "all"),
    "allow_local_login": (True, "false", False, "0", False, "perhaps"),
    "oidc_issuer": (
        "",
        '"https://a.org/x"',
        "https://a.org/x",
        "http://localhost:9/",
        "http://localhost:9/",
        "http://a.org",
    ),
    "oidc_name": ("OpenID Connect", '"A"', "A", "B", "B", None),
    "oidc_rp_client_id": ("", '"a"', "a", "b", "b", None),
    "oidc_rp_client_secret": ("", '"a"', "a", "b", "b", None),
    "oidc_scopes": ("openid email profile", '"openid"', "openid", "openid x", "openid x", None),
    "oidc_username_claim": ("preferred_username", '"upn"', "upn", "cern_upn", "cern_upn", None),
    "oidc_role_claims": (("cern_roles", "groups"), '["a.b"]', ("a.b",), "a, b", ("a", "b"), '["a'),
    "oidc_groups": ((), '["a=b c"]', ("a=b c",), "a=b,c=d", ("a=b", "c=d"), "a"),
    "oidc_required_role": ("", '"a"', "a", "b", "b", None),
    "announce_roots": ((), '["/srv/a"]', (Path("/srv/a"),), "/srv/b", (Path("/srv/b"),), '["a'),
    "deposit_quota_bytes": (1 << 40, "5", 5, "0", 0, "-1"),
    "body_idle_s": (60, "5", 5, "0.5", 0.5, "0"),
    "deposit_days": (7, "1", 1, "30", 30, "0"),
    "fetch_hosts": (
        (),
        '["a.org", "b.org"]',
        ("a.org", "b.org"),
        "a.org, b.org c",
        ("a.org", "b.org", "c"),
        None,
    ),
    "schemas": (None, '"/srv/a"', Path("/srv/a"), "/srv/b", Path("/srv/b"), None),
    "keep_jobs_days": (90, "1", 1, "365", 365, "0"),
    "keep_events_days": (30, "1", 1, "365", 365, "many"),
    "keep_previews_days": (90, "1", 1, "365", 365, "0"),
    "keep_exports_days": (14, "1", 1, "365", 365, "0"),
    "metrics_public": (False, "true", True, "1", True, "perhaps"),
    "sentry_dsn": ("", '"http://a@h/1"', "http://a@h/1", "http://b@h/2", "http://b@h/2", None),
    "sentry_environment": ("production", '"trial"', "trial", "test", "test", None),
    "sentry_traces_rate": (0.0, "0.5", 0.5, "1", 1.0, "2"),
    "log_format": ("text", '"json"', "json", "json", "json", "xml"),
    "log_level": ("warning", '"debug"', "debug", "error", "error", "loud"),
}
by_name = pytest.mark.parametrize("name", TABLE)


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings file of an empty home, with an environment that sets nothing."""
    for variable in [each for each in os.environ if each.startswith("MUNIMENT_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("MUNIMENT_HOME", str(tmp_path))
    settings.cache_clear()
    yield tmp_path / "muniment.toml"
    settings.cache_clear()


def _problems() -> dict[str, str]:
    with pytest.raises(InvalidSettings) as caught:
        settings()
    return caught.value.problems


def test_the_table_names_every_setting() -> None:
    assert set(TABLE) == set(Settings.model_fields)


@by_name
def test_nothing_set_gives_the_default(name: str) -> None:
    assert getattr(settings(), name) == TABLE[name][0]


@by_name
def test_the_file_sets_it(name: str, file: Path) -> None:
    file.write_text(f"{name} = {TABLE[name][1]}\n")
    assert getattr(settings(), name) == TABLE[name][2]


@by_name
def test_the_environment_wins_over_the_file(
    name: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text(f"{name} = {TABLE[name][1]}\n")
    monkeypatch.setenv(f"MUNIMENT_{name.upper()}", TABLE[name][3])
    assert getattr(settings(), name) == TABLE[name][4]


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row[5] is not None])
def test_a_wrong_value_is_told_with_name_hint_and_meaning(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"MUNIMENT_{name.upper()}", str(TABLE[name][5]))
    said = _problems()[name]
    assert f"MUNIMENT_{name.upper()}" in said
    assert str(Settings.model_fields[name].description) in said


def test_the_name_that_sentry_itself_uses_is_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTRY_DSN", "http://a@h/1")
    assert settings().sentry_dsn == "http://a@h/1"
    monkeypatch.setenv("MUNIMENT_SENTRY_DSN", "http://ours@h/1")
    settings.cache_clear()
    assert settings().sentry_dsn == "http://ours@h/1"


@pytest.mark.parametrize("name", ["clamd_socket", "clamav_database", "schemas"])
def test_a_number_in_the_file_is_no_path(name: str, file: Path) -> None:
    file.write_text(f"{name} = 7\n")
    assert "path" in _problems()[name]


def test_all_that_is_wrong_is_told_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("tool_helpers = 0\n")
    monkeypatch.setenv("MUNIMENT_LOG_LEVEL", "loud")
    assert set(_problems()) == {"tool_helpers", "log_level"}


def test_the_sentence_is_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_TOOL_HELPERS", "0")
    with pytest.raises(InvalidArgument) as caught:
        settings()
    assert str(caught.value) == (
        "tool_helpers: should be greater than or equal to 1, not '0' (MUNIMENT_TOOL_HELPERS: "
        "Helper processes for identification and examination.)"
    )


def test_an_unknown_setting_in_the_file_is_told_with_its_likeness(file: Path) -> None:
    file.write_text("tool_helper = 3\n")
    assert _problems() == {"tool_helper": "there is no such setting; did you mean tool_helpers?"}


def test_an_unknown_setting_like_no_other_is_just_unknown(file: Path) -> None:
    file.write_text("colour = 3\n")
    assert _problems() == {"colour": "there is no such setting"}


@pytest.mark.parametrize("name", ["OIDC_RP_CLIENT_ID", "OIDC_RP_CLIENT_SECRET"])
def test_the_names_of_earlier_systems_are_read_and_ours_win(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "theirs")
    assert getattr(settings(), name.lower()) == "theirs"
    settings.cache_clear()
    monkeypatch.setenv(f"MUNIMENT_{name}", "ours")
    assert getattr(settings(), name.lower()) == "ours"


def test_a_password_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_DATABASE", "mysql://me:secret@host/name")
    assert "secret" not in _problems()["database"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://a:b@h:5432/x",
        "postgres://h/x",
        "postgresql:///x",
        "postgresql://a@%2Frun%2Fpg/x",
    ],
)
def test_an_address_of_a_database_in_each_form(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_DATABASE", url)
    assert settings().database == url


@pytest.mark.parametrize("url", ["x", "postgresql://h", "postgresql://h/", "sqlite:///x"])
def test_what_is_no_address_of_a_database(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUNIMENT_DATABASE", url)
    assert "postgresql://user" in _problems()["database"]


def test_a_file_that_is_no_toml_is_told_with_the_place(file: Path) -> None:
    file.write_text("tool_helpers = \n")
    assert "line 1" in _problems()["muniment.toml"]


def test_a_file_of_other_bytes_is_told(file: Path) -> None:
    file.write_bytes(b"\xff\xfe")
    assert "muniment.toml" in _problems()


def test_a_file_that_leads_nowhere_is_like_none(file: Path) -> None:
    file.symlink_to("nowhere")
    assert settings().tool_helpers == 2


def test_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    before = settings()
    monkeypatch.setenv("MUNIMENT_TOOL_HELPERS", "5")
    assert settings() is before


@pytest.mark.parametrize(
    "text", ["a.org b.org", "a.org,b.org", ' ["a.org", "b.org"]', ",a.org, b.org,"]
)
def test_a_list_is_written_with_commas_or_as_json(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_ALLOWED_HOSTS", text)
    assert settings().allowed_hosts == ("a.org", "b.org")


@pytest.mark.parametrize(
    ("text", "found"), [("[]", ()), ("", ()), ("[::1], localhost", ("[::1]", "localhost"))]
)
def test_a_list_may_be_empty_or_begin_with_a_bracket(
    text: str, found: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_ALLOWED_HOSTS", text)
    assert settings().allowed_hosts == found
