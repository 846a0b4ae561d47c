"""What becomes of text that XML 1.0 §2.2 cannot hold."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def marked(value: Any) -> Any:  # noqa: ANN401  # any value of our models
    """Return a value as it comes back: each forbidden character became U+FFFD."""
    if isinstance(value, str):
        return FORBIDDEN.sub("\ufffd", value)
    if isinstance(value, tuple):
        return tuple(map(marked, value))
    if isinstance(value, dict):
        return {marked(name): marked(each) for name, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: marked(getattr(value, f.name)) for f in fields(value)})
    return value
