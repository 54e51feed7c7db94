"""When nothing was heard: told by the digest, as far as it lies in its period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.digests.group import person
from workflows.gaps import KEPT


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of March in Shanghai."""
    return datetime(2026, 3, day, hour - 8, minute, tzinfo=UTC)


def test_the_digest_tells_when_nothing_was_heard(week):
    week.unheard(at(24, 10), 40)
    week.unheard(at(26, 23), 90, "telegram")
    week.happens()
    assert week.told("zh").endswith(
        "🔇 有 2 段时间没收到消息，共 2 小时 10 分钟；这些时间里写的没有算进来\n"
        "· 3月24日 10:00—10:40（微信）\n· 3月26日 23:00—3月27日 00:30（Telegram）"
    )
    assert week.told("en").endswith(
        "🔇 Times when nothing was heard: 2 (2 h 10 min together). What was written then is not counted here\n"
        "· 24 Mar 10:00–10:40 (WeChat)\n· 26 Mar 23:00–27 Mar 00:30 (Telegram)"
    )


def test_what_two_platforms_missed_at_once_is_one_time(week):
    week.unheard(at(24, 10), 40)
    week.unheard(at(24, 10, 10), 10, "telegram")
    week.unheard(at(24, 10, 30), 30, "telegram")
    week.unheard(at(24, 12), 30, "telegram")
    week.happens()
    assert week.told("zh").endswith(
        "🔇 有 2 段时间没收到消息，共 1 小时 30 分钟；这些时间里写的没有算进来\n"
        "· 3月24日 10:00—11:00（微信、Telegram）\n· 3月24日 12:00—12:30（Telegram）"
    )
    assert "10:00–11:00 (WeChat, Telegram)" in week.told("en")


def test_when_there_were_more_than_are_kept_the_digest_says_from_when_on_it_knows(week):
    for n in range(KEPT + 2):
        week.unheard(at(24, 9) + timedelta(minutes=30 * n), 10)
    week.happens()
    assert "🔇 有 50 段时间没收到消息，共 8 小时 20 分钟" in week.told()
    assert "\n次数太多，3月24日 09:40 之前的没有留下来，不在内\n" in week.told()
    assert "so many that those before 24 Mar 09:40 are not kept any more" in week.told("en")


def test_a_week_of_which_nothing_is_kept_is_not_told_as_if_all_had_been_heard(week):
    for n in range(KEPT + 1):
        week.unheard(at(29, 9) + timedelta(minutes=12 * n), 10)
    week.happens()
    before = week.told(at=datetime(2026, 3, 22, 12, tzinfo=UTC))
    assert before.endswith("🔇 没收到消息的次数太多，3月22日 20:00 之前的没有留下来；那时漏了多少，我说不上来")
    assert "0 段" not in before


def test_moments_push_out_nothing_that_was_told(week):
    week.unheard(at(24, 9), 40)
    for n in range(KEPT + 2):
        week.unheard(at(24, 10) + timedelta(minutes=30 * n), 1)
    week.happens()
    assert week.told().endswith("共 40 分钟；这些时间里写的没有算进来\n· 3月24日 09:00—09:40（微信）")


def test_a_moment_and_another_week_are_not_told(week):
    week.unheard(at(25, 9), 4.9)
    week.unheard(at(20, 9), 60)
    week.happens()
    assert "🔇" not in week.told()


def test_what_reaches_into_the_period_is_told_from_its_beginning(week):
    week.unheard(at(22, 22), 180)
    week.happens()
    assert "有 1 段时间没收到消息，共 1 小时" in week.told()
    assert "3月23日 00:00—01:00" in week.told()


def test_of_many_the_longest_are_told_in_their_order(week):
    for hour, minutes in ((9, 10), (10, 40), (11, 6), (12, 30), (13, 20), (14, 7), (15, 50)):
        week.unheard(at(24, hour), minutes)
    week.happens()
    listed = [line[8:13] for line in week.told().splitlines() if line.startswith("· 3月24日")]
    assert listed == ["09:00", "10:00", "12:00", "13:00", "15:00"]
    assert week.told().endswith("…较短的还有 2 段")


def test_what_was_missed_in_the_period_before_is_told_where_something_is_compared_with_it(week):
    """Most of a day of silence then makes any week look better."""
    week.unheard(at(17, 8), 20 * 60, "telegram")
    week.unheard(at(18, 10), 30, "telegram")
    week.happens()
    assert "🔇" not in week.told("zh"), "nothing is compared"
    for day in (10, 19, 24):
        week.said(person(2), day, "早")
    week.happens()
    assert "💬 消息 1 条（与上期持平）" in week.told("zh")
    assert week.told("zh").endswith("🔇 上期有 2 段时间没收到消息，共 20 小时 30 分钟；那时写的没有算进上期的数字")
    assert week.told("en").endswith(
        "🔇 Times when nothing was heard in the period before: 2 (20 h 30 min together). "
        "What was written then is not in the numbers before"
    )
