"""Packs content by hand, as producers do: folders, bags, tar files; always the same bytes.

Not by the writers of `information`: what we read in tests and demo shall not come from ourselves.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from muniment.samples.texts import CREATOR, MADE_AT, TITLE

Files = Iterable[tuple[str, bytes]]


def write_folder(folder: Path, files: Files) -> Path:
    """Write files below `folder`, each with the time at which the set claims to have been made."""
    stamp = MADE_AT.timestamp()
    for path, content in files:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (stamp, stamp))
    return folder


def write_bag(
    folder: Path,
    payload: Files,
    *,
    identifier: str,
    algorithms: Sequence[str],
    version: str = "1.0",
) -> Path:
    """Write a bag (RFC 8493) with a manifest and a tag manifest for each algorithm."""
    manifests: dict[str, list[str]] = {name: [] for name in algorithms}
    count = size = 0
    for path, content in payload:
        write_folder(folder, [(f"data/{path}", content)])
        count, size = count + 1, size + len(content)
        for name, lines in manifests.items():
            lines.append(f"{_digest(name, content)}  data/{path}\n")
    information = {
        "Source-Organization": CREATOR,
        "External-Identifier": identifier,
        "External-Description": TITLE,
        "Bagging-Date": f"{MADE_AT:%Y-%m-%d}",
        "Payload-Oxum": f"{size}.{count}",
    }
    tags = {
        "bagit.txt": f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": _labelled(information),
        **{f"manifest-{name}.txt": "".join(sorted(lines)) for name, lines in manifests.items()},
    }
    encoded = {name: text.encode() for name, text in tags.items()}
    for name in algorithms:
        lines = [f"{_digest(name, content)}  {tag}\n" for tag, content in encoded.items()]
        write_folder(folder, [(f"tagmanifest-{name}.txt", "".join(lines).encode())])
    return write_folder(folder, encoded.items())


def _labelled(values: Mapping[str, str]) -> str:
    return "".join(f"{label}: {value}\n" for label, value in values.items())


def _digest(algorithm: str, content: bytes) -> str:
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def write_tar_gz(file: Path, folder: Path) -> Path:
    """Pack a folder under its own name; owner, times and order are fixed."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                add_to_tar(archive, f"{folder.name}/{path.relative_to(folder)}", path.read_bytes())
    file.write_bytes(gzip.compress(out.getvalue(), mtime=0))
    return file


def add_to_tar(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add one file under any name, also one that no honest packer would write."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = len(content), int(MADE_AT.timestamp()), 0o644
    archive.addfile(entry, io.BytesIO(content))
