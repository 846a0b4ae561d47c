"""Objects, their files and events, searches."""

from __future__ import annotations

from collections.abc import Sequence

from muniment.client.asking import Asking, Document, Page, Shown, segment


class Reading(Asking):
    """What one finds, reads and describes."""

    __slots__ = ()

    def statistics(self) -> Document:
        """Return how many objects, files and bytes one may see."""
        return self._document("statistics")

    def objects(self, *, limit: int = 50, after: str = "", **wanted: object) -> Page:
        """Return a page of objects, newest first; `wanted`: filters, sort, count, fields."""
        return self._page("objects", limit=limit, cursor=after, **wanted)

    def one_object(self, name: str, *, version: int | None = None) -> Shown:
        """Return an object, by UUID or outside identifier."""
        return self._document(f"objects/{segment(name)}", version=version)

    def versions(self, name: str, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of an object's versions, newest first."""
        return self._page(f"objects/{segment(name)}/versions", limit=limit, cursor=after, **wanted)

    def differences(self, name: str, *, old: int | None = None, new: int | None = None) -> Document:
        """Return what changed between two versions; without them, what the newest changed."""
        return self._document(f"objects/{segment(name)}/differences", old=old, new=new)

    def files(self, name: str, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of an object's files; `wanted`: version, name, puid, sort, count."""
        return self._page(f"objects/{segment(name)}/files", limit=limit, cursor=after, **wanted)

    def tree(self, name: str, folder: str = "", *, limit: int = 100, after: str = "") -> Page:
        """Return a page of a folder of the newest version: folders, then files."""
        asked = {"in": folder, "limit": limit, "cursor": after}
        return self._page(f"objects/{segment(name)}/tree", **asked)

    def events(self, name: str, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of what happened to an object; `wanted`: type, outcome, file, count."""
        return self._page(f"objects/{segment(name)}/events", limit=limit, cursor=after, **wanted)

    def describe(self, name: str, terms: Sequence[Document], *, seen: str) -> Shown:
        """Replace the Dublin Core: {term, value, language}; makes a version."""
        body = {"terms": list(terms)}
        return self._changed("PUT", f"objects/{segment(name)}/description", body, seen=seen)

    def reading(self, name: str) -> Shown:
        """Return who may read an object."""
        return self._document(f"objects/{segment(name)}/reading")

    def set_reading(self, name: str, policy: Document, *, seen: str) -> Shown:
        """Decide who may read an object."""
        return self._changed("PUT", f"objects/{segment(name)}/reading", policy, seen=seen)

    def rights(self, name: str) -> Shown:
        """Return the rights statements of an object."""
        return self._document(f"objects/{segment(name)}/rights")

    def set_rights(self, name: str, rights: Sequence[Document], *, seen: str) -> Shown:
        """Replace the rights statements of an object; makes a version."""
        body = {"rights": list(rights)}
        return self._changed("PUT", f"objects/{segment(name)}/rights", body, seen=seen)

    def tags(self, name: str) -> Shown:
        """Return the tags of an object."""
        return self._document(f"objects/{segment(name)}/tags")

    def tag(self, name: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[str]:
        """Hang tags on and take others off; return those that are there."""
        body = {"add": list(add), "remove": list(remove)}
        tags: list[str] = self._posted(f"objects/{segment(name)}/tags", body)["tags"]
        return tags

    def set_tags(self, name: str, tags: Sequence[str], *, seen: str) -> Shown:
        """Replace the tags of an object."""
        return self._changed(
            "PUT", f"objects/{segment(name)}/tags", {"tags": list(tags)}, seen=seen
        )

    def bulk(self, action: str, objects: Sequence[str] = (), **more: object) -> Document:
        """Queue one action on many objects; `more`: query, add, remove."""
        return self._posted("objects/bulk", {"action": action, "objects": list(objects), **more})

    def search(
        self,
        query: str,
        *,
        sort: str = "relevance",
        facets: str = "",
        limit: int = 20,
        after: str = "",
    ) -> Page:
        """Return a page of hits; `rest` holds `total` and `facets`."""
        return self._page("search", q=query, sort=sort, facets=facets, limit=limit, cursor=after)

    def searches(self, *, limit: int = 100, after: str = "", **wanted: object) -> Page:
        """Return a page of the searches that one keeps."""
        return self._page("me/searches", limit=limit, cursor=after, **wanted)

    def keep_search(self, name: str, query: str, *, sort: str = "") -> Document:
        """Keep a search under a name."""
        return self._posted("me/searches", {"name": name, "query": query, "sort": sort})

    def forget_search(self, number: int) -> None:
        """Keep a search no longer."""
        self._changed("DELETE", f"me/searches/{number}")

    def one_file(self, file_id: str) -> Shown:
        """Return format, digests and technical metadata of a file."""
        return self._document(f"files/{segment(file_id)}")

    def content(self, file_id: str, *, part: tuple[int, int] | None = None) -> bytes:
        """Return the bytes of a file, or those from first to last; for small ones."""
        headers = {} if part is None else {"Range": f"bytes={part[0]}-{part[1]}"}
        return self.transport.send("GET", f"files/{segment(file_id)}/content", headers=headers).body
