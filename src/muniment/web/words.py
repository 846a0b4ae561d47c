"""Words of data that people see: roles, terms, kinds of jobs; listed for the translators.

A word that stands here with a title is shown by it; any other is shown as it is, taken apart:
`accessRights` as "access rights", `without_scanner` as "without scanner".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop

_SEAM = re.compile(r"(?<=[a-z])(?=[A-Z])|_")

TITLES: Mapping[str, str] = {
    # Kinds of jobs.
    "submission": gettext_noop("take in a package"),
    "bulk": gettext_noop("work on many objects"),
    "deposits": gettext_noop("remove old uploads"),
    "fixity": gettext_noop("check fixity"),
    "audit": gettext_noop("prove the audit trail"),
    "prune": gettext_noop("forget old jobs"),
    "password-reset": gettext_noop("send a link for a password"),
    "notification mail": gettext_noop("send notifications"),
    "webhook": gettext_noop("tell a webhook"),
    # Why there is a version.
    "preservation-action": gettext_noop("preservation action"),
    "metadata-edit": gettext_noop("new metadata"),
    # Restrictions of rights.
    "disallow": gettext_noop("not allowed"),
    "conditional": gettext_noop("under conditions"),
}

ROLES: Mapping[str, str] = {
    "administrator": gettext_noop("may do everything, settings and groups too"),
    "manager": gettext_noop("sees everything, adds users and puts them into groups"),
    "archivist": gettext_noop("hands in, decides, describes, verifies, changes pipelines"),
    "editor": gettext_noop("sees everything and describes"),
    "auditor": gettext_noop("sees everything and the audit trail, changes nothing"),
    "depositor": gettext_noop("hands in, and sees what is their own"),
}

SCOPES: Mapping[str, str] = {
    "admin": gettext_noop("administer: users, groups, settings, webhooks"),
    "deposit": gettext_noop("hand in packages"),
    "download": gettext_noop("fetch files and objects"),
    "jobs": gettext_noop("see, retry and cancel jobs"),
    "pipeline": gettext_noop("change pipelines and schedules"),
    "read": gettext_noop("read what the user may see"),
    "write": gettext_noop("describe, tag, decide who may read"),
}

_PLAIN = (
    # Roles.
    gettext_noop("administrator"),
    gettext_noop("manager"),
    gettext_noop("archivist"),
    gettext_noop("editor"),
    gettext_noop("auditor"),
    gettext_noop("depositor"),
    gettext_noop("reader"),
    # Terms of Dublin Core.
    gettext_noop("abstract"),
    gettext_noop("access rights"),
    gettext_noop("alternative"),
    gettext_noop("audience"),
    gettext_noop("available"),
    gettext_noop("bibliographic citation"),
    gettext_noop("conforms to"),
    gettext_noop("contributor"),
    gettext_noop("coverage"),
    gettext_noop("created"),
    gettext_noop("creator"),
    gettext_noop("date"),
    gettext_noop("date accepted"),
    gettext_noop("date copyrighted"),
    gettext_noop("date submitted"),
    gettext_noop("description"),
    gettext_noop("extent"),
    gettext_noop("format"),
    gettext_noop("has format"),
    gettext_noop("has part"),
    gettext_noop("has version"),
    gettext_noop("identifier"),
    gettext_noop("is format of"),
    gettext_noop("is part of"),
    gettext_noop("is referenced by"),
    gettext_noop("is replaced by"),
    gettext_noop("is required by"),
    gettext_noop("is version of"),
    gettext_noop("issued"),
    gettext_noop("language"),
    gettext_noop("license"),
    gettext_noop("mediator"),
    gettext_noop("medium"),
    gettext_noop("modified"),
    gettext_noop("provenance"),
    gettext_noop("publisher"),
    gettext_noop("references"),
    gettext_noop("relation"),
    gettext_noop("replaces"),
    gettext_noop("requires"),
    gettext_noop("rights"),
    gettext_noop("rights holder"),
    gettext_noop("source"),
    gettext_noop("spatial"),
    gettext_noop("subject"),
    gettext_noop("table of contents"),
    gettext_noop("temporal"),
    gettext_noop("title"),
    gettext_noop("type"),
    gettext_noop("accrual method"),
    gettext_noop("accrual periodicity"),
    gettext_noop("accrual policy"),
    gettext_noop("education level"),
    gettext_noop("instructional method"),
    # Rights.
    gettext_noop("copyright"),
    gettext_noop("statute"),
    gettext_noop("donor"),
    gettext_noop("policy"),
    gettext_noop("other"),
    gettext_noop("disseminate"),
    gettext_noop("publish"),
    gettext_noop("display"),
    gettext_noop("replicate"),
    gettext_noop("migrate"),
    gettext_noop("modify"),
    gettext_noop("delete"),
    # Types of events.
    gettext_noop("accession"),
    gettext_noop("appraisal"),
    gettext_noop("capture"),
    gettext_noop("compression"),
    gettext_noop("creation"),
    gettext_noop("deaccession"),
    gettext_noop("decompression"),
    gettext_noop("deletion"),
    gettext_noop("dissemination"),
    gettext_noop("execution"),
    gettext_noop("extraction"),
    gettext_noop("filename change"),
    gettext_noop("fixity check"),
    gettext_noop("format identification"),
    gettext_noop("information package creation"),
    gettext_noop("ingestion"),
    gettext_noop("message digest calculation"),
    gettext_noop("metadata extraction"),
    gettext_noop("metadata modification"),
    gettext_noop("migration"),
    gettext_noop("modification"),
    gettext_noop("normalization"),
    gettext_noop("policy assignment"),
    gettext_noop("quarantine"),
    gettext_noop("recovery"),
    gettext_noop("refreshment"),
    gettext_noop("replication"),
    gettext_noop("transfer"),
    gettext_noop("unpacking"),
    gettext_noop("unquarantine"),
    gettext_noop("validation"),
    gettext_noop("virus check"),
    # Why there is a version, in what form a package came.
    gettext_noop("ingest"),
    gettext_noop("re-ingest"),
    gettext_noop("withdrawal"),
    gettext_noop("folder"),
    gettext_noop("plain"),
    gettext_noop("file"),
    # Parameters of steps and what they may be.
    gettext_noop("links"),
    gettext_noop("refuse"),
    gettext_noop("copy"),
    gettext_noop("without scanner"),
    gettext_noop("skip"),
    gettext_noop("hold"),
    gettext_noop("never"),
    # Where an object came from.
    gettext_noop("local"),
)


def word(name: str) -> str:
    """Show a word of data in the language of the page."""
    text = TITLES.get(name) or _SEAM.sub(" ", name).lower() if name else ""
    return gettext(text) if text else ""
