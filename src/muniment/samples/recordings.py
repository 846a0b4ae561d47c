"""Sound and film by hand: WAV, FLAC (verbatim frames) and AVI (motion JPEG)."""

from __future__ import annotations

import array
import hashlib
import io
import math
import struct
import sys
import wave

from muniment.samples.pictures import frames

RATE_HZ = 22_050
_BLOCK = 4096


def foghorn(seconds: float = 2.0) -> list[int]:
    """A foghorn: 220 Hz with two overtones, swelling and fading; 16-bit samples."""
    count = int(RATE_HZ * seconds)
    samples = []
    for index in range(count):
        angle = 2 * math.pi * 220 * index / RATE_HZ
        tone = math.sin(angle) + 0.4 * math.sin(2 * angle) + 0.2 * math.sin(3 * angle)
        swell = math.sin(math.pi * index / count)
        samples.append(round(9000 * tone * swell))
    return samples


def wav() -> bytes:
    """The foghorn as linear PCM."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, RATE_HZ, 0, "NONE", "not compressed"))
        sound.writeframes(_pcm(foghorn(), "<"))
    return out.getvalue()


def flac() -> bytes:
    """The foghorn in FLAC, every subframe verbatim (RFC 9639 §9.2.3)."""
    samples = foghorn()
    last = len(samples) % _BLOCK or _BLOCK
    info = struct.pack(">HH", _BLOCK, _BLOCK) + bytes(6)
    info += ((RATE_HZ << 44) | (0 << 41) | (15 << 36) | len(samples)).to_bytes(8, "big")
    info += hashlib.md5(_pcm(samples, "<"), usedforsecurity=False).digest()
    blocks = [samples[at : at + _BLOCK] for at in range(0, len(samples), _BLOCK)]
    body = b"".join(
        _flac_frame(number, block, last if number == len(blocks) - 1 else _BLOCK)
        for number, block in enumerate(blocks)
    )
    return b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info + body


def _flac_frame(number: int, samples: list[int], size: int) -> bytes:
    # Sync and fixed block size; size in 16 bits, rate from STREAMINFO; mono, 16 bits a sample.
    header = b"\xff\xf8\x70\x08" + bytes([number]) + struct.pack(">H", size - 1)
    header += bytes([_crc(header, 8, 0x07)])
    frame = header + b"\x02" + _pcm(samples, ">")
    return frame + _crc(frame, 16, 0x8005).to_bytes(2, "big")


def _crc(data: bytes, width: int, polynomial: int) -> int:
    value, top, mask = 0, 1 << (width - 1), (1 << width) - 1
    for byte in data:
        value ^= byte << (width - 8)
        for _ in range(8):
            value = ((value << 1) ^ polynomial if value & top else value << 1) & mask
    return value


def _pcm(samples: list[int], order: str) -> bytes:
    packed = array.array("h", samples)
    if (order == ">") == (sys.byteorder == "little"):
        packed.byteswap()
    return packed.tobytes()


def avi(count: int = 24, per_second: int = 12) -> bytes:
    """The lamp turning: a RIFF AVI of JPEG frames with an index."""
    pictures = frames(count)
    largest = max(map(len, pictures))
    main = struct.pack(
        "<14I", 1_000_000 // per_second, 0, 0, 0x10, count, 0, 1, largest, 320, 240, 0, 0, 0, 0
    )
    stream = b"vidsMJPG" + struct.pack(
        "<IHHIIIIIIIIhhhh", 0, 0, 0, 0, 1, per_second, 0, count, largest, 0xFFFFFFFF, 0,
        0, 0, 320, 240,
    )  # fmt: skip
    shape = struct.pack("<IiiHH4sIiiII", 40, 320, 240, 1, 24, b"MJPG", 320 * 240 * 3, 0, 0, 0, 0)
    streams = _list(b"strl", _chunk(b"strh", stream) + _chunk(b"strf", shape))
    headers = _list(b"hdrl", _chunk(b"avih", main) + streams)
    movie, index = b"", b""
    for picture in pictures:
        index += struct.pack("<4sIII", b"00dc", 0x10, 4 + len(movie), len(picture))
        movie += _chunk(b"00dc", picture)
    body = headers + _list(b"movi", movie) + _chunk(b"idx1", index)
    return _chunk(b"RIFF", b"AVI " + body)


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _list(name: bytes, body: bytes) -> bytes:
    return _chunk(b"LIST", name + body)
