"""A picture that could not be posted is told when the home is checked, not on the day of the post."""

from __future__ import annotations

import pytest

from tests.config.test_probably_meant import line, told

PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


def _post(picture: str, words: str = "text: {zh: 茶, en: Tea}, ") -> str:
    return f"content: {{tea: {{at: 20:00, {words}picture: {picture}}}}}\n"


def _files(folder):
    (folder / "images").mkdir()
    (folder / "images" / "tea.png").write_bytes(PNG)
    (folder / "images" / "text.png").write_text("hello", encoding="utf-8")
    (folder / "images" / "vast.png").write_bytes(PNG + bytes(5_000_000))
    (folder / "images" / "folder.png").mkdir()


@pytest.mark.parametrize(
    ("file", "en", "zh"),
    [
        ("images/tee.png", "No such file or directory", "没有这个文件或文件夹"),
        ("images/text.png", "it is neither PNG nor JPEG", "它不是 PNG，也不是 JPEG"),
        ("images/vast.png", "it is larger than 5 MB", "它超过 5 MB"),
        ("images/folder.png", "Is a directory", "这是文件夹"),
    ],
)
def test_a_picture_that_cannot_be_posted_is_warned_of(tmp_path, file, en, zh):
    _files(tmp_path)
    (warning,) = told(tmp_path, _post(file))
    assert line(warning) == (
        f"8:61: content.tea.picture: `{file}` cannot be posted: {en}; until that is mended, the words go alone"
    )
    assert f"`{file}` 发不了：{zh}；改好之前只发文字" in line(warning, "zh")


def test_without_words_nothing_is_posted(tmp_path):
    (warning,) = told(tmp_path, _post("images/tea.jpg", words=""))
    assert line(warning).endswith("until that is mended, nothing is posted here")
    assert line(warning, "zh").endswith("改好之前这条什么也不发")


def test_one_that_leads_out_of_the_home_is_warned_of(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "out.png").write_bytes(PNG)
    (home / "tea.png").symlink_to(tmp_path / "out.png")
    (warning,) = told(home, _post("tea.png"))
    assert "`tea.png` cannot be posted: it lies outside of the home" in line(warning)


def test_a_picture_passes(tmp_path):
    _files(tmp_path)
    assert told(tmp_path, _post("images/tea.png")) == []


def test_an_address_is_no_picture_of_the_home(tmp_path):
    (problem,) = told(tmp_path, _post("https://example.org/tea.png"))
    assert problem.weight == "problem"
    assert "wanted a picture of the home: write a path like images/tea.png" in line(problem)
