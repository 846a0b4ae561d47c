"""`muniment eark validate PATH`: checks an E-ARK package, without an archive and without Django."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from muniment.cli.arguments import add_leaf
from muniment.cli.console import Console, Progress
from muniment.information.eark import PackageKind, check_package, recognise
from muniment.information.listing import read_listing
from muniment.information.unpacking import UnpackLimits, receive
from muniment.runtime.findings import Finding, Severity

SUMMARY = "Check E-ARK packages (CSIP, SIP and AIP 2.2)"
NEEDS_ARCHIVE = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Add `validate`."""
    verbs = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    validate = add_leaf(verbs, "validate", "check a folder, zip or tar file", validate_package)
    validate.add_argument("path", type=Path, metavar="PATH", help="the package")
    validate.add_argument(
        "--kind",
        choices=[each.value for each in PackageKind],
        help="what it should be; by default what it says",
    )


def validate_package(args: argparse.Namespace, console: Console) -> int:
    """Print every finding; 0 for a package without errors, 1 for one with."""
    with (
        tempfile.TemporaryDirectory(prefix="muniment-eark-") as work,
        console.progress("Reading") as progress,
    ):
        findings = _check(args.path, Path(work), args.kind, progress)
    errors = [each for each in findings if each.severity is Severity.ERROR]
    warnings = [each for each in findings if each.severity is Severity.WARNING]
    if console.as_json:
        document = {
            "errors": list(map(Finding.as_json, errors)),
            "warnings": list(map(Finding.as_json, warnings)),
        }
        console.document({"valid": not errors} | document)
    else:
        for each in (*errors, *warnings):
            console.line(f"{each.severity.value}: {each.code}: {each.message}")
        verdict = "not valid" if errors else "valid"
        counts = f"{len(errors)} errors, {len(warnings)} warnings"
        console.line(f"{args.path}: {verdict} ({counts})")
    return 1 if errors else 0


def _check(path: Path, work: Path, kind: str | None, progress: Progress) -> Sequence[Finding]:
    root, listing = work / "package", work / "listing.jsonl"
    received = receive(path, root, listing, limits=UnpackLimits(), algorithms=(), progress=progress)
    if not received.is_accepted:
        return received.findings
    claimed = PackageKind(kind) if kind else recognise(root) or PackageKind.GENERIC
    return (*received.findings, *check_package(root, read_listing(listing), claimed).findings)
