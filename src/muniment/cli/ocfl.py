"""`muniment ocfl`: validates OCFL objects and storage roots, of whoever wrote them."""

from __future__ import annotations

import argparse
from pathlib import Path

from muniment.cli.console import Console

SUMMARY = "validate OCFL objects and storage roots"
NEEDS_ARCHIVE = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands of `muniment ocfl`."""
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    validate = commands.add_parser(
        "validate",
        help="check an object or a whole storage root",
        description="Check an OCFL object or storage root by the codes of OCFL 1.0 and 1.1. "
        "Exit code 0: valid, 1: not valid, 2: there is no such folder, 3: not all could be read.",
    )
    validate.add_argument("path", type=Path, metavar="PATH", help="an object or a storage root")
    validate.add_argument("--json", action="store_true", help="print one JSON document")
    validate.add_argument(
        "--quick", action="store_true", help="do not read the content, only names"
    )
    validate.set_defaults(run=run_validate)


def run_validate(args: argparse.Namespace, console: Console) -> int:
    """Validate, print the findings, and return the exit code."""
    from muniment.information.ocfl.validation import validate

    report = validate(args.path, quick=args.quick)
    if console.as_json:
        console.document(report.as_json())
    else:
        for finding in report.findings:
            console.line(
                f"{finding.severity.upper()} {finding.code} {finding.path}: {finding.message}"
            )
        verdict = "valid" if report.is_valid else "not valid"
        console.line(f"{args.path}: {verdict} ({report.object_count} objects)")
    if not report.is_complete:
        return 3
    return 0 if report.is_valid else 1
