"""What happens on the day, in order. Every act is told to the oracle with what must come of it."""

from __future__ import annotations

from tests.day.cast import RIGHTS
from tests.day.script import Day
from tests.support.botapi import Person
from tests.support.botapi.delivery import post

MINUTE, HOUR = 60.0, 3600.0
ADS = ("加群领红包", "casino bonus", "代购正品", "刷单日结")


def morning_comes(day: Day) -> None:
    """First contact: each admins' place hears that no right is missing."""
    day.oracle.says("desk", "就绪 reading")
    day.oracle.says("desk", "就绪 desk")
    day.oracle.writes(day.cast.author, "Ready writing")


def people_check_in(day: Day) -> None:
    """Two hundred check in, in all the ways that count and some that do not."""
    reading, members = day.cast.reading, day.cast.members
    for who in members[:200]:
        zh = ("打卡", "签到！", "打卡 第三章", "#打卡 读完了", "簽到", "打卡啦")
        day.checks_in(who, "/checkin" if day.cast.spoken[who.id] == "en" else day.dice.choice(zh))
    for who in members[:15]:  # once more on the same day
        day.checks_in(who, "打卡")
    a, b, c, d, e = members[200:205]
    message = a.posts_album(reading, 3, caption="打卡 三张图")[0]
    day.oracle.checks_in("reading", a, message)
    day.oracle.checks_in("reading", b, b.posts(reading, photo=True, caption="打卡"))
    day.checks_in(c, "打卡 在话题里", thread=day.cast.topic)
    day.checks_in(d, "打卡", reply_to=message)
    day.checks_in(e, "/checkin@reader_bot")


def others_only_seem_to(day: Day) -> None:
    """What looks like a check-in and is none."""
    reading, members = day.cast.reading, day.cast.members
    first = members[210].posts(reading, "/checkin@other_bot")
    members[211].posts(reading, "打卡？")
    members[212].posts(reading, "打卡规则：每天一次")
    members[213].posts(reading, "打卡", forwards=first)
    members[214].edits(members[214].posts(reading, "早上好"), "打卡")
    day.cast.dean.posts(reading, "打卡", as_chat=reading)
    day.cast.stranger.posts(reading, "打卡", as_chat=day.cast.elsewhere)
    day.cast.dean.posts(day.cast.news, "打卡 今天的新闻")
    members[215].posts(reading, content={"sticker": STICKER})
    members[216].reacts(first, "👍")
    first_photo = members[217].posts(reading, photo=True)
    members[217].edits(first_photo, "打卡 晚了")
    members[218].deletes(members[218].posts(reading, "大家记得明天打卡"))
    day.cast.dean.renames(reading, "晨读营（春）")


STICKER = {
    "file_id": "sticker1", "file_unique_id": "usticker1", "type": "regular", "width": 512, "height": 512,
    "is_animated": False, "is_video": False,
}  # fmt: skip


def people_say_thanks(day: Day) -> None:
    """Whoever is thanked gets a point, once a day from the same person; every thanks gets a thumb."""
    reading, members = day.cast.reading, day.cast.members
    for n in range(6):
        thanked, thankful = members[n], members[20 + n]
        message = thankful.posts(reading, f"谢谢 @{thanked.username} 的分享")
        day.oracle.expect("react", "reading", message.id)
        day.oracle.points["reading", thanked.id] += 1
    again = members[20].posts(reading, f"thanks @{members[0].username}")
    day.oracle.expect("react", "reading", again.id)


def some_ask_to_join(day: Day) -> None:
    """Join requests: answered well, answered badly, let in by hand, not answered at all."""
    cast, oracle = day.cast, day.oracle
    asking = cast.newcomers(33001, 11)
    for who in asking:
        who.asks_to_join(cast.reading)
        oracle.writes(
            who,
            oracle.in_words_of(who, "想进 晨读营\n\n我们读的是什么书？", "To enter Reading Camp\n\nWhat do we read?"),
        )
    day.asked = day.clock()
    good, bad, by_hand = asking[:6], asking[6:8], asking[8]  # the others never answer
    for who in good:
        answer = oracle.in_words_of(who, "纸书", "Paper")
        day.presses(who, day.found(day.private(who), answer), answer)
        why = oracle.in_words_of(who, "为什么想来？", "Why would you like to come?")
        oracle.writes(who, why)
        day.reads(who, why)
        who.writes(cast.reader, "想每天跟大家一起读书")
        oracle.expect("approve", "reading", who.id)
        oracle.writes(who, oracle.in_words_of(who, "通过 晨读营", "Passed Reading Camp"))
        oracle.welcomed(who)
        day.gets_in(who)
        day.clock.forward(10)
    for who in bad:
        wrong = oracle.in_words_of(who, "手机", "Phone")
        day.presses(who, day.found(day.private(who), wrong), wrong)
        told = oracle.in_words_of(who, "不对 1\n\n我们读的是什么书？", "Wrong 1\n\nWhat do we read?")
        oracle.writes(who, told)
        day.presses(who, day.found(day.private(who), wrong, told), wrong)
        oracle.writes(who, oracle.in_words_of(who, "没过 晨读营", "Failed Reading Camp"))
        oracle.expect("decline", "reading", who.id)
    cast.dean.approves(by_hand, cast.reading)
    oracle.welcomed(by_hand)
    day.good, day.silent = good, asking[9:]


