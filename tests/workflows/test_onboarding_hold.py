"""With `hold`, nothing that is written before the steps are answered stays: no edit, no part of an album."""

from __future__ import annotations

from tests.workflows.onboarding_scene import ADMIN, ANN, WANG, Scene, person

AGREE = {"id": "agree", "ask": "同意吗？", "options": [{"say": "同意"}]}
HELLO = {"id": "hello", "introduce": True}
HOUSE = {"steps": [AGREE], "hold": True}


def test_an_edit_goes_and_answers_nothing():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.edits(WANG, "同意") == ["Delete ('m2',)"]
    assert scene.because() == ("edited before the steps were answered",)
    scene.presses(WANG, "step:agree:1")
    assert scene.edits(WANG, "加我微信") == []


def test_edits_of_others_are_left_alone():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.edits(ANN, "hi") == []
    assert scene.edits(ADMIN, "hi") == []
    assert scene.edits(person("小王", admin=True), "hi") == []


def test_without_hold_an_edit_stays():
    scene = Scene({"steps": [AGREE]})
    scene.joins(WANG)
    assert scene.edits(WANG, "同意") == []


def test_every_part_of_an_album_goes_though_its_caption_answers():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    assert scene.posts_album(WANG, "同意") == [
        "Delete ('m2',)",
        "好啦，小王，都答完了，玩得开心！",
        "Delete ('m3',)",
    ]
    assert scene.posts_album(WANG, "我的书架") == []


def test_and_stays_whole_where_the_caption_is_the_introduction():
    scene = Scene({"steps": [HELLO, AGREE], "hold": True})
    scene.joins(WANG)
    assert scene.posts_album(WANG, "大家好，我是小王，在上海做设计") == ["同意吗？ [同意]"]
    assert scene.posts_album(WANG, "再来一张")[0] == "Delete ('m4',)"


def test_stickers_and_captions_are_no_exception():
    scene = Scene(HOUSE)
    scene.joins(WANG)
    for kind in ("sticker", "photo", "voice", "poll", "animation"):
        assert scene.says(WANG, "", kind=kind)[0].startswith("Delete")


def test_what_a_poll_or_a_checklist_says_answers_nothing():
    for kind in ("poll", "other"):
        scene = Scene({"steps": [HELLO, AGREE], "hold": True})
        scene.joins(WANG)
        assert scene.says(WANG, "• 大家好，我是小王，在上海做设计\n• 好", kind=kind)[0].startswith("Delete"), kind
        assert scene.says(WANG, "大家好，我是小王，在上海做设计") == ["同意吗？ [同意]"], kind
