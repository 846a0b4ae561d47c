"""Sphinx configuration. `make docs` builds with warnings as errors."""

from __future__ import annotations

import os
import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "muniment.site.settings")

import django  # noqa: E402  # after the path and the settings

django.setup()

from scripts.reference import write_reference  # noqa: E402

write_reference(HERE / "reference" / "generated")

project = "Muniment"
author = "The Muniment developers"
copyright = "the Muniment developers, Apache-2.0"  # Sphinx's own name for it
release = version_of("muniment")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "reference/generated"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_default_options = {"members": True, "show-inheritance": True}
# Short names in signatures of slots dataclasses cannot all be linked; that is no fault of a page.
nitpicky = False

html_theme = "furo"
html_title = f"Muniment {release}"
html_show_sphinx = False
