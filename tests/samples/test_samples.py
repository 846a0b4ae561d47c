"""The sample set is what it says: good packages are good for outside judges, bad ones are bad."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
from pathlib import Path

import pytest

from muniment.samples import Sample, bad, build, fonds, good, samples, texts
from tests.judges.fixtures import Judge, XsdJudge


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole set."""
    target = tmp_path_factory.mktemp("samples")
    build(target)
    return target


def digests_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_second_build_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    build(tmp_path)
    assert digests_below(tmp_path) == digests_below(built)


def test_building_over_a_set_replaces_what_was_left_in_it(tmp_path: Path) -> None:
    build(tmp_path)
    whole = digests_below(tmp_path)
    (tmp_path / "skjaervag-bag" / "data" / "stray.txt").write_text("stray")
    build(tmp_path)
    assert digests_below(tmp_path) == whole


def test_every_file_bears_the_time_of_the_set(built: Path) -> None:
    times = {path.stat().st_mtime for path in (built / "skjaervag-folder").rglob("*.*")}
    assert times == {texts.MADE_AT.timestamp()}


def test_the_set_has_good_and_bad_packages() -> None:
    made = list(samples())
    assert [sample.is_good for sample in made] == [True] * 5 + [False] * 5


@pytest.mark.parametrize("sample", list(samples()), ids=lambda sample: sample.name)
def test_each_sample_lies_where_it_says(sample: Sample, built: Path) -> None:
    assert sample.path_in(built).exists()


def test_the_fonds_has_at_least_twelve_formats(tmp_path: Path) -> None:
    # In a process of its own: the library of the identifier does not bear a fork afterwards.
    for number, content in enumerate(fonds.EVERYTHING.values()):
        (tmp_path / str(number)).write_bytes(content() or b"-")
    program = (
        "import pathlib, sys, pygfried\n"
        "files = sorted(pathlib.Path(sys.argv[1]).iterdir())\n"
        "print(*{pygfried.identify(str(file)) for file in files}, sep='\\n')"
    )
    import sys

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    puids = set(done.stdout.split()) - {"UNKNOWN"}
    assert len(puids) >= 12
    assert {"fmt/477", "fmt/279", "x-fmt/392", "fmt/412", "fmt/291", "fmt/5"} <= puids


def test_names_are_not_all_ascii() -> None:
    assert sum(not path.isascii() for path in fonds.EVERYTHING) >= 5


@pytest.mark.tool("bagit")
@pytest.mark.parametrize("name", ["skjaervag-bag", good.CERN_SIP])
def test_an_outside_judge_finds_the_bags_valid(name: str, built: Path, bagit_judge: Judge) -> None:
    assert bagit_judge(built / name) == []


@pytest.mark.tool("bagit")
def test_an_outside_judge_finds_the_packed_bag_valid(
    built: Path, tmp_path: Path, bagit_judge: Judge
) -> None:
    with tarfile.open(built / "skjaervag-recordings.tar.gz") as archive:
        archive.extractall(tmp_path)
    bag = tmp_path / "skjaervag-recordings"
    assert bagit_judge(bag) == []
    assert len(list(bag.glob("manifest-*.txt"))) == 4


@pytest.mark.tool("bagit")
@pytest.mark.parametrize("name", ["altered-file", "missing-file"])
def test_an_outside_judge_finds_the_bad_bags_invalid(
    name: str, built: Path, bagit_judge: Judge
) -> None:
    assert bagit_judge(built / "bad" / name) != []


@pytest.mark.tool("eark-validator")
def test_an_outside_judge_finds_only_its_own_errors_in_the_eark_sip(
    built: Path, eark_judge: Judge
) -> None:
    # What the SIP specification asks of agents breaks its rules for CSIP: docs/dev/upstream.md.
    found = {fault.partition(":")[0] for fault in eark_judge(built / "skjaervag-eark-sip")}
    assert found <= {"CSIP12", "CSIP13", "CSIP16", "SIP14"}


@pytest.mark.parametrize("mets", ["METS.xml", "representations/representation-1/METS.xml"])
def test_the_mets_of_the_eark_sip_is_valid(mets: str, built: Path, xsd_judge: XsdJudge) -> None:
    assert xsd_judge("mets.xsd", built / "skjaervag-eark-sip" / mets) == []


@pytest.mark.tool("ffprobe")
@pytest.mark.parametrize("name", ["tåkehorn.flac", "tåkehorn.wav", "lykten snur.avi"])
def test_recordings_can_be_played(name: str, built: Path) -> None:
    file = built / "skjaervag-folder" / "opptak" / name
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", str(file), "-f", "null", "-"],
        capture_output=True,
        check=True,
    )
    assert done.stderr == b""


def test_sip_json_lists_every_content_file_with_its_digest(built: Path) -> None:
    sip = built / good.CERN_SIP
    described = json.loads((sip / "data/meta/sip.json").read_text())
    wanted = {
        f"data/content/{path}": f"md5:{hashlib.md5(content).hexdigest()}"
        for path, content in fonds.contents(fonds.MESSAGES)
    }
    assert {row["bagpath"]: row["checksum"] for row in described["contentFiles"]} == wanted


def test_the_tar_holds_a_path_that_leaves(built: Path) -> None:
    with tarfile.open(built / "bad" / "leaves-the-package.tar") as archive:
        assert any(".." in name.split("/") for name in archive.getnames())


def test_the_eicar_file_is_the_test_string_and_nothing_else(built: Path) -> None:
    content = (built / "bad" / "eicar" / "eicar.com").read_bytes()
    assert len(content) == 68
    assert content == bad.EICAR.encode()
