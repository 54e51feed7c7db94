"""`yaji restore`: a backup in the place of the home's database file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from adapters.sql.file_copy import copy_file, in_place_of
from adapters.sql.opening import known
from cli.books import books, forget_again, refuse, site_of
from cli.refusing import refusing
from cli.screen import echo
from cli.spoken import HELP, spoken
from config.problems import Said
from jobs.serve.alone import alone
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import file_of


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the backup", exists=True, dir_okay=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Put a backup in the place of the home's SQLite file. Stop everything that serves the home before.

    The backup is looked through first, and is left as it is. What was there stays beside it, under another name.
    Whoever was forgotten since the backup is forgotten again. Of PostgreSQL, pg_restore or psql puts one back.

    Exit status: 0 restored, 2 the backup or the home cannot be used.
    """
    language = spoken(lang)
    site = site_of(home, language)
    with refusing(language):
        try:
            target = file_of(site, os.environ)
            if target is None:
                refuse(_A_SERVER.in_(language))
            if target.exists() and file.samefile(target):
                refuse(_ITSELF.filled(file=file).in_(language))
            with alone(home):
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                draft = target.with_name(f"{target.name}.restored")
                copy_file(file, draft)
                try:
                    if not known(f"sqlite:///{draft.absolute()}"):
                        refuse(_NOTHING.filled(file=file).in_(language))
                    before = in_place_of(draft, target)
                finally:
                    draft.unlink(missing_ok=True)
                with books(site, language) as store:
                    forget_again(store, home, language)
        except CannotServe as refusal:
            refuse(refusal.told.in_(language))
    echo(_RESTORED.filled(file=file, target=target).in_(language))
    if before is not None:
        echo(_BEFORE.filled(before=before).in_(language))


_A_SERVER = Said(
    "The database is a server, and no file; put a dump into an empty database with psql or pg_restore.",
    "数据库在服务器上，不是文件；请用 psql 或 pg_restore 把备份放进一个空的数据库。",
)
_ITSELF = Said("{file} is the home's database itself; name a backup.", "{file} 就是家的数据库；请写一个备份。")
_NOTHING = Said("{file} holds no database of Yaji; name a backup.", "{file} 里不是雅集的数据库；请写一个备份。")
_RESTORED = Said(
    "{target} is now as {file} holds it; `yaji serve` goes on from there.",
    "{target} 现在和 {file} 一样；`yaji serve` 会从那里接着来。",
)
_BEFORE = Said(
    "What was there is {before}. It holds members' data: delete it when all is well.",
    "原来的是 {before}。里面有成员数据：没问题就删掉。",
)
