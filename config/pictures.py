"""Pictures of posts: read when they are posted, and looked at when the home is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from config.chapter import Chapter
from config.problems import Problems, Said, said, system_said
from workflows.content_options import Contents

LARGEST: Final = 5_000_000
_STARTS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class PictureRefused(Exception):
    """The file is no picture that can be posted; `why` says it in each language."""

    def __init__(self, why: Said) -> None:
        super().__init__(why.en)
        self.why = why


def read(home: Path, file: str) -> bytes:
    """A picture of the home. Raises PictureRefused."""
    try:
        path = _looked_at(home, file)
        return path.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:
        raise PictureRefused(_of_the_system(error)) from error


def consider(chapter: Chapter, home: Path, problems: Problems) -> None:
    """Warn of each picture that could not be posted as its file is now."""
    contents = chapter.options.get("content")
    for id_, post in contents.content.items() if isinstance(contents, Contents) else ():
        if post.picture is None:
            continue
        try:
            _looked_at(home, post.picture)
        except PictureRefused as error:
            why = error.why
        except (OSError, ValueError, RuntimeError) as error:
            why = _of_the_system(error)
        else:
            continue
        becomes = _WORDS if post.text is not None or post.rotate else _NOTHING
        chapter.tell(problems, "warning", ("content", id_, "picture"), becomes.filled(file=post.picture, why=why))


def _looked_at(home: Path, file: str) -> Path:
    """Where a picture is, that it is one and how large. Raises PictureRefused, and what the system raises."""
    root = home.resolve()
    path = (root / file).resolve()
    if not path.is_relative_to(root):
        raise PictureRefused(_OUTSIDE)
    if path.stat().st_size > LARGEST:
        raise PictureRefused(_LARGE)
    with path.open("rb") as opened:
        if not opened.read(8).startswith(_STARTS):
            raise PictureRefused(_NO_PICTURE)
    return path


def _of_the_system(error: Exception) -> Said:
    return system_said(error) if isinstance(error, OSError) else _UNREADABLE


_UNREADABLE: Final = said("it cannot be read", "读不了")
_OUTSIDE: Final = said("it lies outside of the home", "它在家目录之外")
_LARGE: Final = said("it is larger than 5 MB", "它超过 5 MB")
_NO_PICTURE: Final = said("it is neither PNG nor JPEG", "它不是 PNG，也不是 JPEG")
_WORDS: Final = said(
    "`{file}` cannot be posted: {why}; until that is mended, the words go alone",
    "`{file}` 发不了：{why}；改好之前只发文字",
)
_NOTHING: Final = said(
    "`{file}` cannot be posted: {why}; until that is mended, nothing is posted here",
    "`{file}` 发不了：{why}；改好之前这条什么也不发",
)
