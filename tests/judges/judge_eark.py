"""Runs in the environment of `eark-validator`: prints the errors in a package as a JSON list.

The validator asks the network for its vocabularies when it is imported; its wheel carries the same
files, so they are served from there. Its own command ends with 0 for an invalid package: not used.
With `--each FOLDER` it prints {name: errors} of every package in a folder.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import urllib.request
from pathlib import Path


def _serve_vocabularies_offline() -> None:
    spec = importlib.util.find_spec("eark_validator")
    if spec is None or spec.origin is None:
        raise RuntimeError("eark_validator is not in this environment")
    folder = Path(spec.origin).parent / "ipxml" / "resources" / "vocabs"

    def from_the_wheel(url: str, *_: object, **__: object) -> io.BytesIO:
        return io.BytesIO((folder / url.rpartition("/")[2]).read_bytes())

    urllib.request.urlopen = from_the_wheel  # type: ignore[assignment]  # this process is the judge's


def faults_of(path: Path) -> list[str]:
    """Return the errors of structure, schema and schematron; warnings are no faults."""
    from eark_validator.packages import PackageValidator

    report = PackageValidator(path).validation_report
    results = list(report.structure.messages)
    if report.metadata is not None:
        results += report.metadata.schema_results.messages
        results += report.metadata.schematron_results.messages
    found = [
        f"{result.rule_id}: {result.location}: {result.message}"
        for result in results
        if result.severity.value.lower() == "error"
    ]
    return found or ([] if report.is_valid else [f"{path}: not valid"])


if __name__ == "__main__":
    _serve_vocabularies_offline()
    *option, where = sys.argv[1:]
    if option == ["--each"]:
        each = {path.name: faults_of(path) for path in sorted(Path(where).iterdir())}
        sys.stdout.write(json.dumps(each))
    else:
        sys.stdout.write(json.dumps(faults_of(Path(where))))
