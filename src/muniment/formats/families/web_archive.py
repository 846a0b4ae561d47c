"""WARC by warcio: every record, with its digests."""

from __future__ import annotations

from collections import Counter

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from muniment.formats.families.verdicts import invalid, tool, valid
from muniment.formats.types import Examination, ExaminationRequest

_TOOLS = (tool("warcio", "warcio"),)
_BLOCK_BYTES = 256 * 1024


def examine(request: ExaminationRequest) -> Examination:
    """Read every record to its end; the digests in its headers are checked."""
    kinds: Counter[str] = Counter()
    problems: list[str] = []
    try:
        with request.path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests=True):
                kinds[record.rec_type] += 1
                while record.raw_stream.read(_BLOCK_BYTES):
                    continue
                if record.raw_stream.limit > 0:
                    problems.append(f"record {kinds.total()} is shorter than it says")
                if record.digest_checker.passed is False:
                    problems += record.digest_checker.problems
    except (ArchiveLoadFailed, OSError, EOFError, ValueError) as exc:
        return invalid(_TOOLS, _properties(kinds), exc)
    if not kinds:
        return invalid(_TOOLS, {}, "there are no records")
    if problems:
        return invalid(_TOOLS, _properties(kinds), *problems[:20])
    return valid(_TOOLS, _properties(kinds))


def _properties(kinds: Counter[str]) -> dict[str, object]:
    counted = {f"web.records.{kind}": count for kind, count in sorted(kinds.items())}
    return {"web.records": sum(kinds.values()), **counted}