def newcomers_settle_in(day: Day) -> None:
    """Those who were let in answer the steps; a check-in then makes them sprouts."""
    for who in day.good[:5]:
        day.goes_through_steps(who)
        day.settles(f"steps of {who.id}")
    for who in day.good[:5]:
        day.checks_in(who, "打卡")


def admins_act_by_hand(day: Day) -> None:
    """What admins do themselves is theirs: nothing is said about it. Whoever was out and returns is welcomed."""
    cast, reading, members = day.cast, day.cast.reading, day.cast.members
    cast.dean.mutes(members[30], reading)
    cast.helper.unmutes(members[30], reading)
    cast.dean.promotes(members[31], reading, "can_pin_messages")
    cast.dean.demotes(members[31], reading)
    cast.dean.bans(members[32], reading)
    cast.dean.unbans(members[32], reading)
    members[33].leaves(reading)
    day.settles("leaving")
    day.clock.forward(10)
    for who in members[32:34]:
        who.joins(reading)
        day.oracle.welcomed(who)
        day.clock.forward(10)
    cast.dean.posts(cast.desk, "大家辛苦了")


def spam_comes_in_waves(day: Day) -> None:
    """The ladder: deleted and warned, muted, proposed to be banned; the desk decides, and nobody else."""
    cast, oracle, reading = day.cast, day.oracle, day.cast.reading
    spammers = cast.members[280:288]

    def advertise(who: Person) -> None:
        message = who.posts(reading, f"{day.dice.choice(ADS)} {who.id}")
        oracle.warned(who, message, "请勿发布广告", "No ads please")

    for who in spammers:
        advertise(who)
    edited = cast.members[270].posts(reading, "早安")
    day.settles("first wave")
    cast.members[270].edits(edited, "代购正品")
    oracle.warned(cast.members[270], edited, "请勿发布广告", "No ads please")
    flood = [cast.members[271].posts(reading, word) for word in ("一", "二", "三", "四", "五")]
    oracle.warned(cast.members[271], flood[-1], "慢一点", "Slower please")
    day.settles("an edit, and a flood")
    day.clock.forward(61)
    for who in spammers:
        advertise(who)
    day.settles("second wave")
    day.clock.forward(61)
    for who in spammers[:4]:
        cast.helper.unmutes(who, reading)
        advertise(who)
    day.settles("third wave")
    asked = {who: day.found(cast.desk, "是", f"提议 {who.first_name}/") for who in spammers[:3]}
    for message in asked.values():
        day.presses(cast.stranger, message, "是")
    day.settles("a stranger at the desk")
    for who, message in list(asked.items())[:2]:
        day.presses(cast.helper, message, "是")
        oracle.expect("ban", "reading", who.id)
        oracle.says("desk", f"同意 {who.first_name}[移出]")
    day.presses(cast.dean, asked[spammers[2]], "否")
    oracle.says("desk", f"驳回 {spammers[2].first_name}[移出]")
    day.settles("the desk decides")
    back = spammers[5]
    back.leaves(reading)
    day.clock.forward(10)
    back.joins(reading)
    oracle.expect("mute", "reading", back.id)
    oracle.says("desk", f"又来 {back.first_name}")
    oracle.welcomed(back)


def a_right_is_lost(day: Day) -> None:
    """The bot may not delete for a while: the admins read one line, and one when it may again; members are asked to do
    it themselves meanwhile."""
    cast, oracle = day.cast, day.oracle
    cast.dean.promotes(cast.reader, cast.reading, *(right for right in RIGHTS if right != "can_delete_messages"))
    oracle.says("desk", "缺权限 reading\n· 删除消息\n请授权")
    day.settles("a right is lost")
    who = cast.members[272]
    message = who.posts(cast.reading, "刷单日结")
    oracle.told_off(who, message, "请勿发布广告", "No ads please")
    oracle.says("reading", "请自己撤回")
    day.settles("an ad that stays")
    cast.dean.promotes(cast.reader, cast.reading, *RIGHTS)
    oracle.says("desk", "👍 reading 群：权限又齐了，设定的事我都能做了。")
    day.clock.forward(61)
    other = cast.members[273]
    oracle.warned(other, other.posts(cast.reading, "加群领红包"), "请勿发布广告", "No ads please")


def the_club_moves(day: Day) -> None:
    """The writing club becomes a supergroup while its members check in."""
    cast = day.cast
    for who in cast.writers[:20]:
        day.writes_pages(who, cast.writing)
    cast.author.upgrades(cast.writing, new_first=bool(day.dice.getrandbits(1)))
    new = cast.writing.migrated_to
    assert new is not None
    for who in cast.writers[20:25]:
        day.writes_pages(who, new)
    day.settles("moving")
    post(cast.world, new, cast.reader, text="打卡")  # another bot's words count for nothing


