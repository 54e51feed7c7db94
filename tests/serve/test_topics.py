"""Groups with topics: what is said where."""

from __future__ import annotations

from pathlib import Path

from tests.serve.scene import MORNING, ONBOARDING, scene
from tests.support.botapi.model import Chat
from tests.support.patience import eventually

_RULES = """\
lists: {ads: [casino]}
rules: [{id: ad, when: message, words: [ads], then: [delete, warn]}]
"""


def said(chat: Chat, bot: object) -> list[tuple[str, int | None]]:
    """The first line of each message of the bot, with the topic where it stands."""
    return [((m.text or "").split("\n")[0], m.thread) for m in chat.said_by(bot)]  # type: ignore[arg-type]


async def test_what_answers_nobody_is_said_in_the_topic_of_the_group_and_answers_where_they_were_asked_for(
    tmp_path: Path,
):
    with scene(tmp_path) as here:
        here.group.is_forum = True
        hall = here.wang.creates_topic(here.group, "Hall")
        books = here.wang.creates_topic(here.group, "Books")
        here.write(MORNING + ONBOARDING + _RULES, groups=f'reading: {{telegram: {here.group.id}, topic: "{hall}"}}')
        chen = here.world.person("Chen", language="en")
        async with here.served():
            chen.joins(here.group)
            await here.hears("Welcome Chen")
            chen.presses(here.group.said_by(here.bot)[-1], "Guitar")
            await here.hears("All set")
            here.li.posts(here.group, "打卡", thread=books)
            await here.hears("Li, morning")
            here.li.posts(here.group, "casino")
            await here.hears("against the rules")
        assert [thread for _, thread in said(here.group, here.bot)] == [hall, hall, books, None]
        assert here.server.off_spec == []


async def test_a_warning_is_told_in_the_topic_where_it_was_given(tmp_path: Path):
    with scene(tmp_path) as here:
        here.group.is_forum = True
        books = here.wang.creates_topic(here.group, "Books")
        here.write(MORNING + _RULES)
        async with here.served():
            rude = here.li.posts(here.group, "rude", thread=books)
            here.wang.posts(here.group, "/warn be kind", reply_to=rude, thread=books)
            await here.hears("Li was warned: be kind")
        assert {thread for _, thread in said(here.group, here.bot)} == {books}


async def test_at_a_desk_with_topics_a_command_is_answered_in_the_topic_where_it_was_given(tmp_path: Path):
    with scene(tmp_path) as here:
        here.group.is_forum = True
        desk = here.new_group("Desk", admin=True)
        desk.is_forum = True
        talk = here.wang.creates_topic(desk, "Talk")
        reading = f"reading: {{telegram: {here.group.id}}}"
        here.write(MORNING + _RULES, groups=f"{reading}, desk: {{telegram: {desk.id}}}")
        file = here.home / "communities" / "a.yaml"
        file.write_text(file.read_text().replace("  admins:", "  admin_group: desk\n  admins:"))
        async with here.served():
            here.li.posts(here.group, "hello")
            here.wang.posts(desk, "/status", thread=talk)
            await here.hears("The group reading runs", desk)
            here.wang.posts(desk, f"/warn {here.li.id} be kind", thread=talk)
            await here.hears("Li was warned", desk)
            await here.hears("Li was warned: be kind")
        answers = [one for one in said(desk, here.bot) if "I am in" not in one[0]]
        assert [thread for _, thread in answers] == [talk, talk]
        assert said(here.group, here.bot)[-1][1] is None


async def test_the_desk_has_a_topic_of_its_own_for_what_admins_are_told(tmp_path: Path):
    with scene(tmp_path) as here:
        here.group.is_forum = True
        hall = here.wang.creates_topic(here.group, "Hall")
        desk = here.new_group("Desk", admin=True)
        desk.is_forum = True
        here.wang.creates_topic(desk, "Talk")
        lines = here.wang.creates_topic(desk, "Lines")
        assert lines != hall
        reading = f'reading: {{telegram: {here.group.id}, topic: "{hall}"}}'
        here.write(MORNING + ONBOARDING + _RULES, groups=f'{reading}, desk: {{telegram: {desk.id}, topic: "{lines}"}}')
        file = here.home / "communities" / "a.yaml"
        file.write_text(file.read_text().replace("  admins:", "  admin_group: desk\n  report: all\n  admins:"))
        chen = here.world.person("Chen", language="en")
        async with here.served():
            here.li.posts(here.group, "casino")
            await eventually(lambda: any("ad" in text for text, _ in said(desk, here.bot)))
            chen.joins(here.group)
            await here.hears("Welcome Chen")
        assert {thread for _, thread in said(desk, here.bot)} == {lines}
        assert next(thread for text, thread in said(here.group, here.bot) if "Welcome" in text) == hall
