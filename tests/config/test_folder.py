"""What `!file` may bring in, and that nothing outside of the home is ever read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from config.folder import LARGEST, MOST_INCLUDES, Folder
from config.home import look
from config.problems import Problems


def read(home: Path, text: str) -> tuple[object, list[str]]:
    (home / "a.yaml").write_text(text, encoding="utf-8")
    problems = Problems()
    value, _ = Folder(home, problems).yaml("a.yaml")
    return value, [str(problem) for problem in problems]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    inside = tmp_path / "home"
    (inside / "texts").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("outside", encoding="utf-8")
    (inside / "texts" / "rules.md").write_text("友善\n", encoding="utf-8")
    return inside


def test_a_text_file_is_its_text(home):
    assert read(home, "a: !file texts/rules.md\n") == ({"a": "友善\n"}, [])


def test_a_yaml_file_is_its_values_and_its_mistakes_stand_in_it(home):
    (home / "texts" / "b.yaml").write_text("x: 1\nx: 2\n", encoding="utf-8")
    value, told = read(home, "a: !file texts/b.yaml\n")
    assert value == {"a": {"x": 1}}
    assert told == [
        "texts/b.yaml:2:1: x: found the key `x` a second time, wanted each key once; it is also at texts/b.yaml:1:1"
    ]


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("../secret.txt", "inside the home"),
        ("texts/../../secret.txt", "inside the home"),
        ("/etc/passwd", "relative to the home"),
        ("~/x", "relative to the home"),
        ("texts\\rules.md", "relative to the home"),
        ("texts/link.md", "inside the home"),
        ("texts", "a regular file"),
        ("texts/pipe", "a regular file"),
        ("texts/absent.md", "can be read"),
        ('"texts/\\0"', "relative to the home"),
        ('""', "relative to the home"),
    ],
    ids=[
        "up",
        "up in the middle",
        "absolute",
        "tilde",
        "backslash",
        "link out",
        "folder",
        "pipe",
        "absent",
        "nul",
        "empty",
    ],
)
def test_nothing_else_is_read(home, path, wanted):
    os.symlink(home.parent / "secret.txt", home / "texts" / "link.md")
    os.mkfifo(home / "texts" / "pipe")
    value, told = read(home, f"a: !file {path}\n")
    assert value == {"a": None} or value == {"a": ""}
    assert len(told) == 1
    assert told[0].startswith("a.yaml:1:4: a: found ")
    assert wanted in told[0]


def test_files_within_files_end_after_three(home):
    (home / "b.yaml").write_text("b: !file b.yaml\n", encoding="utf-8")
    _, told = read(home, "a: !file b.yaml\n")
    assert told == ["b.yaml:1:4: b: found files within files, more than 3 deep, wanted fewer includes"]


def test_too_many_files_are_refused(home):
    _, told = read(home, "".join(f"a{i}: !file texts/rules.md\n" for i in range(MOST_INCLUDES + 1)))
    assert told == [f"a.yaml:65:6: a64: found more than {MOST_INCLUDES} `!file`, wanted fewer includes"]


def test_a_large_file_is_not_read(home):
    _, told = read(home, "a: " + "x" * LARGEST)
    assert told == ["a.yaml:1:1: found `a.yaml` is larger, wanted at most 256 KB"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xff\xfea\0", "a.yaml:1:1: found a UTF-16 file, wanted text in UTF-8"),
        ("a: 1\nb: 打卡".encode("gb18030"), "a.yaml:2:4: found the byte 0xB4, which is no UTF-8, wanted text in UTF-8"),
    ],
    ids=["utf-16", "gb18030"],
)
def test_other_encodings_are_told_apart(home, content, line):
    (home / "a.yaml").write_bytes(content)
    problems = Problems()
    Folder(home, problems).yaml("a.yaml")
    assert [str(problem) for problem in problems] == [line]


def test_a_byte_order_mark_and_windows_line_ends_are_no_mistake(home):
    (home / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  x\r\n  y\r\n")
    problems = Problems()
    value, spot = Folder(home, problems).yaml("a.yaml")
    assert value == {"a": 1, "b": "x\ny\n"}
    assert (spot.children["b"].name.line, spot.children["b"].name.column) == (2, 1)
    assert not list(problems)


def test_a_folder_that_may_not_be_read_is_told_once(home, monkeypatch):
    (home / "communities").mkdir()
    listed = Path.iterdir

    def iterdir(path: Path):
        if path.name == "communities":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    deployment, told = look(home)
    assert deployment is None
    assert [str(problem) for problem in told] == [
        "communities: found `communities`, which may not be read, wanted a folder of the home that can be read"
    ]
