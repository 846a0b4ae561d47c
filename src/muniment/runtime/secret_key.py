"""The key that sessions and signed links stand on: made once for each archive, kept in its home."""

from __future__ import annotations

import os
import secrets

from muniment.runtime.errors import Misconfigured
from muniment.runtime.home import ArchiveHome

_SHORTEST = 50


def secret_key(home: ArchiveHome) -> str:
    """Return the archive's key; one for this process alone where there is no archive yet.

    Raises Misconfigured when the file is there and cannot be read, or holds too little.
    """
    try:
        key = home.secret_key.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return secrets.token_urlsafe(_SHORTEST)
    except (OSError, ValueError) as exc:
        raise Misconfigured(f"{home.secret_key} cannot be read: {exc}") from exc
    if len(key) < _SHORTEST:
        raise Misconfigured(f"{home.secret_key} holds no key; remove it and run `muniment init`")
    return key


def ensure_secret_key(home: ArchiveHome) -> None:
    """Make the key of an archive, readable by its owner alone, unless there is one."""
    try:
        descriptor = os.open(home.secret_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(_SHORTEST) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
