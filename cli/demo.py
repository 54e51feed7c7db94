"""`yaji demo`: the whole path on a history of our own, in one command, with no set-up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.init import Template, write
from cli.simulate import simulate
from jobs.sample import SEED, write_sample


def demo(
    out: Annotated[Path, typer.Option(help="the folder for the home, the history and the reports")] = Path(
        "demo-output"
    ),
    lang: Annotated[str | None, typer.Option(help="zh or en; the group's first language if left out")] = None,
) -> None:
    """A sample community of sixty days, through the engine: report here and as HTML. Nothing is sent anywhere."""
    home = out / "home"
    write(home, Template.LITERATI)
    sample = write_sample(out, SEED)
    typer.echo(f"{sample.history}: {sample.messages} messages, {sample.joins} joins, {sample.spam} of them spam")
    simulate(
        sample.history,
        home=home,
        json=out / "report.json",
        html=out / "report.html",
        known=sample.truth,
        lang=lang,
    )
    typer.echo(
        f"\n{out / 'report.html'}  (open it in a browser)\n{out / 'report.json'}\n{home}  (change it and run again)"
    )
