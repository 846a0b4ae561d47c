"""Safe unpacking: no package makes us write outside our folder (archive spec §1)."""

from __future__ import annotations

from muniment.information.unpacking.receiving import receive
from muniment.information.unpacking.report import (
    LinkPolicy,
    SourceForm,
    UnpackLimits,
    UnpackReport,
)

__all__ = ["LinkPolicy", "SourceForm", "UnpackLimits", "UnpackReport", "receive"]
