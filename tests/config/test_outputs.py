"""What commands write never takes the place of what they read, and of what else stood there only as was said."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from adapters.sql import open_store
from cli.main import app
from cli.refusing import refusing
from jobs.report.replacing import replacing
from tests.support.patience import PATIENCE

HOME = "community: {name: A, timezone: UTC, languages: [en], groups: {a: {}}, admins: [telegram:1]}\n"
LINE = {"event": "message", "at": "2026-03-02T10:00:00Z", "from": "telegram:1", "message": "1", "text": "hi"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an export and a home, to be called from."""
    for name, text in {
        "c.jsonl": json.dumps({"yaji": "history", "version": 1}) + "\n" + json.dumps(LINE) + "\n",
        "H/yaji.yaml": "{}\n",
        "H/communities/a.yaml": HOME,
        "H/texts/en.yaml": "{}\n",
        "H/verses.txt": "a line\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "c.jsonl")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*args: str, lang: str = "en"):
    return CliRunner().invoke(app, [*args, "--lang", lang])


SIMULATE = ("simulate", "c.jsonl", "--home", "H")
READ = {"en": "is read by this command", "zh": "是这条命令要读的文件"}
KEPT = {"en": "belongs to the home H", "zh": "属于要读的家 H"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("args", "why"),
    [
        ((*SIMULATE, "--json", "c.jsonl"), READ),
        ((*SIMULATE, "--html", "./H/../c.jsonl"), READ),
        ((*SIMULATE, "--html", "link.jsonl"), READ),
        ((*SIMULATE, "--html", "r", "--json", "r"), READ),
        ((*SIMULATE, "--truth", "t.json", "--json", "t.json"), READ),
        ((*SIMULATE, "--html", "H/communities/a.yaml"), KEPT),
        ((*SIMULATE, "--html", "H/communities/new.html"), KEPT),
        ((*SIMULATE, "--json", "H/yaji.yaml"), KEPT),
        ((*SIMULATE, "--json", "H/tests/x.yaml"), KEPT),
        ((*SIMULATE, "--json", "H/texts/en.yaml"), KEPT),
        ((*SIMULATE, "--json", "H/verses.txt"), KEPT),
        ((*SIMULATE, "--json", "H/data/yaji.sqlite3"), KEPT),
        (("simulate", "c.jsonl", "--home", "other", "--against", "H", "--json", "H/verses.txt"), KEPT),
        (("digest", "--history", "c.jsonl", "--home", "H", "--out", "H/texts"), KEPT),
        (("metrics", "--history", "c.jsonl", "--home", "H", "--json", "c.jsonl"), READ),
        (("metrics", "--home", "H", "--json", "H/communities/a.yaml"), KEPT),
        (("metrics", "--history", "c.jsonl", "--home", "H", "--html", "link.jsonl"), READ),
        (("metrics", "--home", "H", "--html", "m", "--json", "m"), READ),
        (("metrics", "--home", "H", "--html", "H/communities/new.html"), KEPT),
        (("metrics", "--home", "H", "--html", "H/data/yaji.sqlite3"), KEPT),
        (("export", "--group", "a", "--home", "H", "--out", "H/communities/a.yaml", "--force"), KEPT),
        (("person", "--account", "telegram:1", "--home", "H", "--export", "H/yaji.yaml", "--force"), KEPT),
    ],
    ids=lambda value: " ".join(value[-3:]) if isinstance(value, tuple) else "",
)
def test_what_is_read_is_not_written(here, args, why, lang):
    before = held(here)
    told = run(*args, lang=lang)
    assert (told.exit_code, told.output.count("\n")) == (2, 1)
    assert why[lang] in told.output
    assert held(here) == before


def test_a_report_takes_the_place_of_the_last_one_and_says_so(here):
    first = run(*SIMULATE, "--html", "H/r.html", "--json", "r.json")
    assert (first.exit_code, first.stderr) == (0, "")
    again = run(*SIMULATE, "--html", "H/r.html", "--json", "r.json")
    assert (again.exit_code, again.stderr) == (0, "r.json: replaced\nH/r.html: replaced\n")
    assert run(*SIMULATE, "--json", "r.json", lang="zh").stderr == "r.json：已替换\n"


def test_a_report_that_stands_there_is_whole_until_the_new_one_is(here):
    assert run(*SIMULATE, "--html", "r").exit_code == 0
    before = (here / "r").read_bytes()
    os.link("r", "opened before")
    assert run(*SIMULATE, "--html", "r", lang="zh").exit_code == 0
    assert (here / "opened before").read_bytes() == before != (here / "r").read_bytes()


def test_which_of_two_files_could_not_be_written_is_told(here, capsys):
    with pytest.raises(typer.Exit), refusing("en", Path("r.json")), replacing(Path("r.html")):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert capsys.readouterr().err == "r.html cannot be written (No space left on device); choose another place.\n"
    assert not Path("r.html").exists()


@pytest.mark.parametrize(
    "args",
    [("export", "--group", "a", "--out"), ("person", "--account", "telegram:1", "--export")],
    ids=["export", "person"],
)
def test_members_data_takes_no_other_file_s_place_unless_by_force(here, args):
    (here / "out").write_text("mine")
    told = run(*args, "out", "--home", "H")
    assert (told.exit_code, told.output) == (
        2,
        "out is there already; name another file, or replace it with --force.\n",
    )
    assert "或者用 --force 替换" in run(*args, "out", "--home", "H", lang="zh").output
    assert (here / "out").read_text() == "mine"
    assert "is there already" not in run(*args, "out", "--home", "H", "--force").output


def test_a_digest_is_not_written_over_the_history(here):
    digests = "digests: {weekly: {at: sun 20:00, to: a, sections: [activity]}}\n"
    (here / "H/communities/a.yaml").write_text(HOME + digests, encoding="utf-8")
    (here / "weekly.en.txt").write_bytes((here / "c.jsonl").read_bytes())
    before = held(here)
    told = run("digest", "--history", "weekly.en.txt", "--home", "H", "--out", ".")
    assert (told.exit_code, READ["en"] in told.output) == (2, True), told.output
    assert held(here) == before


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_pipe_is_written_straight_and_stays_one(here, option):
    os.mkfifo("pipe")
    assert run(*SIMULATE, option, "file").exit_code == 0
    with ThreadPoolExecutor() as pool:
        read = pool.submit(Path("pipe").read_bytes)
        told = run(*SIMULATE, option, "pipe")
        assert (told.exit_code, told.stderr) == (0, "")
        assert read.result(PATIENCE) == Path("file").read_bytes()
    assert Path("pipe").is_fifo()


def test_a_device_is_written_straight_and_more_than_once(here):
    ours, theirs = os.openpty()
    terminal = Path(os.ttyname(theirs))
    with ThreadPoolExecutor() as pool:

        def shown() -> bytes:
            seen = b""
            while b"</html>" not in seen:
                seen += os.read(ours, 1 << 16)
            return seen

        read = pool.submit(shown)
        told = run(*SIMULATE, "--json", str(terminal), "--html", str(terminal))
        assert (told.exit_code, told.stderr) == (0, "")
        assert b'"ledger":[]' in read.result(PATIENCE)
    assert terminal.is_char_device()
    os.close(theirs)
    os.close(ours)


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_what_a_link_leads_to_is_replaced_and_the_link_stays(here, option):
    Path("real").write_text("old")
    Path("link").symlink_to("real")
    Path("ahead").symlink_to("none/yet")
    told = run(*SIMULATE, option, "link")
    assert (told.exit_code, told.stderr) == (0, "link: replaced\n")
    assert (Path("link").readlink(), Path("real").read_text()[:1]) == (Path("real"), "{" if option == "--json" else "<")
    assert run(*SIMULATE, option, "ahead").exit_code == 2
    Path("none").mkdir()
    assert run(*SIMULATE, option, "ahead").exit_code == 0
    assert sorted(path.name for path in Path("none").iterdir()) == ["yet"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_books_come_out_where_the_command_prints(here, lang):
    Path("H/data").mkdir()
    open_store("sqlite:///H/data/yaji.sqlite3").close()
    Path("printed").symlink_to("/proc/self/fd/1")
    words = ["export", "--group", "a", "--home", "H", "--out", "printed", "--lang", lang]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with Path("b.zip").open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-c", "from cli.main import app; app()", *words],
            env=environment, stdout=file, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {"en": "the books of a", "zh": "a 的账本"}[lang] in done.stderr
    with zipfile.ZipFile(BytesIO(Path("b.zip").read_bytes())) as archive:
        assert "members.csv" in archive.namelist()
        assert archive.testzip() is None


DIGESTS = "digests: {weekly: {at: sun 20:00, to: a, sections: [activity]}}\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("out", "more", "why"),
    [
        ("H", "", KEPT),
        ("H/verses", "faq: {a: {ask: x, answer: !file verses/weekly.en.txt}}\n", READ),
        ("H/verses", "content: {c: {at: '09:00', picture: verses/weekly.en.png}}\n", READ),
    ],
    ids=["beside the home's own", "over a text", "over a picture"],
)
def test_a_digest_is_not_written_over_files_of_the_home(here, out, more, why, lang):
    (here / "H/communities/a.yaml").write_text(HOME + DIGESTS + more, encoding="utf-8")
    (here / out).mkdir(exist_ok=True)
    for name in ("weekly.en.txt", "weekly.en.png"):
        (here / out / name).write_bytes(b"mine")
    before = held(here)
    told = run("digest", "--history", "c.jsonl", "--home", "H", "--out", out, lang=lang)
    assert (told.exit_code, why[lang] in told.output) == (2, True), told.output
    assert held(here) == before


def test_digests_take_the_place_of_the_last_ones(here):
    (here / "H/communities/a.yaml").write_text(HOME + DIGESTS, encoding="utf-8")
    (here / "H/digests").mkdir()
    (here / "H/digests/weekly.en.txt").write_text("the last one")
    with Path("c.jsonl").open("a") as history:
        history.write(json.dumps({**LINE, "at": "2026-03-20T10:00:00Z", "message": "2"}) + "\n")
    told = run("digest", "--history", "c.jsonl", "--home", "H", "--out", "H/digests")
    assert (told.exit_code, "H/digests/weekly.en.txt: replaced\n" in told.stderr) == (0, True), told.output
    assert "the last one" not in (here / "H/digests/weekly.en.txt").read_text(encoding="utf-8")


def digested(here: Path, lang: str = "en", more: str = ""):
    (here / "H/communities/a.yaml").write_text(HOME + DIGESTS + more, encoding="utf-8")
    lines = ({**LINE, "at": f"2026-03-{day:02}T10:00:00Z", "message": f"{day}"} for day in range(2, 21))
    with Path("c.jsonl").open("a") as history:
        history.writelines(json.dumps(line) + "\n" for line in lines)
    return run("digest", "--history", "c.jsonl", "--home", "H", "--out", "H", lang=lang)


def test_digests_beside_the_home_s_own_files_take_the_place_of_their_last_ones(here):
    first = digested(here)
    assert (first.exit_code, first.stderr) == (0, ""), first.output
    second = digested(here)
    assert (second.exit_code, "H/weekly.en.txt: replaced\n" in second.stderr) == (0, True), second.output
    assert run("check", "H").exit_code == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_digest_in_the_home_that_somebody_changed_is_theirs(here, lang):
    assert digested(here).exit_code == 0
    (here / "H/weekly.en.txt").write_text("mine now")
    before = held(here / "H")
    told = digested(here, lang)
    assert (told.exit_code, KEPT[lang] in told.output) == (2, True), told.output
    assert held(here / "H") == before


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_digest_that_the_home_says_since_is_read_and_not_replaced(here, lang):
    assert digested(here).exit_code == 0
    before = (here / "H/weekly.en.txt").read_bytes()
    told = digested(here, lang, "faq: {a: {ask: x, answer: !file weekly.en.txt}}\n")
    assert (told.exit_code, READ[lang] in told.output) == (2, True), told.output
    assert (here / "H/weekly.en.txt").read_bytes() == before
