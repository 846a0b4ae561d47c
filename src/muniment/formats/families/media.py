"""Sound and moving images by MediaInfo; ffprobe, where it is installed, reads every packet."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

from pymediainfo import MediaInfo

from muniment.formats.families.verdicts import invalid, not_checked, one_line, tool, valid
from muniment.formats.types import Examination, ExaminationRequest, ToolUse

_MEDIAINFO = tool("MediaInfo", "pymediainfo")
_TIMEOUT_S = 300
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
    probe = _ffprobe()
    tools = [_MEDIAINFO]
    if probe is not None:
        tools.append(probe)
        problems += _probe_problems(request)
    if problems:
        return invalid(tools, properties, *problems[:20])
    return not_checked(tools, properties) if probe is None else valid(tools, properties)


@cache
def _ffprobe() -> ToolUse | None:
    command = shutil.which("ffprobe")
    if command is None:
        return None
    done = subprocess.run(  # noqa: S603  # no words of a user
        [command, "-version"], capture_output=True, text=True, timeout=60, check=False
    )
    return ToolUse("ffprobe", done.stdout.split(" ")[2] if done.returncode == 0 else "unknown")


def _probe_problems(request: ExaminationRequest) -> list[str]:
    done = subprocess.run(  # noqa: S603  # the path is ours and absolute
        ["ffprobe", "-v", "error", "-count_packets", "-show_entries", "stream=index", "-of",  # noqa: S607
         "csv=p=0", "-protocol_whitelist", "file", "-i", str(request.path)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_TIMEOUT_S,
        check=False,
    )  # fmt: skip
    said = [one_line(line) for line in done.stderr.splitlines() if line.strip()]
    if done.returncode and not said:
        said.append(f"ffprobe ended with {done.returncode}")
    return said
