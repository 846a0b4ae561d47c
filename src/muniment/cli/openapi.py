"""`muniment openapi`: print the OpenAPI document of the API."""

from __future__ import annotations

import argparse
import json

from muniment.cli.console import Console

SUMMARY = "Print the OpenAPI 3.1 document of the API"
NEEDS_ARCHIVE = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the document is JSON."""
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  # as all verbs
    """Print the document, the same bytes every time."""
    from muniment.site.bootstrap import set_up_framework

    set_up_framework("muniment.site.web_settings")
    from muniment.site.openapi import document

    console.text(json.dumps(document(), indent=1, sort_keys=True, ensure_ascii=False))
    return 0
