"""The page of the audit trail."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.administration.queries import AuditWanted, page_of_audit
from muniment.runtime.http.pages import page, page_actor


@page("audit.read")
def audit(request: HttpRequest) -> HttpResponse:
    """Show a page of the audit trail, newest first."""
    cursor = request.GET.get("cursor", "")
    said = {name: request.GET.get(name, "").strip() for name in ("actor", "action", "thing")}
    query = {name: value for name, value in said.items() if value}
    found = page_of_audit(page_actor(request), AuditWanted(**said), limit=100, after=cursor)
    context = {
        "rows": found.rows,
        "wanted": said,
        "is_filtered": bool(query),
        "first": f"/audit?{urlencode(query)}" if cursor else "",
        "next": f"/audit?{urlencode(query | {'cursor': found.next})}" if found.next else "",
    }
    return render(request, "administration/audit.html", context)
