"""Where somebody is signed in."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SignedIn(models.Model):
    """A session of the site with whose it is and from where; the session itself is elsewhere."""

    rebuilt = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="signed_in"
    )
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.user} from {self.address}"
