"""The frame of every page that commands write, `frame.html`, with its style; pages fill it in."""

from __future__ import annotations

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined


def templates(*packages: str) -> Environment:
    """Where the templates of packages are found, beside the frame and the report. All that is filled in is escaped."""
    return Environment(
        loader=ChoiceLoader([PackageLoader(package, ".") for package in (*packages, "jobs.report")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
