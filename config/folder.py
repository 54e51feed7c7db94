"""The operator's folder as files: read within bounds, and never outside of it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, Final

from config.places import Place, Spot, Step
from config.problems import Problems, Said, quoted, said
from config.reading import read

LARGEST: Final = 256 * 1024
MOST_INCLUDES: Final = 64
DEEPEST_INCLUDE: Final = 3
_YAML: Final = (".yaml", ".yml")


class _Refused(Exception):
    """A file cannot be had: place, path, found, wanted."""


class Folder:
    """Reads the files of a home. Places name files relative to it; everything refused goes to `problems`."""

    def __init__(self, root: Path, problems: Problems) -> None:
        self.root, self.problems = root, problems
        self._real = root.resolve()
        self._included = 0
        self._depth = 0
        self.shut: set[str] = set()
        """Folders that may not be read; each is refused once."""

    def files(self, folder: str) -> list[str]:
        """The YAML files of a folder of the home, by name; editors' backups and hidden files are passed over."""
        inside = self.root / folder
        try:
            if not inside.is_dir():
                return []
            found = [path.name for path in inside.iterdir() if path.suffix in _YAML and not path.name.startswith(".")]
        except OSError as error:
            if folder not in self.shut:
                self.shut.add(folder)
                self.problems.refuse(Place(folder, 0), (), _unreadable(folder, error), _READABLE_FOLDER)
            return []
        return [f"{folder}/{name}" for name in sorted(found)]

    def yaml(self, file: str) -> tuple[Any, Spot]:
        """The values and places of a YAML file, its includes read in."""
        try:
            text = self._text(file, Place(file), ())
        except _Refused as why:
            self.problems.refuse(*why.args)
            return None, Spot(at=Place(file), broken=True)
        return read(text, file, self.problems, self._include)

    def _text(self, file: str, place: Place, path: tuple[Step, ...]) -> str:
        """The text of a file. `place` is who asked for it."""
        try:
            target = (self.root / file).resolve()
            if not target.is_relative_to(self._real):
                raise _Refused(place, path, f"`{file}`", _WITHIN)
            if not stat.S_ISREG(target.stat().st_mode):
                raise _Refused(place, path, f"`{file}`", _A_FILE)
            with target.open("rb") as opened:
                content = opened.read(LARGEST + 1)
        except (OSError, ValueError, RuntimeError) as error:
            raise _Refused(place, path, _unreadable(file, error), _READABLE) from None
        if len(content) > LARGEST:
            raise _Refused(place, path, said(f"`{file}` is larger", f"`{file}` 更大"), _SMALL)
        return self._decoded(content, file)

    def _decoded(self, content: bytes, file: str) -> str:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _Refused(Place(file), (), said("a UTF-16 file", "UTF-16 文件"), _UTF8)
        try:
            text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
        except UnicodeDecodeError as error:
            good = content[: error.start].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
            line, column = good.count("\n") + 1, len(good) - good.rfind("\n")
            byte = content[error.start]
            found = said(f"the byte 0x{byte:02X}, which is no UTF-8", f"字节 0x{byte:02X}，不是 UTF-8")
            raise _Refused(Place(file, line, column), (), found, _UTF8) from None
        return text.replace("\r\n", "\n")

    def _include(self, named: str, place: Place, path: tuple[Step, ...]) -> tuple[Any, Spot] | None:
        """What `!file named` stands for: the text of a file, or the values of a YAML file."""
        try:
            return self._included_file(named, place, path)
        except _Refused as why:
            self.problems.refuse(*why.args)
            return None

    def _included_file(self, named: str, place: Place, path: tuple[Step, ...]) -> tuple[Any, Spot]:
        self._included += 1
        if self._included > MOST_INCLUDES:
            raise _Refused(
                place, path, said(f"more than {MOST_INCLUDES} `!file`", f"超过 {MOST_INCLUDES} 个 `!file`"), _FEWER
            )
        if self._depth >= DEEPEST_INCLUDE:
            found = said(
                f"files within files, more than {DEEPEST_INCLUDE} deep", f"文件套文件超过 {DEEPEST_INCLUDE} 层"
            )
            raise _Refused(place, path, found, _FEWER)
        if not named or "\0" in named or "\\" in named or Path(named).is_absolute() or named.startswith("~"):
            raise _Refused(place, path, quoted(f"!file {named}"), _RELATIVE)
        text = self._text(named, place, path)
        if not named.endswith(_YAML):
            return text, Spot(at=Place(named), written=text, style="!file")
        self._depth += 1
        try:
            return read(text, named, self.problems, self._include)
        finally:
            self._depth -= 1


def _unreadable(file: str, error: Exception) -> Said:
    """What the operating system says, in words."""
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return said(f"`{file}`, which does not exist", f"不存在的文件 `{file}`")
        case PermissionError():
            return said(f"`{file}`, which may not be read", f"没有权限读的文件 `{file}`")
        case _:
            why = getattr(error, "strerror", None) or "it cannot be read"
            return said(f"`{file}`: {why}", f"读不了的文件 `{file}`")


_WITHIN = said(
    "a file inside the home (links that lead out are not followed)", "家目录之内的文件（不跟随通向外面的链接）"
)
_RELATIVE = said("a path relative to the home, like `texts/rules.md`", "相对于家目录的路径，例如 `texts/rules.md`")
_A_FILE = said("a regular file", "普通文件")
_READABLE = said("a file of the home that can be read", "家目录里可读的文件")
_READABLE_FOLDER = said("a folder of the home that can be read", "家目录里可读的文件夹")
_SMALL = said(f"at most {LARGEST // 1024} KB", f"至多 {LARGEST // 1024} KB")
_UTF8 = said("text in UTF-8", "UTF-8 文字")
_FEWER = said("fewer includes", "更少的引用")
