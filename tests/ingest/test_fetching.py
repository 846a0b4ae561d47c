"""What of a bag is to be fetched, and what is taken for it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from muniment.connectors.web import AllowedHosts
from muniment.connectors.web.adapters.http import HttpWeb
from muniment.connectors.web.adapters.memory import Page
from muniment.information.listing import ListedFile
from muniment.information.unpacking import UnpackLimits, receive
from muniment.ingest.area import WorkArea
from muniment.ingest.fetching import Fetching, plan_of, refusals
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import NoSpace, PartnerDown
from tests.ingest.fetches import BASE, LEFT_OUT, URL, a_lean_bag, a_web
from tests.ingest.packages import CONTENT, a_folder
from tests.servers.web import Raw, a_web_server

LIST = CONTENT[LEFT_OUT]
LETTER = "letters/1912-04-10.txt"


def received(source: Path, place: Path) -> WorkArea:
    """Take a package into a work area, as `unpack` does."""
    area = WorkArea(place / "area")
    area.make(boot="now")
    limits = UnpackLimits(reserve_bytes=0)
    receive(source, area.package, area.listing, limits=limits, algorithms=["sha256", "md5"])
    return area


def nothing(_done: int, _total: int | None, _message: str) -> None:
    """Take the progress and forget it."""


def a_fetching(
    area: WorkArea, pages: Mapping[str, Page] | None = None, reserve: int = 0
) -> Fetching:
    return Fetching(area, a_web(pages), plan_of(area).algorithms, reserve, nothing)


def fetched(
    area: WorkArea, pages: Mapping[str, Page] | None = None
) -> tuple[list[ListedFile], list[tuple[str, str | None]]]:
    """Fetch; return the files and code and path of each finding."""
    fetching = a_fetching(area, pages)
    files = list(fetching.files(plan_of(area)))
    return files, [(each.code, each.path) for each in fetching.findings]


def paths_to_fetch(area: WorkArea) -> list[tuple[str, str]]:
    return [(each.place.path, each.item.url) for each in plan_of(area).wanted]


def test_what_was_not_sent_is_to_be_fetched(tmp_path: Path) -> None:
    area = received(a_lean_bag(tmp_path / "bag"), tmp_path)
    assert paths_to_fetch(area) == [("data/list.csv", URL)]


def test_a_bag_below_a_top_folder_has_its_files_there(tmp_path: Path) -> None:
    a_lean_bag(tmp_path / "wrapped" / "100%")
    area = received(tmp_path / "wrapped", tmp_path)
    ((file,), findings) = fetched(area)
    assert (file.path, file.original_name) == ("100%25/data/list.csv", "100%25/data/list.csv")
    assert (area.package / "100%25/data/list.csv").read_bytes() == LIST
    assert findings == []


def test_what_was_sent_all_the_same_is_not_fetched(tmp_path: Path) -> None:
    bag = a_lean_bag(tmp_path / "bag")
    (bag / "data" / LEFT_OUT).write_bytes(LIST)
    assert paths_to_fetch(received(bag, tmp_path)) == []


def test_the_first_of_two_lines_counts(tmp_path: Path) -> None:
    bag = a_lean_bag(tmp_path / "bag")
    with (bag / "fetch.txt").open("a") as stream:
        stream.write(f"{BASE}/other 3 data/{LEFT_OUT}\n")
    area = received(bag, tmp_path)
    assert paths_to_fetch(area) == [("data/list.csv", URL)]
    assert [each.code for each in plan_of(area).findings] == ["fetch-twice"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda bag: (bag / "bagit.txt").unlink(), id="no bag"),
        pytest.param(lambda bag: (bag / "bagit.txt").write_text("x"), id="malformed"),
        pytest.param(lambda bag: (bag / "fetch.txt").write_text("x"), id="malformed line"),
        pytest.param(lambda bag: (bag / "manifest-sha256.txt").write_text(""), id="not listed"),
        pytest.param(lambda bag: (bag / "fetch.txt").unlink(), id="no fetch.txt"),
    ],
)
def test_nothing_is_asked_for_a_bag_that_is_wrong_anyway(tmp_path: Path, spoil: object) -> None:
    bag = a_lean_bag(tmp_path / "bag")
    spoil(bag)  # type: ignore[operator]  # a lambda of the list above
    assert paths_to_fetch(received(bag, tmp_path)) == []


def test_a_plain_folder_with_such_a_file_is_left_alone(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "folder", {"fetch.txt": f"{URL} - data/x\n".encode()})
    assert paths_to_fetch(received(folder, tmp_path)) == []


def test_a_path_that_no_disk_can_hold_has_no_place(tmp_path: Path) -> None:
    name = "/".join(["x" * 200] * 20)
    bag = a_lean_bag(tmp_path / "bag")
    digest = hashlib.sha256(b"x").hexdigest()
    with (bag / "manifest-sha256.txt").open("a") as stream:
        stream.write(f"{digest}  data/{name}\n")
    (bag / "fetch.txt").write_text(f"{URL} 1 data/{name}\n")
    plan = plan_of(received(bag, tmp_path))
    assert [each.code for each in refusals(plan, a_web())] == ["fetch-place"]


def test_a_file_is_digested_by_every_algorithm_that_is_declared(tmp_path: Path) -> None:
    bag = a_lean_bag(tmp_path / "bag")
    lines = [f"{hashlib.md5(data).hexdigest()}  data/{name}\n" for name, data in CONTENT.items()]
    (bag / "manifest-md5.txt").write_text("".join(lines))
    ((file,), _) = fetched(received(bag, tmp_path))
    assert file.size_bytes == len(LIST)
    assert file.digests == {
        name: hashlib.new(name, LIST).hexdigest() for name in ("md5", "sha256", "sha512")
    }


@pytest.mark.parametrize("length", ["-", str(len(LIST))])
def test_a_length_may_be_told_or_not(tmp_path: Path, length: str) -> None:
    area = received(a_lean_bag(tmp_path / "bag", length=length), tmp_path)
    files, findings = fetched(area)
    assert ([file.path for file in files], findings) == (["data/list.csv"], [])


@pytest.mark.parametrize("length", ["0", str(len(LIST) - 1), str(len(LIST) + 1)])
def test_another_length_than_told_is_refused_and_not_kept(tmp_path: Path, length: str) -> None:
    area = received(a_lean_bag(tmp_path / "bag", length=length), tmp_path)
    assert fetched(area) == ([], [("fetch-size", "data/list.csv")])
    assert not (area.package / "data" / LEFT_OUT).exists()


@pytest.mark.parametrize(
    ("sent", "found"), [(LIST + b"x", f"more than {len(LIST)}"), (LIST[:-1], str(len(LIST) - 1))]
)
def test_a_server_that_does_not_say_the_length_is_measured(
    tmp_path: Path, sent: bytes, found: str
) -> None:
    with a_web_server({"/a": Raw(b"HTTP/1.1 200 OK\r\n\r\n" + sent)}) as server:
        entry = f"127.0.0.1:{server.port}"
        area = received(a_lean_bag(tmp_path / "bag", {LEFT_OUT: f"http://{entry}/a"}), tmp_path)
        web = HttpWeb(AllowedHosts([entry]), FakeClock())
        fetching = Fetching(area, web, ("sha256",), 0, nothing)
        assert list(fetching.files(plan_of(area))) == []
    (finding,) = fetching.findings
    assert (finding.code, finding.found) == ("fetch-size", found)
    assert finding.expected == str(len(LIST))


def test_every_file_that_is_not_given_is_named(tmp_path: Path) -> None:
    urls = {LEFT_OUT: f"{BASE}/gone", LETTER: f"{BASE}/denied", "empty.txt": f"{BASE}/empty"}
    pages = {f"{BASE}/denied": Page(status=403), f"{BASE}/empty": Page()}
    area = received(a_lean_bag(tmp_path / "bag", urls), tmp_path)
    files, findings = fetched(area, pages)
    assert [file.path for file in files] == ["data/empty.txt"]
    assert findings == [("fetch-status", "data/list.csv"), ("fetch-status", f"data/{LETTER}")]


def test_a_partner_that_is_down_is_raised(tmp_path: Path) -> None:
    area = received(a_lean_bag(tmp_path / "bag"), tmp_path)
    with pytest.raises(PartnerDown):
        fetched(area, {URL: Page(status=503)})


def test_a_package_that_is_at_fault_is_not_tried_again_for_a_partner(tmp_path: Path) -> None:
    urls = {LEFT_OUT: f"{BASE}/gone", LETTER: f"{BASE}/down"}
    area = received(a_lean_bag(tmp_path / "bag", urls), tmp_path)
    pages = {f"{BASE}/down": Page(status=503)}
    assert fetched(area, pages) == ([], [("fetch-status", "data/list.csv")])


def test_a_file_whose_address_led_on_is_told_and_kept(tmp_path: Path) -> None:
    pages = {URL: Page(status=302, location="/v2/list?key=1"), f"{BASE}/v2/list?key=1": Page(LIST)}
    area = received(a_lean_bag(tmp_path / "bag"), tmp_path)
    fetching = a_fetching(area, pages)
    assert len(list(fetching.files(plan_of(area)))) == 1
    (finding,) = fetching.findings
    assert (finding.code, finding.params["url"]) == ("fetch-moved", f"{BASE}/v2/list")


def test_what_an_earlier_run_got_is_not_asked_for_again(tmp_path: Path) -> None:
    urls = {LEFT_OUT: URL, LETTER: f"{BASE}/letter"}
    area = received(a_lean_bag(tmp_path / "bag", urls), tmp_path)
    with pytest.raises(PartnerDown):
        fetched(area, {URL: Page(LIST), f"{BASE}/letter": Page(status=503)})
    again = {URL: Page(status=410), f"{BASE}/letter": Page(CONTENT[LETTER])}
    files, findings = fetched(area, again)
    assert findings == []
    assert [(each.path, each.digests["sha256"]) for each in files] == [
        (f"data/{name}", hashlib.sha256(CONTENT[name]).hexdigest()) for name in (LEFT_OUT, LETTER)
    ]


def test_a_connection_that_breaks_leaves_no_half_file(tmp_path: Path) -> None:
    area = received(a_lean_bag(tmp_path / "bag"), tmp_path)
    with pytest.raises(PartnerDown):
        fetched(area, {URL: Page(LIST, breaks_after=5)})
    assert not (area.package / "data" / LEFT_OUT).exists()


@pytest.mark.parametrize("blocker", ["data/deep", "data/deep/list.csv/x"])
def test_a_path_that_is_taken_has_no_place(tmp_path: Path, blocker: str) -> None:
    content = {"deep/list.csv": LIST, "a.txt": b"a"}
    bag = a_lean_bag(tmp_path / "bag", {"deep/list.csv": URL}, content=content)
    shutil.rmtree(bag / "data" / "deep")
    a_folder(bag, {blocker: b"in the way"})
    assert fetched(received(bag, tmp_path)) == ([], [("fetch-place", "data/deep/list.csv")])


def test_room_is_looked_for_before_anything_is_asked(tmp_path: Path) -> None:
    area = received(a_lean_bag(tmp_path / "bag"), tmp_path)
    with pytest.raises(NoSpace, match="kept in reserve"):
        list(a_fetching(area, {}, reserve=1 << 62).files(plan_of(area)))


def test_room_is_looked_for_while_a_file_of_any_length_comes(tmp_path: Path) -> None:
    area = received(a_lean_bag(tmp_path / "bag", length="-"), tmp_path)
    free = shutil.disk_usage(tmp_path).free
    fetching = a_fetching(area, {URL: Page(bytes(17 << 20))}, reserve=free - (8 << 20))
    with pytest.raises(NoSpace):
        list(fetching.files(plan_of(area)))


def test_progress_is_told_while_a_large_file_comes(tmp_path: Path) -> None:
    told: list[tuple[int, int | None, str]] = []
    area = received(a_lean_bag(tmp_path / "bag", length="-"), tmp_path)
    web = a_web({URL: Page(bytes(17 << 20))})
    fetching = Fetching(area, web, ("sha256",), 0, lambda *each: told.append(each))
    list(fetching.files(plan_of(area)))
    assert [message for *_, message in told] == ["fetching data/list.csv"] * 2
