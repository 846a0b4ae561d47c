"""The CERN SIP: a bag with `data/meta/sip.json` (specification "draft 1")."""

from __future__ import annotations

from muniment.information.cern_sip.check import CernSipReport, check_cern_sip
from muniment.information.cern_sip.model import ContentFile, SipManifest
from muniment.information.cern_sip.writer import render_sip_json

__all__ = [
    "CernSipReport",
    "ContentFile",
    "SipManifest",
    "check_cern_sip",
    "render_sip_json",
]
