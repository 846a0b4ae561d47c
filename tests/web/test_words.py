"""Words and sentences that are kept in English, shown in the language of the page."""

from __future__ import annotations

import time

import pytest
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from muniment.administration.models.user import GIVEN_ROLES
from muniment.administration.types import SCOPES
from muniment.catalogue.views.properties import shown_property
from muniment.formats.properties import property_table
from muniment.information.dublin_core import TERMS
from muniment.information.event_types import EventType
from muniment.ingest.catalogue_of_steps import step_class, step_names
from muniment.runtime.settings import Settings
from muniment.web import words
from muniment.web.templatetags.words import browser, cron, in_words, role_about, worker
from muniment.web.told import KNOWN, code_tables, told, told_finding

MADE = {
    "version 1 is in the catalogue": "la version 1 est au catalogue",
    "12 of 13 files identified": "12 fichiers identifiés sur 13",
    "folder: 2 files, 2048 bytes": "dossier : 2 fichiers, 2 KiB",
    "the file is empty; match on extension only": (
        "le fichier est vide; reconnu à l’extension seulement"  # noqa: RUF001  # French
    ),
    "3 valid, 1 not_checked": "3 valide, 1 non vérifié",
    "reason=ingest; submission=01a2; pipeline=demo; owner=root": (
        "versement par la chaîne demo, propriétaire root"
    ),
    "not a good bag package: bag-info.txt: The payload is not what Payload-Oxum says.": (
        "paquet bag incorrect : bag-info.txt: Le contenu ne correspond pas à Payload-Oxum."
    ),
    "The package was received.": "Le paquet a été reçu.",
}


@pytest.mark.parametrize(("kept", "french"), MADE.items(), ids=lambda text: str(text)[:30])
def test_a_known_sentence_is_shown_in_french(kept: str, french: str) -> None:
    with override("fr"):
        assert told(kept) == french


def test_english_stays_as_it_was_written_but_for_sizes() -> None:
    with override("en"):
        assert told("version 1 is in the catalogue") == "version 1 is in the catalogue"
        assert told("seen by Ada: twice") == "seen by Ada: twice"
        assert told("version 1: 2 files, 1048576 new bytes") == "version 1: 2 files, 1 MiB added"


@given(st.text(max_size=300))
def test_no_text_of_others_breaks_it(text: str) -> None:
    with override("fr"):
        assert isinstance(told(text), str)


@pytest.mark.parametrize("text", [": " * 900, "a: " * 600, "; " * 900, "x" * 5000, "%(rest)s {a}"])
def test_a_hostile_text_costs_little(text: str) -> None:
    began = time.process_time()
    with override("fr"):
        told(text)
    assert time.process_time() - began < 2


def test_every_finding_of_the_tables_is_shown_in_french() -> None:
    for table in code_tables():
        for code, row in table.items():
            with override("fr"):
                shown = told_finding({"code": code, "message": row["en"], "params": {}})
            assert shown != row["en"] or row["en"] == row["fr"], code


def test_a_value_in_a_finding_is_data() -> None:
    finding = {"code": "scan-unreadable", "message": "x {reason} %(y)s", "params": {"path": "{0}"}}
    with override("fr"):
        assert told_finding(finding) == "x {reason} %(y)s"


@pytest.mark.parametrize(
    "name",
    sorted(
        {*GIVEN_ROLES, *TERMS, *(each.value for each in EventType)} - {"date", "type", "format"}
    ),
)
def test_every_word_of_data_is_for_the_translators(name: str) -> None:
    assert words.word(name) == words.word(name).lower()
    shown = words._SEAM.sub(" ", name).lower()
    assert shown in {*words._PLAIN, *words.TITLES.values(), "valid"}


def test_every_role_scope_and_step_says_what_it_is() -> None:
    assert set(words.ROLES) == set(GIVEN_ROLES)
    assert set(words.SCOPES) == set(SCOPES)
    assert all(role_about(role) for role in GIVEN_ROLES)
    assert role_about("nobody") == ""
    assert all(str(step_class(name).about) for name in step_names())
    assert all(kept for kept in KNOWN)


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("15 1 * * *", "every day at 01:15"),
        ("35 * * * *", "every hour at minute 35"),
        ("*/10 * * * *", "every 10 minutes"),
        ("0 3 * * 0", "every Sunday at 03:00"),
        ("0 3 * * 7", "every Sunday at 03:00"),
        ("0 3 * * 1", "every Monday at 03:00"),
        ("0 3 1 * *", "on day 1 of every month at 03:00"),
        ("0 3 1 * 1", "0 3 1 * 1"),
        ("*/10 3 * * *", "*/10 3 * * *"),
        ("0 */2 * * *", "0 */2 * * *"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_schedule_is_said_in_words(expression: str, shown: str) -> None:
    with override("en"):
        assert cron(expression) == shown


def test_browsers_and_workers_are_named_shortly() -> None:
    with override("en"):
        agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0.0.0 Safari/537.36"
        assert browser(agent) == "Chrome on Linux"
        assert browser("curl/8.1") == "curl/8.1"
        assert len(browser("x" * 4000)) == 80
    assert worker("vm/d9c7/40265/10405/1375657") == "vm 1375657"
    assert worker("ada") == "ada"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_a_setting_is_described_in_french(name: str) -> None:
    about = Settings.model_fields[name].description or ""
    with override("fr"):
        assert gettext(about) != about
        assert in_words(about).count("<code>") == about.count("`") // 2
    with override("en"):
        assert "`" not in in_words(about)


def test_what_a_description_holds_is_text() -> None:
    with override("en"):
        assert in_words("<b> `<i>`") == "&lt;b&gt; <code>&lt;i&gt;</code>"


def test_a_technical_property_is_named_in_the_language_of_the_page() -> None:
    with override("fr"):
        assert shown_property("pdf.encrypted", "no").title == "chiffré"
        assert shown_property("pdf.encrypted", "no").value == "non"
        assert shown_property("web.records.response", 3).title.endswith("un type: response")
        assert all(shown_property(name, "x").title != name for name in property_table())
    with override("en"):
        assert shown_property("pdf.encrypted", "no").title == "encrypted"
        assert shown_property("exiftool.PDF.PageCount", 3).title == "PDF.PageCount"
        assert shown_property("of.nobody", 3).title == "of.nobody"
        assert shown_property("archive.unpacked_bytes", "2048").is_size
        assert not shown_property("image.width", "2048").is_size
