"""The page of the audit trail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from muniment.administration.queries import page_of_audit
from muniment.runtime.http.pages import page, page_actor


@page("audit.read")
def audit(request: HttpRequest) -> HttpResponse:
    """Show a page of the audit trail, newest first."""
    cursor = request.GET.get("cursor", "")
    found = page_of_audit(page_actor(request), limit=100, after=cursor)
    context = {
        "rows": found.rows,
        "first": "/audit" if cursor else "",
        "next": f"/audit?cursor={found.next}" if found.next else "",
    }
    return render(request, "administration/audit.html", context)
