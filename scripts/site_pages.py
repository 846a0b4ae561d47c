"""Every page of the site and where it is found: for pictures, for axe, for all who visit each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from playwright.sync_api import Page

# Each route that shows a page, with the addresses that show its states; {…} is one of THINGS.
PAGES: Mapping[str, tuple[str, ...]] = {
    "dashboard/": ("/dashboard/",),
    "objects": ("/objects", "/objects?q=nothing-is-like-this", "/objects?q=size:large"),
    "objects/<uuid:object_id>": ("{object}",),
    "objects/<uuid:object_id>/files": (
        "{object}/files",
        "{object}/files?in=original",
        "{object}/files?name=.",
        "{object}/files?name=nothing-is-like-this",
    ),
    "objects/<uuid:object_id>/events": ("{object}/events", "{object}/events?outcome=fail"),
    "objects/<uuid:object_id>/versions": ("{object}/versions", "{object}/versions?version=2"),
    "objects/<uuid:object_id>/description": ("{object}/description",),
    "objects/<uuid:object_id>/reading": ("{object}/reading",),
    "objects/<uuid:object_id>/rights": ("{object}/rights",),
    "object/<uuid:file_id>": ("{file}",),
    "object/<uuid:file_id>/text": ("{text}/text",),
    "submissions": ("/submissions", "/submissions?verdict=cancelled"),
    "submissions/new": ("/submissions/new",),
    "submissions/announce": ("/submissions/announce",),
    "submissions/<uuid:submission_id>": ("{accepted}", "{refused}"),
    "submissions/<uuid:submission_id>/receipt": ("{accepted}/receipt", "{refused}/receipt"),
    "quarantine": ("/quarantine",),
    "quarantine/<uuid:submission_id>": ("{quarantined}",),
    "quarantine/<uuid:submission_id>/delete": ("{quarantined}/delete",),
    "jobs": ("/jobs", "/jobs?state=cancelled"),
    "jobs/<int:number>": ("{job}", "{bulk}"),
    "jobs/<int:number>/items": ("{bulk}/items",),
    "pipelines": ("/pipelines",),
    "pipelines/new": ("/pipelines/new", "/pipelines/new?from=default"),
    "pipelines/<str:name>": ("/pipelines/default", "{pipeline}"),
    "pipelines/<str:name>/edit": ("/pipelines/default/edit",),
    "schedules": ("/schedules",),
    "schedules/new": ("/schedules/new",),
    "schedules/<str:name>": ("/schedules/fixity",),
    "fixity": ("/fixity",),
    "users": ("/users",),
    "users/<str:username>": ("{administrator}", "{archivist}"),
    "groups": ("/groups",),
    "groups/<str:name>": ("/groups/administrators", "/groups/auditors", "/groups/editors"),
    "webhooks": ("/webhooks",),
    "webhooks/<int:number>": ("{webhook}",),
    "audit": ("/audit",),
    "settings/": ("/settings/",),
    "me/": ("/me/",),
    "me/notifications": ("/me/notifications",),
    "me/password": ("/me/password",),
    "me/second-factor": ("/me/second-factor",),
    "help/": ("/help/",),
    "styleguide/": ("/styleguide/", "/no-such-page"),
}

# What a visitor sees who has not signed in.
VISITED: Mapping[str, tuple[str, ...]] = {
    "login/": ("/login/",),
    "password/forgotten": ("/password/forgotten",),
    "password/new/<str:username>/<str:token>": ("/password/new/nobody/too-old",),
}

# Routes that answer GET and show no page of their own by an address alone, and why.
NOT_PAGES: Mapping[str, str] = {
    "": "leads on to the dashboard",
    "api/oidc/callback/": "where a provider sends people back to",
    "login/oidc": "leads on to a provider",
    "login/code": "asks for a code after a password: see SCENES of scripts.screenshots",
    "kept/": "after a session that ended: see SCENES of scripts.screenshots",
    "live": "a stream of events",
    "jobs/<int:number>/items/<str:name>": "a download",
    "object/<uuid:file_id>/content": "a download",
    "object/<uuid:file_id>/media": "the bytes of a film or a recording",
    "object/<uuid:file_id>/picture": "a picture",
    "objects/<uuid:object_id>/files/inside": "a part of the tree of files",
    "pipelines/<str:name>/export": "a download",
    "schedules/preview": "a part of the page of a schedule",
    "submissions/<uuid:submission_id>/run": "a part of the page of a submission",
}

# One of each kind, as a person finds it: where it is listed, and its link there.
THINGS: Mapping[str, tuple[str, str]] = {
    "object": ("/objects?sort=largest", ".hit a"),
    "file": ("{object}/files?name=.", "td a"),
    "text": ("{object}/files?name=.csv", "td a"),
    "accepted": ("/submissions?verdict=accepted", "td a"),
    "refused": ("/submissions?verdict=refused", "td a"),
    "quarantined": ("/quarantine", "td a"),
    "job": ("/jobs", "td a"),
    "bulk": ("/jobs", "tr[data-kind=bulk] a"),
    "webhook": ("/webhooks", "td a"),
    "administrator": ("/users", "td a[href$='/administrator']"),
    "archivist": ("/users", "td a[href$='/archivist']"),
    "pipeline": ("/pipelines", "section a:not([href$='/default'])"),
}


def every_page(page: Page) -> Iterator[str]:
    """Give each address that whoever is signed in may look at, what is missing left out."""
    found = things(page)
    for addresses in PAGES.values():
        for address in addresses:
            wanted = address.partition("}")[0].removeprefix("{") if "{" in address else ""
            if not wanted or wanted in found:
                yield address.format_map(found)


def things(page: Page) -> dict[str, str]:
    """Return the address of one of each kind that is there."""
    found: dict[str, str] = {}
    for name, (listing, link) in THINGS.items():
        if "{" in listing and "object" not in found:
            continue
        page.goto(listing.format_map(found))
        links = page.locator(f"main {link}")
        if links.count():
            found[name] = links.first.get_attribute("href") or ""
    return found


def visited_pages() -> Iterator[str]:
    """Give each address that is open to a visitor."""
    for addresses in VISITED.values():
        yield from addresses
