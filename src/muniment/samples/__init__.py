"""The sample set: a small fonds made by code, well packed and badly packed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Sample", "build", "samples"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One package of the set; `name` is its path below the set, with `/`."""

    name: str
    about: str
    is_good: bool
    write: Callable[[Path], Path]

    def path_in(self, target: Path) -> Path:
        """Return where it lies in a set that was built at `target`."""
        return target / self.name


def samples() -> Iterator[Sample]:
    """Give the samples, the good ones first; nothing is written yet."""
    from muniment.samples import bad, good

    yield Sample("skjaervag-folder", "a plain folder of 27 files", True, good.folder)
    yield Sample("skjaervag-bag", "a bag with two manifests", True, good.bag)
    yield Sample("skjaervag-recordings.tar.gz", "a packed bag", True, good.packed_bag)
    yield Sample(good.CERN_SIP, "a CERN SIP", True, good.cern_sip)
    yield Sample("skjaervag-eark-sip", "an E-ARK SIP", True, good.eark_sip)
    yield Sample("bad/altered-file", "a bag with an altered file", False, bad.altered_file)
    yield Sample("bad/missing-file", "a bag with a missing file", False, bad.missing_file)
    yield Sample("bad/leaves-the-package.tar", "a path that leaves", False, bad.leaves_the_package)
    yield Sample("bad/xml-with-entities", "XML with entities", False, bad.xml_with_entities)
    yield Sample("bad/eicar", "the EICAR test string", False, bad.eicar)


def build(target: Path) -> list[Sample]:
    """Write the whole set below `target`, always the same bytes; what was there is replaced.

    Takes about two seconds and 3 MB.
    """
    made = list(samples())
    for sample in made:
        place = sample.path_in(target)
        if place.is_dir():
            shutil.rmtree(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        written = sample.write(place.parent)
        if written != place:
            raise AssertionError(f"the sample {sample.name} was written to {written}")
    return made
