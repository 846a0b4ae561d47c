"""Keeps secrets in the database so that a copy of the database alone does not give them away."""

from __future__ import annotations

import base64
import hashlib

from muniment.runtime.errors import Misconfigured


class SecretBox:
    """Seals small secrets with a key made from the archive's own (`secret.key`)."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"muniment secret box\0" + key.encode()).digest()

    def seal(self, secret: bytes) -> bytes:
        """Return what may be stored."""
        # Late: few commands ever seal anything, and the library is slow to load.
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self._key)).encrypt(secret)

    def open(self, sealed: bytes | memoryview) -> bytes:
        """Return the secret. Raises Misconfigured when it was sealed with another key."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(base64.urlsafe_b64encode(self._key)).decrypt(bytes(sealed))
        except InvalidToken as exc:
            raise Misconfigured(
                "a secret in the database was sealed with another secret.key; "
                "put the archive's own back, or have the secret set anew"
            ) from exc
