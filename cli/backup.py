"""`yaji backup`: a copy of the home's database file, whoever writes it meanwhile."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from adapters.sql.file_copy import copy_file, files_beside
from cli.books import refuse, site_of
from cli.outputs import absent, kept_apart
from cli.refusing import refusing
from cli.screen import echo
from cli.spoken import HELP, spoken
from config.problems import Said
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import file_of, missing


def backup(
    out: Annotated[Path, typer.Option(help="the file to write", show_default=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    force: Annotated[bool, typer.Option("--force", help="replace a file that is there")] = False,
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Copy the home's SQLite file, as it is at this moment, into one file. It holds members' data.

    It may be served meanwhile, and nobody waits. The copy is looked through before it is kept. Of PostgreSQL, pg_dump
    makes one.

    Exit status: 0 written, 2 the database is no file or damaged, or the copy cannot be written.
    """
    language = spoken(lang)
    with refusing(language, out):
        try:
            site = site_of(home, language)
            file, unmade = file_of(site, os.environ), missing(site, os.environ)
        except CannotServe as refusal:
            refuse(refusal.told.in_(language))
        if file is None:
            refuse(_A_SERVER.in_(language))
        kept_apart((out,), inputs=(file, *files_beside(file)), homes=(home,))
        absent(out, force=force)
        if out.exists() and not out.is_file():
            refuse(_NO_FILE.filled(out=out).in_(language))
        if unmade is not None:
            refuse(_NEVER_SERVED.filled(file=file).in_(language))
        copy_file(file, out)
    echo(_WRITTEN.filled(out=out, file=file).in_(language))
    echo(_BESIDE.filled(home=home).in_(language))


_A_SERVER = Said(
    "The database is a server, and no file; make a backup with pg_dump.",
    "数据库在服务器上，不是文件；请用 pg_dump 备份。",
)
_NEVER_SERVED = Said(
    "{file} is not there, or empty; a home that was never served has nothing to back up.",
    "没有 {file}，或者是空的；还没上线过的家，没有什么要备份。",
)
_NO_FILE = Said("{out} is no file; name one to write.", "{out} 不是文件；请写一个文件名。")
_WRITTEN = Said(
    "{out}: a copy of {file}. It holds members' data: keep it to yourself, and delete it when it is old.",
    "{out}：{file} 的备份。里面有成员数据，请自己保管，旧了就删。",
)
_BESIDE = Said(
    "The key {home}/data/secret (or YAJI_SECRET) is not in it; keep a copy of that, too, and apart.",
    "密钥 {home}/data/secret（或 YAJI_SECRET）不在里面；也请留一份，分开放。",
)
