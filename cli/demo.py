"""`yaji demo`: the whole path on a history of our own, in one command, with no set-up."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from cli.called import called
from cli.init import Template, write
from cli.simulate import simulate
from cli.spoken import HELP, spoken
from cli.status import REFUSED
from config.problems import Language, system_said
from jobs.sample import SEED, write_sample


def demo(
    out: Annotated[Path, typer.Option(help="the folder for the home, the history and the reports")] = Path(
        "demo-output"
    ),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """A sample community of sixty days, through the engine: report here and as HTML. Nothing is sent anywhere.

    A home that is already in the folder is kept, with what was changed in it.
    """
    language = spoken(lang)
    words = WORDS[language]
    home = out / "home"
    try:
        kept = home.exists() and not (home.is_dir() and not any(home.iterdir()))
        if not kept:
            write(home, Template.LITERATI, language)
        sample = write_sample(out, SEED)
    except OSError as error:
        typer.echo(
            words["unwritable"].format(file=error.filename or out, why=system_said(error).in_(language)), err=True
        )
        raise typer.Exit(REFUSED) from None
    numbers = {"messages": sample.messages, "joins": sample.joins, "spam": sample.spam}
    typer.echo(words["history"].format(file=sample.history, **numbers))
    if kept:
        typer.echo(words["kept"].format(home=home))
    simulate(
        sample.history,
        home=home,
        json=out / "report.json",
        html=out / "report.html",
        known=sample.truth,
        lang=lang,
    )
    again = [*called(), "simulate", str(sample.history), "--home", str(home), *(("--lang", lang) if lang else ())]
    typer.echo(
        f"\n{out / 'report.html'}  {words['open']}\n{out / 'report.json'}\n{home}  {words['change']}\n"
        f"  {shlex.join(again)}"
    )


WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "history": "{file}: {messages} messages ({spam} of them spam), {joins} joins",
        "kept": "{home} was there already and is kept as it is; remove it for a new one",
        "unwritable": "{file} cannot be written ({why}); choose another folder with --out.",
        "open": "(open it in a browser)",
        "change": "(change it, then run:)",
    },
    "zh": {
        "history": "{file}：{messages} 条消息（其中 {spam} 条是广告），{joins} 次入群",
        "kept": "{home} 本来就在，原样保留；想要新的，删掉它再来",
        "unwritable": "{file} 写不进去（{why}）；请用 --out 换一个文件夹。",
        "open": "（用浏览器打开）",
        "change": "（改好以后运行：）",
    },
}
