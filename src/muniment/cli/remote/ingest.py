"""`muniment ingest PATH…` into an archive elsewhere: packed here, uploaded, judged there.

Packed, for so names, times and empty folders come along; uploaded in pieces: a cut is gone on from.
"""

from __future__ import annotations

import argparse
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from muniment.cli.console import Console
from muniment.cli.ingest import report_documents
from muniment.client import Client, Document, upload_file
from muniment.runtime.errors import Denied, Invalid, InvalidArgument

_PACKED = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar.zst")


def run(args: argparse.Namespace, console: Console, client: Client) -> int:
    """Upload each package, wait for the verdicts, report; the exit code is the worst verdict's."""
    if args.watch:
        raise InvalidArgument("--watch works only beside the archive, without --server")
    handed_in = [_handed_in(Path(path), args, client) for path in args.paths]
    if args.runs_steps:
        with console.progress("ingest"):
            handed_in = [client.verdict(each["submission_id"]) for each in handed_in]
    else:
        handed_in = [client.submission(each["submission_id"]) for each in handed_in]
    found = [each | {"source_path": path} for path, each in zip(args.paths, handed_in, strict=True)]
    return report_documents(found, console)


def _handed_in(path: Path, args: argparse.Namespace, client: Client) -> Document:
    if not path.exists():
        raise InvalidArgument(f"{path} is not there")
    with _packed(path) as (name, package):
        made = client.make_deposit(
            kind="sip", pipeline=args.pipeline or "", object_id=args.object or ""
        )
        deposit = str(made["deposit_id"])
        try:
            upload_file(client, deposit, os.fsencode(name), package)
            return client.finalise(deposit, dry_run=args.dry_run)
        except (Invalid, Denied):  # nothing that a further try would mend
            client.delete_deposit(deposit)
            raise


@contextmanager
def _packed(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Give a package as it is when it is packed; else pack it into a file that goes away."""
    if path.is_file() and path.name.lower().endswith(_PACKED):
        with path.open("rb") as package:
            yield path.name, package
        return
    with tempfile.TemporaryFile(prefix="muniment-upload-") as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
            tar.add(path, path.resolve().name)
        yield f"{path.resolve().name}.tar", packed
