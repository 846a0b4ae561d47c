"""`muniment bag`: validates and makes bags, of whoever wrote them (RFC 8493)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.cli.arguments import with_dry_run
from muniment.cli.console import Console

if TYPE_CHECKING:
    from muniment.information.bagit.bag_info import Label, PayloadOxum
    from muniment.information.bagit.report import BagReport

SUMMARY = "validate and make bags (BagIt, RFC 8493)"
NEEDS_ARCHIVE = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the commands of `muniment bag`."""
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _configure_validate(commands.add_parser("validate", help="check every file of a bag"))
    _configure_create(commands.add_parser("create", help="make a bag of a folder"))


def _configure_validate(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Check a bag against RFC 8493 (BagIt 0.93 to 1.0) and name every fault. "
        "Exit code 0: valid, 1: not valid, 2: there is no such folder."
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="the folder of the bag")
    parser.add_argument(
        "--quick", action="store_true", help="read no payload when sizes or names are wrong already"
    )
    _configure_common(parser)
    parser.set_defaults(run=run_validate)


def _configure_create(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Make a bag of a folder. Without --to its content is moved into data/ where it is. "
        "Exit code 0: made, 2: it cannot be made of this folder."
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="a folder")
    parser.add_argument("--to", type=Path, metavar="TARGET", help="copy into a bag there instead")
    parser.add_argument(
        "--algorithm",
        action="append",
        metavar="NAME",
        help="digest algorithm, may be repeated (default: sha256 and sha512)",
    )
    parser.add_argument(
        "--info",
        action="append",
        default=[],
        metavar="LABEL=VALUE",
        help="a line of bag-info.txt, may be repeated",
    )
    _configure_common(parser)
    with_dry_run(parser)
    parser.set_defaults(run=run_create)


def _configure_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--processes", type=int, metavar="N", help="default: one for each core")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run_validate(args: argparse.Namespace, console: Console) -> int:
    """Validate, print the findings, and return the exit code."""
    from muniment.information.bagit.validation import validate_bag

    with console.progress("Validating") as progress:
        report = validate_bag(args.path, args.processes, quick=args.quick, progress=progress)
    if console.as_json:
        console.document(_document(report))
    else:
        _print(args.path, report, console)
    return 0 if report.is_valid else 1


def _document(report: BagReport) -> dict[str, object]:
    from muniment.runtime.findings import Severity

    def of(severity: Severity) -> list[dict[str, object]]:
        return [each.as_json() for each in report.findings if each.severity is severity]

    return {
        "valid": report.is_valid,
        "errors": of(Severity.ERROR),
        "warnings": of(Severity.WARNING),
        "version": report.version,
        "algorithms": list(report.algorithms),
        "file_count": report.file_count,
        "size_bytes": report.size_bytes,
    }


def _print(path: Path, report: BagReport, console: Console) -> None:
    from muniment.information.paths import shown

    for finding in report.findings:
        where = f" {shown(finding.path)}" if finding.path else ""
        console.line(f"{finding.severity.upper()} {finding.code}{where}: {finding.message}")
        if finding.expected or finding.found:
            console.line(f"    expected {finding.expected}, found {finding.found}")
    verdict = "valid" if report.is_valid else "not valid"
    console.line(
        f"{path}: {verdict} ({report.file_count} files, {report.size_bytes} bytes, "
        f"BagIt {report.version})"
    )


def run_create(args: argparse.Namespace, console: Console) -> int:
    """Make the bag, say what it holds, and return the exit code."""
    from muniment.information.bagit.creation import BagRecipe, create_bag, plan_bag
    from muniment.information.bagit.writer import DEFAULT_ALGORITHMS

    recipe = BagRecipe(
        algorithms=_algorithms(args.algorithm or DEFAULT_ALGORITHMS),
        info=tuple(map(_label, args.info)),
        workers=args.processes,
    )
    if args.dry_run:
        _print_made(plan_bag(args.path, args.to), args, console)
        return 0
    with console.progress("Digesting") as progress:
        oxum = create_bag(args.path, args.to, recipe=recipe, progress=progress)
    _print_made(oxum, args, console)
    return 0


def _print_made(oxum: PayloadOxum, args: argparse.Namespace, console: Console) -> None:
    place = args.to or args.path
    if console.as_json:
        document = {"valid": True, "errors": [], "warnings": [], "path": str(place)}
        counts = {"file_count": oxum.file_count, "size_bytes": oxum.size_bytes}
        console.document(document | counts | {"dry_run": args.dry_run})
        return
    would = "would be " if args.dry_run else ""
    counted = f"{oxum.file_count} files, {oxum.size_bytes} bytes"
    console.line(f"{place}: {would}a bag of {counted}")


def _algorithms(names: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    from muniment.information.bagit.algorithms import algorithm_named
    from muniment.runtime.errors import InvalidArgument

    found: dict[str, None] = {}
    for name in names:
        algorithm = algorithm_named(name)
        if algorithm is None:
            raise InvalidArgument(f"{name} is no digest algorithm that we know")
        found[algorithm] = None
    return tuple(found)


def _label(text: str) -> Label:
    from muniment.information.bagit.bag_info import Label
    from muniment.runtime.errors import InvalidArgument

    label, equals, value = text.partition("=")
    if not equals or not label.strip() or ":" in label:
        raise InvalidArgument(f"{text!r} is not LABEL=VALUE")
    return Label(label.strip(), value.strip())
