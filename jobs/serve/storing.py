"""Opening the store of a home, wherever the operator keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from adapters.sql import SqlStore, open_as_it_is, open_store
from adapters.sql.directory import SqlDirectory
from config.deployment import Storage
from config.problems import Said, system_said
from config.secrets import Secret
from config.site import Site
from core.directory import Written, unwritten
from core.errors import SchemaUnknown, StoreError, StoreUnavailable, StoreUnknown
from jobs.serve.refusing import CannotServe

_FILE: Final = "sqlite:///"
VARIABLE: Final = "YAJI_DATABASE_URL"
"""Where the environment tells which database it is."""


def address(site: Site, environment: Mapping[str, str]) -> str:
    """The URL of the database: YAJI_DATABASE_URL, or what `yaji.yaml` says. Raises CannotServe."""
    given = environment.get(VARIABLE)
    if given:
        return given
    written = site.settings.storage.url
    if isinstance(written, Secret):
        read = written.read(environment)
        if not read:
            raise CannotServe(_UNSET.filled(name=written.name))
        return read
    return written


def is_file(url: str) -> bool:
    """Whether the database is a file, which one process writes for all."""
    return url.startswith("sqlite:")


def opened(site: Site, environment: Mapping[str, str]) -> SqlStore:
    """The store, its schema up to date. A file's name is relative to the home. Raises StoreError, CannotServe."""
    url = address(site, environment)
    file = _file(site, url)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise CannotServe(_UNWRITABLE.filled(folder=file.parent, why=system_said(error))) from None
        url = f"{_FILE}{file}"
    with _placed(site, environment, url):
        return open_store(url)


@contextmanager
def _placed(site: Site, environment: Mapping[str, str], url: str) -> Iterator[None]:
    """Tells, with what is wrong with the database, which file it is, or where its address is written."""
    try:
        yield
    except StoreError as error:
        untold = is_file(url) and isinstance(error, StoreUnavailable)
        if not untold and not isinstance(error, StoreUnknown | SchemaUnknown):
            raise
        place = url.removeprefix(_FILE) if untold else _place(site, environment)
        raise CannotServe(Said(f"{place}: {error}", f"{place}：{error.zh}")) from None


def _place(site: Site, environment: Mapping[str, str]) -> str:
    """Where the address of the database is written."""
    if environment.get(VARIABLE):
        return VARIABLE
    written = site.settings.storage.url
    if isinstance(written, Secret):
        return written.name
    return "yaji.yaml: storage.url" if "storage" in site.settings.model_fields_set else written


@contextmanager
def looked_at(site: Site, environment: Mapping[str, str]) -> Iterator[SqlStore]:
    """The store, for reading only, as it is: one that was never served is empty, and nothing is made in it by this.

    Raises StoreError, for an older schema too, and CannotServe.
    """
    url = address(site, environment)
    file = _file(site, url)
    if file is None or _begun(file):
        url = url if file is None else f"{_FILE}{file}"
        with _placed(site, environment, url):
            found = open_as_it_is(url)
        if found is not None:
            with closing(found):
                yield found
            return
    with (
        TemporaryDirectory(prefix="yaji-unmade-") as folder,
        closing(open_store(f"{_FILE}{Path(folder) / 'empty.sqlite3'}", durable=False)) as store,
    ):
        yield store


def made_by_default(home: Path) -> Path:
    """The file in which a home has its database when nothing else is written."""
    return home / str(Storage().url).removeprefix(_FILE)


def file_of(site: Site, environment: Mapping[str, str]) -> Path | None:
    """The file of a home's database, if it is one, whether or not it is there. Raises CannotServe."""
    return _file(site, address(site, environment))


def missing(site: Site, environment: Mapping[str, str]) -> Path | None:
    """The file of a database that is not there yet and will be made. Raises CannotServe."""
    file = file_of(site, environment)
    return file if file is not None and not _begun(file) else None


def _file(site: Site, url: str) -> Path | None:
    """The file of the database, if it is one. Its name is relative to the home."""
    return site.home / Path(url.removeprefix(_FILE)) if url.startswith(_FILE) else None


def _begun(file: Path) -> bool:
    """Whether there is anything in the file of a database. Raises CannotServe."""
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise CannotServe(_UNSEEN.filled(file=file, why=system_said(error))) from None


def directory_of(store: SqlStore, written: Written = unwritten) -> SqlDirectory:
    """The directory beside a store. `written`: see `Written`."""
    return SqlDirectory(store.pool, written)


_UNSET = Said(
    "The environment variable {name} is not set; yaji.yaml takes the database's address from it.",
    "环境变量 {name} 没有设置；yaji.yaml 说数据库地址在里面。",
)
_UNSEEN = Said(
    "{file} cannot be read ({why}); run this as the user who serves the home, or mend the rights of its `data` folder.",
    "读不到 {file}（{why}）；请用运行这个家的用户来执行，或者改好 `data` 文件夹的权限。",
)
_UNWRITABLE = Said(
    "{folder} cannot be made ({why}); mend the rights of the home, or set YAJI_DATABASE_URL.",
    "{folder} 建不了（{why}）；请改好家的权限，或者设置 YAJI_DATABASE_URL。",
)
