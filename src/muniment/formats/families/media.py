"""Sound and moving images by MediaInfo.

ffprobe, where it is installed, reads every packet of what is coded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pymediainfo import MediaInfo, Track

from muniment.formats.families.verdicts import (
    invalid,
    not_checked,
    not_examined,
    one_line,
    tool,
    valid,
)
from muniment.formats.ffprobe import ffprobe
from muniment.formats.types import Examination, ExaminationRequest, ToolUse
from muniment.runtime.errors import ToolFailed, ToolTimeout

_MEDIAINFO = tool("MediaInfo", "pymediainfo")
_GENERAL = {
    "media.container": "format",
    "media.duration_ms": "duration",
    "media.bit_rate": "overall_bit_rate",
}
_AUDIO = {
    "audio.codec": "format",
    "audio.channels": "channel_s",
    "audio.sampling_rate_hz": "sampling_rate",
    "audio.bit_depth": "bit_depth",
}
_VIDEO = {
    "video.codec": "format",
    "video.width": "width",
    "video.height": "height",
    "video.frame_rate": "frame_rate",
    "video.frames": "frame_count",
    "video.colour_space": "color_space",
    "video.chroma_subsampling": "chroma_subsampling",
}


def examine(request: ExaminationRequest) -> Examination:
    """Read containers and streams; without ffprobe the streams themselves are not checked."""
    tracks = MediaInfo.parse(request.path).tracks
    properties: dict[str, object] = {}
    problems = []
    for track in tracks:
        names = {"General": _GENERAL, "Audio": _AUDIO, "Video": _VIDEO}.get(track.track_type, {})
        for name, attribute in names.items():
            properties.setdefault(name, getattr(track, attribute, None))
        if getattr(track, "istruncated", None) == "Yes":
            problems.append("the file is truncated")
    if not any(track.track_type in {"Audio", "Video"} for track in tracks):
        problems.append("there is neither sound nor picture in it")
    if not problems and _is_plain_pcm(tracks):
        return valid([_MEDIAINFO], properties)
    return _with_ffprobe(request, properties, problems)


def _with_ffprobe(
    request: ExaminationRequest, properties: dict[str, object], problems: list[str]
) -> Examination:
    """Let ffprobe look at the streams; where it breaks down, that is told of the file."""
    tools, probe = [_MEDIAINFO], ffprobe()
    if probe is None:
        return _judged(tools, properties, problems, is_checked=False)
    try:
        problems += map(one_line, probe.problems_of(request.path.absolute()))
    except (ToolFailed, ToolTimeout) as exc:
        seen = _judged(tools, properties, problems, is_checked=False)
        return replace(seen, findings=(*seen.findings, not_examined(exc)))
    return _judged([*tools, probe.use], properties, problems, is_checked=True)


def _judged(
    tools: list[ToolUse], properties: dict[str, object], problems: list[str], *, is_checked: bool
) -> Examination:
    if problems:
        return invalid(tools, properties, *problems[:20])
    return valid(tools, properties) if is_checked else not_checked(tools, properties)


def _is_plain_pcm(tracks: Sequence[Track]) -> bool:
    """Say whether nothing is coded: then the chunks and their lengths are all that can be wrong.

    MediaInfo checks those. ffprobe takes 0.1 s to start and accepts a WAV that was cut short.
    """
    kinds = {track.track_type for track in tracks}
    container = next((track.format for track in tracks if track.track_type == "General"), "")
    codecs = {track.format for track in tracks if track.track_type == "Audio"}
    return container == "Wave" and codecs == {"PCM"} and "Video" not in kinds
