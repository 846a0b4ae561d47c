"""Every `WebFiles` keeps the promises of the port: real servers by http and https, and memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from muniment.connectors.web import AllowedHosts, NotGiven, Refusal, WebFiles
from muniment.connectors.web.adapters.http import HttpWeb
from muniment.connectors.web.adapters.memory import MemoryWeb, Page
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import PartnerDown, RateLimited
from tests.servers.web import a_web_server, an_identity, trusting

HOST = "files.example"
ADDRESSES: Mapping[str, Sequence[str]] = {
    HOST: ["127.0.0.1"],
    "inner.example": ["10.0.0.1"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "this.example": ["127.0.0.1", "::1"],
}


@dataclass(frozen=True, slots=True)
class World:
    """A web with one server that is listed exactly, and names that lead to private places."""

    web: WebFiles
    base: str

    def read(self, path: str) -> bytes:
        with self.web.open(self.base + path) as file:
            return b"".join(file.blocks)


Pages = Mapping[str, Page]
OpenWorld = Callable[[Pages, Path], AbstractContextManager[World]]


def hosts(port: int) -> AllowedHosts:
    listed = (f"{HOST}:{port}", "lost.example", *(name for name in ADDRESSES if name != HOST))
    return AllowedHosts(listed)


def resolve(host: str, _port: int) -> Sequence[str]:
    if host not in ADDRESSES:
        raise OSError("nobody knows it")
    return ADDRESSES[host]


@contextmanager
def memory(pages: Pages, _folder: Path) -> Iterator[World]:
    base = f"http://{HOST}:8080"
    known = {base + path: page for path, page in pages.items()}
    yield World(MemoryWeb(known, hosts(8080), ADDRESSES, FakeClock()), base)


@contextmanager
def http(pages: Pages, _folder: Path) -> Iterator[World]:
    with a_web_server(pages) as server:
        web = HttpWeb(hosts(server.port), FakeClock(), resolve=resolve)
        yield World(web, f"http://{HOST}:{server.port}")


@contextmanager
def https(pages: Pages, folder: Path) -> Iterator[World]:
    identity = an_identity(folder, HOST)
    with a_web_server(pages, identity=identity) as server:
        trust = trusting(identity)
        web = HttpWeb(hosts(server.port), FakeClock(), resolve=resolve, trust=trust)
        yield World(web, f"https://{HOST}:{server.port}")


every_web = pytest.mark.parametrize(
    "open_world",
    [
        pytest.param(memory, id="memory"),
        pytest.param(http, id="http"),
        pytest.param(https, id="https", marks=pytest.mark.tool("openssl")),
    ],
)


def refusal_of(world: World, url: str) -> NotGiven:
    with pytest.raises(NotGiven) as told, world.web.open(url):
        pass
    assert str(told.value)
    return told.value


@every_web
@pytest.mark.parametrize("size", [0, 1, 200_000])
def test_a_file_comes_with_every_byte_and_its_size(
    open_world: OpenWorld, tmp_path: Path, size: int
) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    pages = {"/a": Page(body[:size])}
    with open_world(pages, tmp_path) as world, world.web.open(f"{world.base}/a") as file:
        assert (file.size_bytes, file.moved_to) == (size, "")
        assert b"".join(file.blocks) == body[:size]


@every_web
def test_a_query_is_part_of_the_address(open_world: OpenWorld, tmp_path: Path) -> None:
    with open_world({"/a?b=1": Page(b"one")}, tmp_path) as world:
        assert world.read("/a?b=1") == b"one"
        assert refusal_of(world, f"{world.base}/a").refusal is Refusal.STATUS


@every_web
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_told(
    open_world: OpenWorld, tmp_path: Path, status: int
) -> None:
    pages = {"/a": Page(status=status, location="b/c?secret=1"), "/b/c?secret=1": Page(b"there")}
    with open_world(pages, tmp_path) as world, world.web.open(f"{world.base}/a") as file:
        assert b"".join(file.blocks) == b"there"
        assert file.moved_to == f"{world.base}/b/c"


@every_web
@pytest.mark.parametrize(
    ("location", "refusal"),
    [
        ("http://elsewhere.example/x", Refusal.HOST),
        (f"http://{HOST}:1/x", Refusal.HOST),
        ("http://inner.example/x", Refusal.ADDRESS),
        ("http://metadata.example/latest/meta-data", Refusal.ADDRESS),
        ("https://this.example/", Refusal.ADDRESS),
        ("http://mapped.example/", Refusal.ADDRESS),
        ("ftp://inner.example/x", Refusal.SCHEME),
        ("file:///etc/passwd", Refusal.SCHEME),
        ("http://[", Refusal.MALFORMED),
        ("/a", Refusal.REDIRECTS),
    ],
)
def test_every_hop_is_checked_like_the_first(
    open_world: OpenWorld, tmp_path: Path, location: str, refusal: Refusal
) -> None:
    with open_world({"/a": Page(status=302, location=location)}, tmp_path) as world:
        assert refusal_of(world, f"{world.base}/a").refusal is refusal


@every_web
def test_ten_redirects_are_followed(open_world: OpenWorld, tmp_path: Path) -> None:
    hops = {f"/{n}": Page(status=307, location=f"/{n + 1}") for n in range(10)}
    with open_world({**hops, "/10": Page(b"end")}, tmp_path) as world:
        assert world.read("/0") == b"end"


@every_web
@pytest.mark.parametrize("status", [201, 204, 206, 304, 400, 401, 403, 404, 410, 451])
def test_another_status_is_no_file(open_world: OpenWorld, tmp_path: Path, status: int) -> None:
    with open_world({"/a": Page(status=status)}, tmp_path) as world:
        told = refusal_of(world, f"{world.base}/a")
    assert (told.refusal, told.params["answer"][:3]) == (Refusal.STATUS, str(status))


@every_web
def test_a_redirect_to_nowhere_is_no_file(open_world: OpenWorld, tmp_path: Path) -> None:
    with open_world({"/a": Page(status=302)}, tmp_path) as world:
        assert refusal_of(world, f"{world.base}/a").refusal is Refusal.STATUS


@every_web
@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 599])
def test_a_server_in_trouble_is_asked_later(
    open_world: OpenWorld, tmp_path: Path, status: int
) -> None:
    pages = {"/a": Page(status=status, retry_after="7")}
    with open_world(pages, tmp_path) as world, pytest.raises(PartnerDown) as told:
        world.read("/a")
    assert told.value.retry_after_s == 7


@every_web
def test_a_server_may_ask_to_slow_down(open_world: OpenWorld, tmp_path: Path) -> None:
    pages = {"/a": Page(status=429, retry_after="Thu, 01 Jan 2026 00:02:00 GMT")}
    with open_world(pages, tmp_path) as world, pytest.raises(RateLimited) as told:
        world.read("/a")
    assert told.value.retry_after_s == 120


@every_web
def test_a_connection_that_breaks_is_no_end(open_world: OpenWorld, tmp_path: Path) -> None:
    pages = {"/a": Page(b"0123456789" * 1000, breaks_after=7000)}
    with open_world(pages, tmp_path) as world, pytest.raises(PartnerDown, match="broke"):
        world.read("/a")


@every_web
@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("http://elsewhere.example/x", Refusal.HOST),
        ("http://127.0.0.1/x", Refusal.HOST),
        ("http://localhost/x", Refusal.HOST),
        (f"http://{HOST}/x", Refusal.HOST),
        (f"http://{HOST}.elsewhere.example/x", Refusal.HOST),
        ("ftp://inner.example/x", Refusal.SCHEME),
        ("root://inner.example//x", Refusal.SCHEME),
        ("file:///etc/passwd", Refusal.SCHEME),
        ("http://ada:secret@inner.example/", Refusal.MALFORMED),
        ("http://inner.example:99999/", Refusal.MALFORMED),
    ],
)
def test_what_is_never_asked_is_told_without_asking(
    open_world: OpenWorld, tmp_path: Path, url: str, refusal: Refusal
) -> None:
    with open_world({}, tmp_path) as world:
        with pytest.raises(NotGiven) as told:
            world.web.check(url)
        assert told.value.refusal is refusal
        assert refusal_of(world, url).refusal is refusal
        assert "secret" not in f"{told.value} {told.value.params}"


@every_web
def test_a_name_that_nobody_knows_is_a_partner_that_is_down(
    open_world: OpenWorld, tmp_path: Path
) -> None:
    with open_world({}, tmp_path) as world, pytest.raises(PartnerDown, match="no address"):
        refusal_of(world, "http://lost.example/")


@every_web
@pytest.mark.parametrize("name", ["inner", "metadata", "mapped", "this"])
def test_a_listed_name_that_leads_inside_is_refused_with_what_to_list(
    open_world: OpenWorld, tmp_path: Path, name: str
) -> None:
    with open_world({}, tmp_path) as world:
        world.web.check(f"http://{name}.example/x")
        told = refusal_of(world, f"http://{name}.example/x")
    assert (told.refusal, told.params["entry"]) == (Refusal.ADDRESS, f"{name}.example:80")
    assert ADDRESSES[f"{name}.example"][0] in told.params["addresses"]
