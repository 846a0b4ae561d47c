"""A signature database of one line, which finds the EICAR test string."""

from __future__ import annotations

from pathlib import Path

# In two parts, so that no scanner takes this file for a virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


def a_signature_database(folder: Path) -> Path:
    """Make the database and return its folder, which ClamAV's own user can read."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "eicar.ndb").write_text(f"Eicar.Test:0:*:{EICAR[:40].hex()}\n")
    return folder
