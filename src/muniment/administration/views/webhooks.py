"""Pages of webhooks: who is told of events, with what success, and again."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.administration.models import Webhook
from muniment.administration.queries import page_of_deliveries, webhooks
from muniment.administration.services import webhooks as services
from muniment.administration.services.telling import redeliver
from muniment.administration.views.oneself import oneself
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError, VersionConflict
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of

_ROWS = 50
_LONGEST_NAME = 100
_MOST_NAMES = 100


def _webhooks(request: HttpRequest, fault: str = "") -> HttpResponse:
    actor = page_actor(request)
    context = {
        "rows": webhooks(actor),
        "may_change": may(actor, "webhook.change"),
        "may_see_settings": may(actor, "settings.read"),
        "said": request.POST,
        "fault": fault,
    }
    return render(request, "administration/webhooks.html", context, status=422 if fault else 200)


@page("webhook.read")
def list_webhooks(request: HttpRequest) -> HttpResponse:
    """List webhooks with their state, with a form for a new one."""
    return _webhooks(request)


@page("webhook.change", methods=("POST",))
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Add one and show its secret, this once; a fault keeps what was written."""
    try:
        made, secret = services.add_webhook(
            oneself(request),
            request.POST.get("url", "").strip(),
            _names(request),
            actor=page_actor(request),
            clock=_clock(),
        )
    except MunimentError as exc:
        return _webhooks(request, str(exc))
    return _webhook(request, made, secret=secret)


def _webhook(
    request: HttpRequest, row: Webhook, *, fault: str = "", secret: str = "", status: int = 200
) -> HttpResponse:
    actor, cursor = page_actor(request), request.GET.get("cursor", "")
    log = page_of_deliveries(row, limit=_ROWS, after=cursor)
    here = f"/webhooks/{row.pk}"
    context = {
        "hook": row,
        "seen": row.changed_at.isoformat(),
        "said": request.POST if fault else {"url": row.url, "events": "\n".join(row.events)},
        "rows": log.rows,
        "first": here if cursor else "",
        "next": f"{here}?cursor={quote(log.next)}" if log.next else "",
        "may_change": may(actor, "webhook.change"),
        "secret": secret,
        "fault": fault,
    }
    return render(request, "administration/webhook.html", context, status=status)


@page("webhook.read")
def show_webhook(request: HttpRequest, number: int) -> HttpResponse:
    """Show a webhook and what was sent to it."""
    return _webhook(request, services.webhook_of(number, actor=page_actor(request)))


@page("webhook.change", methods=("POST",))
def change_webhook(request: HttpRequest, number: int) -> HttpResponse:
    """Change address and events; who saw an older state is told, and keeps what they wrote."""
    row = _to_change(request, number)
    try:
        if request.POST.get("seen", "") != row.changed_at.isoformat():
            raise VersionConflict(_("Somebody has changed it meanwhile. Look, and send it again."))
        url, names = request.POST.get("url", "").strip(), _names(request)
        services.change_webhook(
            row, url=url, events=names, actor=page_actor(request), clock=_clock()
        )
    except MunimentError as exc:
        return _webhook(request, _to_change(request, number), fault=str(exc), status=exc.http)
    return _changed(request, number, _("The webhook was changed."))


@page("webhook.change", methods=("POST",))
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Switch a webhook on or off."""
    row, wanted = _to_change(request, number), request.POST.get("on") == "1"
    services.change_webhook(row, is_enabled=wanted, actor=page_actor(request), clock=_clock())
    said = _("The webhook is switched on.") if wanted else _("The webhook is switched off.")
    return _changed(request, number, said)


@page("webhook.change", methods=("POST",))
def new_secret(request: HttpRequest, number: int) -> HttpResponse:
    """Make a new secret and show it, this once."""
    row = _to_change(request, number)
    secret = services.rotate_secret(row, actor=page_actor(request), clock=_clock())
    return _webhook(request, row, secret=secret)


@page("webhook.change", methods=("POST",))
def remove_webhook(request: HttpRequest, number: int) -> HttpResponse:
    """Remove a webhook and its log."""
    row = _to_change(request, number)
    services.remove_webhook(row, actor=page_actor(request), clock=_clock())
    messages.success(request, _("The webhook was removed."), extra_tags="good")
    return HttpResponseRedirect("/webhooks")


@page("webhook.change", methods=("POST",))
def send_again(request: HttpRequest, number: int, delivery_id: UUID) -> HttpResponse:
    """Queue a delivery again."""
    row = _to_change(request, number)
    try:
        redeliver(row, delivery_id, actor=page_actor(request))
    except MunimentError as exc:
        return _webhook(request, row, fault=str(exc), status=exc.http)
    return _changed(request, number, _("The delivery is sent again."))


def _to_change(request: HttpRequest, number: int) -> Webhook:
    return services.webhook_of(number, actor=page_actor(request), action="webhook.change")


def _changed(request: HttpRequest, number: int, said: str) -> HttpResponse:
    messages.success(request, said, extra_tags="good")
    return HttpResponseRedirect(f"/webhooks/{number}")


def _names(request: HttpRequest) -> list[str]:
    """Read names of events, one a line; what is too long is cut, as nothing has such a name."""
    lines = request.POST.get("events", "").replace(",", "\n").splitlines()
    names = [line.strip()[:_LONGEST_NAME] for line in lines]
    return [name for name in names if name][:_MOST_NAMES]


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
