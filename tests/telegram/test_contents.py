"""Polls, checklists, rich messages and buttons have their say: rules read them, and nobody commands by them."""

from __future__ import annotations

import os

import pytest

from adapters.telegram.actors import BotIdentity
from adapters.telegram.translate import events
from core.events import MessageEdited, MessagePosted
from tests.support.botapi import spec
from tests.telegram.payloads import LI, NOON, OTHER_BOT, mark, message, update
from workflows.commands import SLASHES

BOT = BotIdentity(id=42, username="yaji_bot")
POLL = {
    "id": "1",
    "question": "Earn 500 a day?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
URL = "https://a.example/x"


def option(text, **fields):
    return {"persistent_id": "a", "text": text, "voter_count": 0, **fields}


def poll(**fields):
    return {"text": None, "poll": {**POLL, **fields}}


def checklist(*tasks, **fields):
    return {"text": None, "checklist": {"title": "Today", "tasks": list(tasks), **fields}}


def rich(*blocks):
    return {"text": None, "rich_message": {"blocks": list(blocks)}}


def paragraph(text):
    return {"type": "paragraph", "text": text}


def keyboard(*buttons):
    return {"via_bot": OTHER_BOT, "reply_markup": {"inline_keyboard": [list(buttons)]}}


SAID = {
    "a poll": (poll(options=[option("yes"), option("no")]), "• Earn 500 a day?\n• yes\n• no", ()),
    "links in a poll": (
        poll(
            question="see a.example",
            question_entities=[mark("url", 4, 9)],
            description="😀 here",
            description_entities=[mark("text_link", 3, 4, url=URL)],
            options=[
                option("b.example", text_entities=[mark("url", 0, 9)], media={"link": {"url": "https://c.example"}})
            ],
            explanation="why",
            media={"link": {"url": "https://d.example"}},
        ),
        "• see a.example\n• 😀 here\n• b.example\n• why",
        ("a.example", "https://d.example", URL, "b.example", "https://c.example"),
    ),
    "a checklist": (
        checklist({"id": 1, "text": "buy at t.me/x", "text_entities": [mark("url", 7, 6)]}),
        "• Today\n• buy at t.me/x",
        ("t.me/x",),
    ),
    "a rich message": (
        rich(
            {"type": "section_heading", "text": ["Ea", {"type": "bold", "text": "rn"}], "size": 1},
            paragraph(["at ", {"type": "url", "text": {"type": "italic", "text": "our site"}, "url": URL}]),
            {"type": "divider"},
            {"type": "list", "items": [{"label": "1.", "blocks": [paragraph("first"), paragraph("second")]}]},
            {"type": "details", "summary": "more", "blocks": [paragraph({"type": "spoiler", "text": "hidden"})]},
            {"type": "pull_quotation", "text": "wise", "credit": "Kongzi"},
            {
                "type": "table",
                "cells": [[{"text": "a", "align": "left", "valign": "top"}, {"align": "left", "valign": "top"}]],
                "caption": ["a ", "table"],
            },
            {
                "type": "photo",
                "photo": [],
                "caption": {"text": "a picture", "credit": {"type": "url", "text": "who", "url": "https://e.example"}},
            },
            paragraph({"type": "custom_emoji", "custom_emoji_id": "7", "alternative_text": "👍"}),
        ),
        "• Earn\n• at our site\n• first\n• second\n• more\n• hidden\n• wise\n• Kongzi\n• a\n• a table\n"
        "• a picture\n• who\n• 👍",
        (URL, "https://e.example"),
    ),
    "buttons": (
        keyboard(
            {"text": "领取", "url": URL}, {"text": "log in", "login_url": {"url": "https://f.example"}}, {"text": "b"}
        ),
        "早上好\n• 领取\n• log in\n• b",
        (URL, "https://f.example"),
    ),
    "an address that is shown below the text": ({"link_preview_options": {"url": URL}}, "早上好", (URL,)),
    "the same, and it stands in the text": (
        {
            "text": "A.example/x",
            "entities": [mark("url", 0, 11)],
            "link_preview_options": {"url": URL + "/"},
        },
        "A.example/x",
        ("A.example/x",),
    ),
    "an address that is not shown": ({"link_preview_options": {"is_disabled": True, "url": URL}}, "早上好", ()),
}


def told(**fields):
    (event,) = events(update(message=message(**fields)), BOT, lambda _chat: "reading")
    assert isinstance(event, MessagePosted)
    return event


@pytest.mark.parametrize("name", SAID)
def test_what_it_says_is_read_and_so_are_its_links(name):
    fields, text, links = SAID[name]
    event = told(**fields)
    assert (event.text, event.links) == (text, links)


@pytest.mark.parametrize("name", SAID)
def test_it_is_shaped_as_documented(name):
    if not os.environ.get("YAJI_REAL_DATA"):
        pytest.skip("the Bot API's specification is not here (YAJI_REAL_DATA)")
    assert spec.off_update({"update_id": 7, "message": message(**SAID[name][0])}) == []


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(poll(question="/ban @li", options=[option("/ban @li")]), id="a poll"),
        pytest.param(checklist(title="/ban @li"), id="a checklist"),
        pytest.param(rich(paragraph("/ban @li")), id="a rich message"),
        pytest.param({**keyboard({"text": "/ban @li"}), "text": None, "photo": []}, id="a button"),
    ],
)
def test_nothing_that_is_read_there_is_an_order(fields):
    text = told(**fields).text
    assert "/ban @li" in text
    assert not any(line.startswith(tuple(SLASHES)) for line in text.splitlines())


def test_who_is_named_in_a_poll_is_named():
    fields = poll(question="who?", options=[option("@Old_Li", text_entities=[mark("mention", 0, 7)])])
    assert [actor.account for actor in told(**fields).mentions] == ["telegram:@old_li"]


def test_a_task_that_is_added_is_read_as_an_edit():
    whole = message(**checklist({"id": 1, "text": "one"}, {"id": 2, "text": "two"}), edit_date=NOON + 60)
    (event,) = events(update(edited_message=whole), BOT, lambda _chat: "reading")
    assert isinstance(event, MessageEdited)
    assert event.text == "• Today\n• one\n• two"


def test_words_from_another_chat_are_quoted():
    origin = {"type": "user", "date": NOON, "sender_user": LI}
    quote = {"text": "Earn 500 a day", "position": 0}
    assert told(external_reply={"origin": origin}, quote=quote).quoted == "Earn 500 a day"
    here = {"message_id": 70, "from": LI, "chat": message()["chat"], "date": NOON, "text": "Earn 500 a day"}
    assert told(reply_to_message=here, quote=quote).quoted == ""


@pytest.mark.parametrize(
    "strange",
    [
        pytest.param({"poll": {"question": 7}}, id="a poll of another shape"),
        pytest.param({"checklist": []}, id="a checklist of another shape"),
        pytest.param({"rich_message": {"blocks": [7, None, {"text": 7}, {"blocks": {"text": None}}]}}, id="odd blocks"),
        pytest.param({"rich_message": "x"}, id="a rich message of another shape"),
    ],
)
def test_what_is_shaped_in_another_way_says_nothing_and_is_a_message_all_the_same(strange):
    assert told(text=None, **strange).text == ""
