"""`yaji copy`: from a file to the database of many machines."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from adapters.sql.copying import copy_store
from cli.books import books, forget_again, refuse, site_of
from cli.refusing import sentence
from cli.screen import echo
from cli.spoken import HELP, spoken
from config.problems import Said
from core.errors import StoreError
from jobs.serve.alone import alone
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import address, is_file


def copy(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the SQLite file", exists=True, dir_okay=False)],
    home: Annotated[Path, typer.Option(help="the home with the communities")] = Path(),
    lang: Annotated[str | None, typer.Option(help=HELP)] = None,
) -> None:
    """Copy all that an SQLite file holds into the home's PostgreSQL database, which has to be empty. Stop everything
    that writes to the file before.

    YAJI_DATABASE_URL, or storage.url in yaji.yaml, names the database. The file keeps all it holds; an older
    schema is brought up to date first.

    Exit status: 0 copied, 2 one of the two cannot be used, or the database is not empty.
    """
    language = spoken(lang)
    site = site_of(home, language)
    found = file.resolve()
    served = found.parents[1] if found.parent.name == "data" else home.resolve()
    try:
        target = address(site, os.environ)
        if is_file(target):
            refuse(_A_FILE.filled(home=home).in_(language))
        with ExitStack() as held:
            for one in {served, home.resolve()}:
                if (one / "data").is_dir():
                    held.enter_context(alone(one))
            rows = copy_store(f"sqlite:///{found}", target)
        with books(site, language) as store:
            for one in dict.fromkeys((served, home.resolve())):
                forget_again(store, one, language)
    except CannotServe as refusal:
        refuse(refusal.told.in_(language))
    except StoreError as error:
        refuse(sentence(error, language))
    told = ", ".join(f"{table} {count}" for table, count in rows.items() if count)
    echo(_COPIED.filled(file=file, rows=told or "0").in_(language))
    echo(_THE_KEY.filled(secret=served / "data" / "secret").in_(language))


_A_FILE = Said(
    "{home} keeps its database in a file. Say where to copy to: YAJI_DATABASE_URL=postgresql://…",
    "{home} 的数据库是一个文件。请说明拷到哪里：YAJI_DATABASE_URL=postgresql://…",
)
_COPIED = Said("{file} is copied: {rows}.", "{file} 已拷贝：{rows}。")
_THE_KEY = Said(
    "Every process needs the key as well: let YAJI_SECRET be what it was; if it was not set, what stands in {secret}.",
    "每个进程还要有原来的密钥：YAJI_SECRET 照旧；原来没设的，设为 {secret} 里的内容。",
)
