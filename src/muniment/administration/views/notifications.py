"""The inbox of oneself, and how one wants to be told."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.administration.inbox import choices_of, page_of_notifications, unread_of
from muniment.administration.models.notification import MAIL
from muniment.administration.services import notifications
from muniment.administration.views.oneself import oneself
from muniment.connectors.mail import Mailer
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import SELF
from muniment.runtime.registry import adapter_of

_ROWS = 50
_ADDRESS = "/me/notifications"


@page(SELF)
def inbox(request: HttpRequest) -> HttpResponse:
    """List what one was told, newest first, with the choices below."""
    person, cursor = oneself(request), request.GET.get("cursor", "")
    found = page_of_notifications(person, limit=_ROWS, after=cursor)
    mailer = adapter_of(Mailer)  # type: ignore[type-abstract]  # a port is a Protocol
    context = {
        "rows": found.rows,
        "unread": unread_of(person),
        "newest": found.rows[0].number if found.rows else 0,
        "first": _ADDRESS if cursor else "",
        "next": f"{_ADDRESS}?cursor={found.next}" if found.next else "",
        "choices": choices_of(person),
        "mails": [("none", _("no mail")), ("now", _("at once")), ("daily", _("once a day"))],
        "can_mail": mailer.is_set_up and bool(person.email),
        "has_address": bool(person.email),
        "may_see_webhooks": may(page_actor(request), "webhook.read"),
    }
    return render(request, "administration/notifications.html", context)


@page(SELF, methods=("POST",))
def mark_read(request: HttpRequest) -> HttpResponse:
    """Mark all up to the newest that was shown; what came since stays new."""
    newest = request.POST.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) < 19:
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        notifications.mark_read(oneself(request), up_to=int(newest), clock=clock)
    return HttpResponseRedirect(_ADDRESS)


@page(SELF, methods=("POST",))
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choices of the form, one row for each kind."""
    person = oneself(request)
    for kind, before in choices_of(person):
        mail = request.POST.get(f"mail:{kind.name}", before.mail)
        notifications.choose(
            person,
            kind.name,
            is_shown=f"page:{kind.name}" in request.POST,
            mail=mail if mail in MAIL else before.mail,
        )
    messages.success(request, _("Your choices are kept."), extra_tags="good")
    return HttpResponseRedirect(_ADDRESS)
