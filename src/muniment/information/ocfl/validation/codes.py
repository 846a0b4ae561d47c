"""The validation codes of OCFL 1.0 and 1.1, and how a 1.1 code is said of a 1.0 object."""

from __future__ import annotations

from collections.abc import Mapping

from muniment.runtime.findings import CodeTable, code_table

TABLE: CodeTable = code_table(__package__ or "")
"""Codes, clauses and texts; `UNREADABLE` and `UNLISTED` are our own."""

ONLY_1_0 = frozenset({"E068", "E086"})
ONLY_1_1 = frozenset(
    {"E103", "E104", "E105", "E106", "E107", "E108", "E110", "E111", "E112", "W016"}
)

BEFORE_1_1: Mapping[str, str | None] = {
    "E103": "E038",
    "E104": "E046",
    "E105": "E046",
    "E106": "E041",
    "E107": None,  # 1.0 allows bytes that no version shows
    "E108": "E017",
    "E110": None,  # E037 is told beside it
    "E111": "E056",
    "E112": "E086",
    "W016": None,
}
"""What 1.0 has instead of a code that came with 1.1; None: it had no such rule."""

NOT_OBSERVABLE: Mapping[str, str] = {
    "E022": "tells validators what to ignore",
    "E026": "the rule of E056 for those who write; E056 is told",
    "E027": "asks what a client supports",
    "E028": "tells clients what to ignore",
    "E034": "an inventory of another name is a missing one: E063, and E001 for the stray file",
    "E044": "a block of another name is a missing one: E043, and E102 for the key",
    "E051": "says how to read a path; E052 and E053 are what can be wrong with it",
    "E055": "a block of another name is an unknown key: E102",
    "E062": "the order of writing leaves no trace",
    "E068": "documents outside the object define an extension",
    "E074": "asks about several storage roots",
    "E083": "whether another root would map the same id alike cannot be seen in one; see W014",
    "E087": "tells validators what to ignore",
    "E089": "asks what was not stored",
    "E091": "asks what the file system would do",
    "E098": "says how to read a path; E099 and E100 are what can be wrong with it",
    "W012": "asks what else should have been logged, and where",
}
"""Codes of the tables that no validator can see broken, with the reason."""

_SPEC_1_1 = "ocfl.io/1.1/"


def code_for(code: str, spec: str) -> str | None:
    """Return the code that this version of the specification has for a fault."""
    return BEFORE_1_1.get(code, code) if spec == "1.0" else code


def clause_for(clause: str, spec: str) -> str:
    """Return the URL of the clause in this version of the specification."""
    return clause.replace(_SPEC_1_1, "ocfl.io/1.0/") if spec == "1.0" else clause
