"""The page for operators: its examples load, its story is true, and no option is missing."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from tests.workflows.onboarding_scene import WANG, Scene
from workflows.onboarding import Options
from workflows.onboarding_entry_options import Entry, Question, Quieter, Raid

PAGE = (Path(__file__).parents[2] / "docs" / "onboarding.md").read_text(encoding="utf-8")
BLOCKS = [yaml.safe_load(block)["onboarding"] for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def test_every_example_loads():
    assert [bool(Options.model_validate(block)) for block in BLOCKS] == [True, True, True]


def test_every_option_has_its_line():
    assert [name for name in Options.model_fields if f"| `{name}` |" not in PAGE] == []


def test_the_story_is_true():
    scene = Scene(BLOCKS[0])
    scene.pass_(hours=10)  # Monday 20:00
    assert scene.joins(WANG) == ["欢迎 @小王！\n\n读完群规请点「同意」 [✅ 同意]"]
    scene.pass_(minutes=1)
    assert scene.presses(WANG, "step:agree:1") == ["@小王\n你想参加哪个方向？ [英语] [写作]"]
    scene.pass_(minutes=1)
    scene.says(WANG, "1")
    assert (scene.tags(WANG), scene.points(WANG)) == ({"track:english", "onboarded"}, [("onboarding:complete:0", 10)])
    assert scene.timers() == [("next:telegram:小王", "03 20:02")]
    assert scene.pass_(days=1) == [
        "@小王 还有 2 件新人小任务：\n· 介绍一下自己（还有 2 天）\n· 完成第一次打卡（还有 6 天）"
    ]
    scene.pass_(hours=11, minutes=8)
    assert scene.says(WANG, "大家好，我是小王，在上海做设计") == ["✅ 小王，「介绍一下自己」完成，+3 分"]


def test_and_the_other_one_too():
    scene = Scene(BLOCKS[0])
    scene.pass_(hours=10)
    scene.joins(WANG)
    assert len(scene.pass_(days=1)) == 1
    assert len(scene.pass_(days=1)) == 1
    assert scene.pass_(days=1)[0].startswith("admins: ")


def test_the_example_of_the_door_works():
    scene = Scene({"entry": BLOCKS[1]["entry"] | {"at": "door"}})
    assert scene.joins(WANG)[1].endswith("我们晨读读的是什么？ [纸书] [手机] [平板]")
    assert scene.presses(WANG, "door:book:1", message="7") == ["edit 7: 为什么想来？ [💬 去私聊回答]"]
    scene.whispers(WANG, "/start reading")
    assert scene.whispers(WANG, "想早起读书")[0] == "Unmute telegram:小王"


def test_every_option_of_getting_in_is_on_the_page():
    names = [*Entry.model_fields, *Question.model_fields, *Raid.model_fields, *Quieter.model_fields]
    assert [name for name in names if f"{name.rstrip('_')}:" not in PAGE] == []
