"""A comparison in the terminal, before the report of the changed home."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from jobs.report.against.shape import Against
from jobs.report.against.telling import Line, Speech, Tone, beyond, closing, opening
from jobs.report.against.telling_acts import parts
from jobs.report.terminal import WIDTH

_STYLES: dict[Tone, str] = {
    "": "", "name": "bold cyan", "gain": "green", "loss": "yellow", "soft": "dim", "said": "italic"
}  # fmt: skip


def show(against: Against, homes: tuple[str, str], speech: Speech, console: Console) -> None:
    """Print what the change from the first home to the second would do."""
    head = Text(f"{homes[0]} → {homes[1]}\n", style="bold")
    head.append(opening(against, speech), style="not bold" if against.differs else "not bold green")
    console.print(Panel(head, title=speech("title"), width=min(WIDTH, console.width), border_style="cyan"))
    console.print()
    for printed in _printed(against, speech):
        console.print(printed)
    console.print(Text(speech("full_report", home=homes[1]), style="dim"))
    console.print()


def _printed(against: Against, speech: Speech) -> Iterator[RenderableType]:
    for part in parts(against, speech):
        yield Text(part.title, style="bold")
        yield from (Padding(_text(line), (0, 0, 0, 2 * line.depth), expand=False) for line in part.lines)
        yield Text()
    if unshown := beyond(against, speech):
        yield Text(unshown, style="yellow")
        yield Text()
    if against.differs and (same := closing(against, speech)):
        yield Text(same, style="green")
        yield Text()


def _text(line: Line) -> Text:
    return Text.assemble(*((span.text, _STYLES[span.tone]) for span in line.spans))
