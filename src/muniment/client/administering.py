"""Webhooks, settings and the audit trail."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.client.asking import Asking, Document, Page, Shown, segment


class Administering(Asking):
    """What administrators look after."""

    __slots__ = ()

    def audit(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of the audit trail, newest first; `wanted`: actor, action, thing."""
        return self._page("audit", limit=limit, cursor=after, **wanted)

    def settings(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of the settings; of a secret only whether it is set."""
        return self._page("settings", limit=limit, cursor=after, **wanted)

    def webhooks(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of who is told of events."""
        return self._page("webhooks", limit=limit, cursor=after, **wanted)

    def webhook(self, number: int) -> Shown:
        """Return a webhook without its secret."""
        return self._document(f"webhooks/{number}")

    def add_webhook(self, url: str, events: Sequence[str] = ()) -> Document:
        """Tell an address of events; its secret is told this once."""
        return self._posted("webhooks", {"url": url, "events": list(events)}, is_kept=False)

    def change_webhook(self, number: int, *, seen: str, **change: object) -> Shown:
        """Change a webhook; what is left out stays."""
        return self._changed("PATCH", f"webhooks/{number}", change, seen=seen)

    def remove_webhook(self, number: int, *, seen: str) -> None:
        """Remove a webhook and its log."""
        self._changed("DELETE", f"webhooks/{number}", seen=seen)

    def new_webhook_secret(self, number: int) -> Document:
        """Make a new secret; it is told this once."""
        return self._posted(f"webhooks/{number}/secret", is_kept=False)

    def deliveries(
        self, number: int, *, limit: int = 100, after: str = "", **wanted: object
    ) -> Page:
        """Return a page of what was sent to a webhook, newest first."""
        return self._page(f"webhooks/{number}/deliveries", limit=limit, cursor=after, **wanted)

    def redeliver(self, number: int, delivery_id: str) -> Document:
        """Send a delivery again."""
        return self._posted(f"webhooks/{number}/deliveries/{segment(delivery_id)}/redeliver")