def a_raid(day: Day) -> None:
    """Sixty join within a moment. Ten are welcomed as ever; the others wait at the door until they press a button."""
    cast, oracle, reading = day.cast, day.oracle, day.cast.reading
    day.clock.forward(2 * MINUTE)
    raiders = cast.newcomers(31001, 60)
    with cast.world.lock:
        for who in raiders:
            who.joins(reading)
    day.raided = day.clock()
    welcomed = raiders[:10] if day.ordered else first_told(day, raiders)
    for who in welcomed:
        oracle.welcomed(who)
    oracle.says("desk", "突袭 11")
    held = [who for who in raiders if who not in welcomed]
    for who in held:
        oracle.expect("mute", "reading", who.id)
    day.settles("a raid")
    day.clock.forward(MINUTE + 1)
    question = day.found(reading, "到")
    _, names, others = (question.text or "").split("\n\n")
    if day.ordered:
        names, others = " ".join(who.first_name for who in held[:20]), "另外 30"
    assert len(numbers_in(names)) == 20
    assert numbers_in(names) <= {who.id % 1000 for who in held}
    oracle.says("reading", f"一起按 50\n\n{names}\n\n{others}")
    day.settles("one question for all")
    passed = held[:5]
    for who in passed:
        day.presses(who, question, "到")
        oracle.expect("unmute", "reading", who.id)
    day.settles("some pass")
    day.clock.forward(MINUTE + 1)
    welcome = day.found(reading, "✅ 同意", "一起欢迎 5\n\n")
    names = (welcome.text or "").split("\n\n")[1] if not day.ordered else " ".join(who.first_name for who in passed)
    oracle.says("reading", f"一起欢迎 5\n\n{names}\n\n读完群规请点同意")
    assert numbers_in(names) == {who.id % 1000 for who in passed}
    day.settles("one welcome for them")
    day.goes_on(30 * MINUTE)
    oracle.says("desk", "平静 60 5")
    day.settles("calm again")
    day.held = held[5:]
    passed_already = day.comes_to(day.asked + 2 * HOUR)
    for who in day.silent:  # whom nobody may write to any more
        oracle.expect("decline", "reading", who.id)
    day.settles("the last questions lapse")
    day.goes_on(2 * HOUR - passed_already)


def first_told(day: Day, raiders: list[Person]) -> list[Person]:
    """Which ten the assistant heard of first: those whom it did not mute."""
    muted = ("mute", "reading")

    def told() -> list[Person] | None:
        day.missing()
        held = {effect[2] for effect in day.seen if effect[:2] == muted}
        rest = [who for who in raiders if who.id not in held]
        return rest if len(rest) == 10 else None

    found: list[Person] = day.until(told, "fifty held at the door", chat=True)
    return found


def the_next_morning(day: Day) -> None:
    """Who never pressed is out. Then streaks of two, also for those who were out and came back, and across the move."""
    cast = day.cast
    gone_on = day.comes_to(day.raided + 24 * HOUR)
    for who in day.held:
        day.oracle.expect("remove", "reading", who.id)
        day.oracle.says("desk", f"自动 {who.first_name}：移出群")
    day.settles("the door is cleared")
    day.goes_on(22 * HOUR - gone_on)
    assert {cast.reading.standing(who).status for who in day.held} == {"left"}, "whoever was removed may come back"
    for who in cast.members[:150]:
        day.checks_in(who, "打卡")
    new = cast.writing.migrated_to
    assert new is not None
    for who in cast.writers[:25]:
        day.writes_pages(who, new)
    asks = cast.members[199]
    points = day.oracle.points["reading", asks.id]
    asks.posts(cast.reading, "我的等级")
    missing = 15 - points
    zh = f"等级 种子 {points}\n下级 新芽\n还差 {missing}"
    day.oracle.says("reading", day.oracle.in_words_of(asks, zh, f"Tier Seed {points}\nNext Sprout\nMissing {missing}"))


def the_bot_is_sent_away(day: Day) -> None:
    """The writing club removes its bot, of which its admin hears, thinks better of it, and adds it again."""
    cast = day.cast
    new = cast.writing.migrated_to
    assert new is not None
    cast.author.removes(cast.writer, new)
    for who in cast.writers[25:28]:
        who.posts(new, "打卡")  # nobody hears it
    cast.author.unbans(cast.writer, new)
    cast.author.adds(cast.writer, new)
    day.oracle.writes(cast.author, "Gone writing")
    day.oracle.writes(cast.author, "Ready writing")
    day.settles("the bot is back")
    for who in cast.writers[28:]:
        day.writes_pages(who, new)


def numbers_in(names: str) -> set[int]:
    """Who is named: every name ends in a number of its own."""
    return {int(word) for word in names.split() if word.isdecimal()}


PARTS = (
    morning_comes, people_check_in, others_only_seem_to, people_say_thanks, some_ask_to_join, newcomers_settle_in,
    admins_act_by_hand, spam_comes_in_waves, a_right_is_lost, the_club_moves, a_raid, the_next_morning,
    the_bot_is_sent_away,
)  # fmt: skip
"""The day, part by part. After each, everything that is due must have come."""
