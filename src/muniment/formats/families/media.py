"""Sound and moving images by MediaInfo.

ffprobe, where it is installed, reads every packet of what is coded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from pymediainfo import MediaInfo, Track

from muniment.formats.families.verdicts import invalid, not_checked, one_line, tool, valid
from muniment.formats.types import Examination, ExaminationRequest, ToolUse
from muniment.runtime.tools import find_tool, run_tool

_MEDIAINFO = tool("MediaInfo", "pymediainfo")
_PROBE = (
    *("-v", "error", "-protocol_whitelist", "file"),
    *("-count_packets", "-show_entries", "stream=index", "-of", "csv=p=0"),
)
# Less than what the helper itself gets for the file, so that only ffprobe is given up.
_BASE_S = 30.0
_RATE_BYTES_S = 4 << 20
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
    probe = _ffprobe()
    tools = [_MEDIAINFO]
    if probe is not None:
        tools.append(probe)
        problems += _probe_problems(request)
    if problems:
        return invalid(tools, properties, *problems[:20])
    return not_checked(tools, properties) if probe is None else valid(tools, properties)


def _is_plain_pcm(tracks: Sequence[Track]) -> bool:
    """Say whether nothing is coded: then the chunks and their lengths are all that can be wrong.

    MediaInfo checks those. ffprobe takes 0.1 s to start and accepts a WAV that was cut short.
    """
    kinds = {track.track_type for track in tracks}
    container = next((track.format for track in tracks if track.track_type == "General"), "")
    codecs = {track.format for track in tracks if track.track_type == "Audio"}
    return container == "Wave" and codecs == {"PCM"} and "Video" not in kinds


@cache
def _ffprobe() -> ToolUse | None:
    if find_tool("ffprobe") is None:
        return None
    said = run_tool(["ffprobe", "-version"], timeout_s=60).stdout.decode("utf-8", "replace")
    return ToolUse("ffprobe", (said.split() + ["unknown"] * 3)[2])


def _probe_problems(request: ExaminationRequest) -> list[str]:
    path = request.path.absolute()
    done = run_tool(
        ["ffprobe", *_PROBE, "-i", str(path)],
        timeout_s=_BASE_S + path.stat().st_size / _RATE_BYTES_S,
        inputs=[path],
    )
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    said = [one_line(line) for line in lines if line.strip()]
    if done.returncode and not said:
        said.append(f"ffprobe ended with {done.returncode}")
    return said
