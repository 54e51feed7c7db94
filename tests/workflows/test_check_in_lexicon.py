"""What turns ordinary messages away before anything is asked, and never a message that asks for something."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import MessagePosted
from core.people import Account, Actor, ActorKind
from workflows.check_in import workflow
from workflows.check_in_days import coming_days, names_a_day, part_of_a_day, past_day, unclear
from workflows.check_in_options import CheckIns
from workflows.check_in_words import Lexicon

START = datetime(2026, 3, 2, tzinfo=UTC)


READING = CheckIns.model_validate({"reading": {"keywords": ["打卡", "早起"], "late": {}, "leave": {}}})


def lexicon(*words: str) -> Lexicon:
    made = Lexicon()
    made.learn("check_in", "reading", words)
    return made


@pytest.mark.parametrize("text", ["", "早饭吃了", "today I read", "打开第三章", "the 打卡", "卡打"])
def test_an_ordinary_text_is_turned_away_by_its_first_letters(text):
    words = lexicon("打卡", "top", "早起")
    assert not words.may_ask(text)
    assert not words.may_ask(text)


@pytest.mark.parametrize(
    "text",
    [
        "打卡",
        "打卡第3天",
        " 打卡",
        "打 卡",
        "打　卡 第三章",
        "#打卡",
        "@小王 打卡",
        "打\u200b卡",
        "\u200b打卡",
        "ＴＯＰ",
        "Top 10",
        "/top",
        "✅打卡",
        "卡",
        "卡 3",
    ],
)
def test_a_text_that_asks_is_heard(text):
    words = lexicon("打卡", "top", "卡")
    assert words.may_ask(text)
    assert [ask.challenge for ask in words.heard(text)] == ["reading"]
    assert words.heard(text) == words.heard(text)


@given(st.lists(st.text(st.sampled_from("打卡早起ab \u200b#@１1ＡＢ"), max_size=6), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_turning_away_never_turns_a_check_in_away(texts):
    words = lexicon("打卡", "早", "ab1", "1")
    for text in texts:
        # What the whole reading says, without the glance before it.
        assert words.heard(text) == words._understood(text)


@given(
    st.text(st.sampled_from("打卡早起签到第3天周一大家好我来今补请假明 ab\u200b#@１1ＡＢ，/"), min_size=1, max_size=8)
)
@settings(max_examples=1000, deadline=None)
def test_two_letters_tell_whether_a_text_may_ask(text):
    opening = text.split(None, 1)[0][:40] if text[0] == "/" else text[:2]
    assert not (READING.deaf_to(opening) and READING.lexicon._understood(text))


def test_talk_is_turned_away_by_two_letters():
    options = CheckIns.model_validate({"reading": {"keywords": ["打卡"], "board": None}})
    assert all(options.deaf_to(opening) for opening in ("打开", "我觉", "今晚", "th", "/books"))
    assert not any(options.deaf_to(opening) for opening in ("打卡", "打 ", "我来", "今天", "@小", " 打", "/checkin"))


@pytest.mark.parametrize("text", ["打 卡片", "打 卡？", "打 球", "我明天要打卡", "卡我打卡"])
def test_a_sentence_that_only_holds_the_word_is_no_check_in(text):
    assert lexicon("打卡").heard(text) == ()


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("打卡啦", ""),
        ("打卡！", ""),
        ("打卡✅", "✅"),
        ("我要打卡", ""),
        ("我来打卡了", ""),
        ("我來打卡啦！", ""),
        ("今天打卡", ""),
        ("今日打卡 第三章", "第三章"),
        ("我今天来打卡了，读了 20 页", "读了 20 页"),
        ("@小王 我也来打卡", ""),
        ("今早签到 6:30", "6:30"),
        ("今天我来打卡，没读完也算一天", "没读完也算一天"),
        ("前来打卡～", ""),
        ("我来晨读打卡", ""),
        ("我来打卡了，跑步没什么感觉", "跑步没什么感觉"),
        ("今日打卡：背了多少单词记不清了", "背了多少单词记不清了"),
        ("今天打卡 多少有点累", "多少有点累"),
    ],
)
def test_who_says_that_they_check_in_does(text, rest):
    (ask,) = lexicon("打卡", "签到", "晨读打卡").heard(text)
    assert (ask.what, ask.rest) == ("check_in", rest)


@pytest.mark.parametrize(
    "text",
    [
        "大家记得打卡",
        "昨天忘记打卡了怎么办",
        "打卡有什么用",
        "我要打卡，怎么打？",
        "今天打卡了吗",
        "今天打卡了没",
        "今天打卡人数",
        "我打卡失败了",
        "我打卡，但是没显示",
        "今天要打卡",
        "快来打卡",
        "来打卡吧",
        "来打卡的人真多",
        "打卡打卡，大家快点",
        "打卡，别忘了",
        "打卡 怎么打？",
        "打卡 有人吗",
        "打卡 规则是什么",
        "打卡第一名是谁",
        "打卡第几天了",
        "Day 3 打卡 开始",
        "打卡 结束啦！",
        "打卡21天送书",
        "打卡3天才得5分",
        "打卡 7天奖励多少",
        "打卡100天挑战",
        "打卡day是什么",
        "打卡第3天有奖吗",
        "打卡 补算吗？",
        "第3天打卡的人好多",
        "第三天打卡就坚持不住了",
        "第3天没打卡",
        "西湖打卡",
        "上班打卡",
        "学习打卡 有人一起吗",
        "周末打卡",
        "打卡看了吗",
        "打卡？今天吗",
        "早上好，打卡时间到了",
        "早，今天谁打卡了",
        "我昨天打卡了",
        "我已经打卡了",
        "今天打卡几点截止",
        "我的打卡怎么没了",
        "明天打卡",
        "我不想打卡",
        "今天打卡？",
        "我来打卡了，为什么没反应",
        "今天打卡 有人一起吗",
        "今天打卡 人数多少",
        "今天打卡 还有谁没打",
        "今天打卡，几个人",
        "我打卡了，没什么反应",
        "今日打卡：截止晚上十点",
        "今天早起，困",
        "完成今日打卡任务的同学",
        "打完卡了吗",
        "打完卡了就去睡",
        "打完卡了，还没打的抓紧",
        "打过卡了",
        "打卡先看规则",
        "先打卡，后学习",
        "先打卡再说",
        "坚持打卡！",
        "坚持打卡21天养成习惯",
        "坚持打卡第3天的同学",
        "打卡d3x",
    ],
)
def test_talk_of_checking_in_is_none(text):
    assert lexicon("打卡", "签到", "早起").heard(text) == ()


SENTENCES = {
    "打卡3/21 读了诗": "3/21 读了诗", "打卡30分钟": "30分钟", "打卡5天，读了诗": "5天,读了诗",
    "打卡 读了三页，可以吗": "读了三页,可以吗", "打卡 今天的诗好难，有人懂吗？": "今天的诗好难,有人懂吗?",
    "第3天打卡 读了李白": "读了李白", "第三天打卡": "", "Day 3 打卡：两首词": "两首词", "D12打卡": "",
    "打卡 day 12": "day 12",
    "来打卡": "", "来打卡了": "", "來打卡囉，讀了莊子": "none", "来打卡啦～ 今天读了王维": "今天读了王维",
    "打卡打卡！": "",
    "来打个卡": "", "打个卡 今天读了诗": "今天读了诗", "打卡打卡 读了庄子": "读了庄子",
    "读书打卡 庄子一篇": "庄子一篇",
    "今天的打卡 读了一篇": "读了一篇", "今日份打卡": "", "那我也打卡": "", "打卡完毕": "", "打卡成功！": "",
    "打卡一下 读了诗": "读了诗",
    "早起打卡 6:30": "6:30",
    "打卡今天读了庄子的逍遥游": "读了庄子的逍遥游", "打卡读了王维的两首诗": "读了王维的两首诗",
    "我今天打卡背完了单词": "背完了单词", "Day 3 check-in: two poems": "two poems",
    "day 3 check in two poems": "two poems",
    "Checking in! two poems": "two poems", "check-in: two poems": "two poems",
    "Day 5 practice - two poems": "two poems",
    "今天的日课：临了两行": "临了两行", "日课打卡 临了两行": "临了两行",
    "日课第5天 临了两行": "第5天 临了两行", "第5天日课，临了两行": "临了两行",
    "我来打卡了今天读了山居秋暝": "读了山居秋暝", "打卡今天是第五天我读了史记": "第五天我读了史记",
    "今天是第五天打卡 读了史记": "读了史记", "早安打卡 读了诗": "读了诗", "早上好，打卡 读了诗": "读了诗",
    "大家好，我来打卡了，读了诗": "读了诗", "报到！打卡": "", "Good morning! practice: two poems": "two poems",
    "起床打卡": "", "我散步打卡": "", "今天朗读 打卡": "", "第3天日语打卡 两课": "两课", "刷题已打卡": "",
    "老师好我来打卡": "", "班长，打卡 读了诗": "读了诗",
    "完成今日打卡": "", "已完成今日打卡 ✅": "✅", "打完卡了": "", "打完卡了，读了两页": "读了两页", "打个卡先": "",
    "打卡先": "", "先打卡！": "", "先打个卡": "", "打下卡": "", "坚持打卡第3天": "第3天",
    "继续打卡 day 5，读了庄子": "day 5,读了庄子", "晚间打卡 读了两页": "读了两页", "打卡D3 两首": "D3 两首",
    "Check-in ✅": "✅", "check in ✅ two poems": "✅ two poems", "Check-in day 3": "day 3",
    "check in #3: two poems": "#3: two poems", "daily check-in": "", "Daily check-in: two poems": "two poems",
    "Checking in for today ✅": "✅", "checking in today": "",
    "hi all, checking in: two poems": "two poems", "practice, practice!": "", "practice 30 min": "30 min",
}  # fmt: skip


@pytest.mark.parametrize(("text", "heard"), [("签个到", 1), ("签下到 读了诗", 1), ("签一下到", 1), ("签个合同", 0)])
def test_signing_in_has_other_forms(text, heard):
    assert len(lexicon("签到").heard(text)) == heard
    assert not lexicon("打卡").heard(text)


@pytest.mark.parametrize(("text", "rest"), SENTENCES.items())
def test_a_check_in_is_heard_as_members_write_it(text, rest):
    words = lexicon("打卡", "日课", "practice", "checkin")
    assert words.may_ask(text)
    assert [ask.rest for ask in words.heard(text)] == ([rest] if rest != "none" else [])


def test_a_kind_of_check_in_before_the_word_is_meant():
    words = lexicon("打卡")
    words.learn("check_in", "copybook", ("临帖",))
    assert [ask.challenge for ask in words.heard("临帖打卡 第二行")] == ["copybook"]
    assert [ask.challenge for ask in words.heard("读书打卡 第二章")] == ["reading"]


@pytest.mark.parametrize(
    ("what", "word", "text"),
    [
        ("status", "我的打卡", "我今天打卡了吗？"),
        ("status", "streak", "what is my streak?"),
        ("board", "排行榜", "排行榜？"),
        ("board", "排行榜", "打卡排行榜"),
        ("back", "取消请假", "不请假了"),
        ("back", "销假", "我来销假"),
        ("back", "销假", "我回来了，销假"),
    ],
)
def test_what_is_asked_for_by_the_word_alone_is_asked_for_in_other_words_too(what, word, text):
    words = lexicon("打卡")
    words.learn(what, "reading", (word,))
    assert words.may_ask(text)
    assert [ask.what for ask in words.heard(text)] == [what]


@pytest.mark.parametrize(
    "text",
    [
        "practice makes perfect",
        "practice is hard today",
        "Practice room is closed",
        "practice what you preach",
        "check in tomorrow",
        "I'll check in a bit",
        "checking in on you all",
        "Day 3 check-in is where again?",
        "Hi, practice makes perfect",
        "practice? today?",
        "Practice, anyone?",
        "practice.py is broken",
        "practice_room",
        "practice practice practice is all",
        "day 3 and I still can't do it",
        "daily check-in is closed",
        "daily check-in?",
        "daily checkins",
        "check in today",
        "checking in today at the hotel",
        "check in #1 hotel",
        "check-in for today's flight",
    ],
)
def test_english_talk_is_no_check_in(text):
    assert lexicon("practice", "checkin").heard(text) == ()


@pytest.mark.parametrize(
    ("text", "day"), [("3.4打卡 读了诗", "3.4"), ("3月4日打卡", "3月4日"), ("周三打卡", "周三"), ("打卡 3.4", "")]
)
def test_a_day_before_the_word_is_known(text, day):
    assert [ask.day for ask in lexicon("打卡").heard(text)] == [day]


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("补打卡", ""),
        ("补打卡昨天的", "昨天"),
        ("补打卡 3月1日", "3月1日"),
        ("补昨天的卡", "昨天"),
        ("补一下前天的打卡", "前天"),
        ("昨天的补卡", "昨天"),
        ("我要补卡", ""),
        ("我想补昨天的卡", "昨天"),
        ("补个卡", ""),
        ("补签", ""),
        ("补签到 昨天", "昨天"),
        ("我要补签昨天的", "昨天"),
        ("補打卡", ""),
        ("makeup", ""),
        ("makeup yesterday", "yesterday"),
        ("make up yesterday", "yesterday"),
        ("Make-up for Friday, two poems", "for friday, two poems"),
        ("makeup for Friday", "for Friday"),
    ],
)
def test_making_up_is_heard_as_members_write_it(text, rest):
    words = Lexicon()
    words.learn("late", "daily", ("补卡", "makeup"))
    (ask,) = words.heard(text)
    assert (ask.what, ask.rest) == ("late", rest)


def test_what_people_do_is_turned_away_at_a_glance_where_no_word_follows():
    words = lexicon("打卡")
    assert not any(map(words.may_ask, ("散步回来了", "跑步真舒服", "起床了", "读书使人进步")))


@pytest.mark.parametrize(
    "text", ["补打卡怎么弄", "可以补打卡吗", "昨天补卡了", "补签名", "补签怎么弄", "补卡要钱吗", "补昨天的卡要扣分吗"]
)
def test_talk_of_making_up_is_none(text):
    words = Lexicon()
    words.learn("late", "daily", ("补卡",))
    assert words.heard(text) == ()


def test_what_is_remembered_of_the_letters_that_were_met_is_bounded():
    words = lexicon("打卡")
    for point in range(0x4E00, 0x4E00 + 15_000):
        words.may_ask("打" + chr(point))
        words.may_ask(chr(point) + "卡")
    assert len(words._starts) <= 10_000
    assert all(len(after) <= 10_000 for after in words._starts.values() if after is not None)
    assert words.may_ask("打卡")


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"text": "今天读了第三章"}, None),
        ({"text": "打卡 今天读了第三章", "forwarded": True}, None),
        ({"text": "", "kind": "sticker"}, None),
        ({"text": "打卡"}, "some"),
    ],
    ids=["plain", "forwarded", "a sticker", "a check-in"],
)
def test_there_is_nothing_to_decide_about_a_message_that_asks_nothing(told, keys):
    options = CheckIns.model_validate({"reading": {"points": 1}})
    actor = Actor(account=Account("t:ana"), name="ana")
    message = MessagePosted(id="1", at=START, group="g", actor=actor, message="1", **told)
    found = workflow.reads(message, options)
    assert (found is None) == (keys is None)
    robot = Actor(account=Account("t:bot"), name="bot", kind=ActorKind.BOT)
    assert workflow.reads(MessagePosted(id="2", at=START, group="g", actor=robot, message="2", **told), options) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("よみかき\u3099 三十分", id="its last letter in two marks"),
        pytest.param("よみか\u200bぎ 三十分", id="a hidden sign inside"),
    ],
)
def test_a_keyword_is_found_however_its_letters_are_typed(text):
    assert [ask.rest for ask in lexicon("よみかぎ").heard(text)] == ["三十分"]


def test_the_texts_that_are_remembered_are_bounded():
    words = lexicon("打卡")
    for n in range(2_500):
        words.heard(f"打卡 第 {n} 天")
    assert len(words._held) <= 1_000
    assert [ask.rest for ask in words.heard("打卡 第 1 天")] == ["第 1 天"]


def test_the_longest_keyword_counts_and_a_shorter_one_where_it_does_not_end_so():
    words = lexicon("打卡", "打卡机")
    assert [ask.rest for ask in words.heard("打卡机 今天")] == ["今天"]
    assert [ask.rest for ask in words.heard("打卡 今天")] == ["今天"]
    assert words.heard("打卡规则") == ()


MONDAY = date(2026, 3, 2)
DAYS_ASKED = {
    "请假": "2", "请假一天": "2", "请假三天": "2 3 4", "请假两天，家里有事": "2 3", "请假明天": "3", "请假 周五": "6",
    "请假到周五": "2 3 4 5 6",
    "请假 直到周三": "2 3 4", "请假明天到周四": "3 4 5",
    "请假 下周一": "9", "请假 星期日": "8", "请假 下周一到下周三": "9 10 11", "请假 下周一到周三": "9 10 11",
    "请假明天到后天": "3 4", "请假 下周日到下周五": "",
    "明天请假": "3", "明天请假！": "3", "后天请假两天": "4 5", "我请假": "2", "我明天请假": "3",
    "今天请假 不舒服": "2",
    "take leave Sunday": "8", "take leave on Friday": "6", "take leave until Wednesday": "2 3 4",
    "take leave for 3 days": "2 3 4", "请假 从周四到周六": "5 6 7",
    "take leave next Monday": "9", "take leave next Monday to next Tuesday": "9 10",
    "请假 下下周一": "16", "请假明后天": "3 4", "请假 今明两天": "2 3", "请假明天和后天": "3 4",
    "请假 明天后天": "3 4", "请假明天后天": "3 4", "请假 今天 明天": "2 3", "请假 明天 后天回来": "3",
    "请假 周五周六": "6 7",
    "请假 周三、周五和周六": "4 6 7", "请假 明天，后天回来": "3", "请假 周五和周三": "6 11", "请假 明天和今天": "",
    "take leave tomorrow and Friday": "3 6", "take leave the day after tomorrow": "4", "take leave a day": "2",
    "take leave for a week": "2 3 4 5 6 7 8", "take leave two days": "2 3",
    "take leave friday to sunday": "6 7 8", "take leave, my son is ill": "2",
    "请假5-7号": "5 6 7", "请假 5-7日": "5 6 7", "请假 5～7号": "5 6 7", "请假 5号到7号": "5 6 7",
    "请假 5号-7号": "5 6 7",
    "请假 5到7号，出差": "5 6 7", "请假5日-7日": "5 6 7", "请假 五号到七号": "5 6 7", "请假 3月5-7号": "5 6 7",
    "请假 3月5日到7日": "5 6 7", "请假 3/5-3/7": "5 6 7", "请假 3.5-7": "5 6 7", "请假 2026-3-5到7": "5 6 7",
    "请假 3-5到3-7": "5 6 7", "请假 30号到1号": "30 31 1", "请假 5号6号": "5 6", "请假 1-3号": "1 2 3",
    "请假 1号": "1",
    "请假 5号到外地": "5", "请假 5.7号": "7", "take leave from the 5th to the 7th": "5 6 7",
    "take leave the 5th": "5",
    "take leave 5th-7th": "5 6 7", "take leave on the 5th": "5",
    "明天请假去医院": "3", "我请假陪孩子": "2", "请假 明天可以吗？": "3", "take leave tomorrow, please?": "3",
    "我要请假": "2", "我想请假一天": "2",
    "请个假": "2", "请病假一天": "2", "请明后天两天假": "3 4",
    "今天和明天请假": "2 3", "3月5日至7日请假": "5 6 7", "请个假，今天加班": "2", "请两天假": "2 3",
    "我請三天假": "2 3 4",
    "跟大家请个假，要出差": "2", "明天想请假": "3", "周五请假": "6", "我下周一请假": "9", "5号请假": "5",
    "5-7号请假": "5 6 7",
    "明后天请假": "3 4", "请明天的假": "3", "明天开始请假三天": "3 4 5", "从明天起请两天假": "3 4",
    "今天加班请假": "2",
    "我明天要请假一天因为要出差": "3", "请假一天我今天生病了": "2", "今天身体不舒服请假一天": "2",
    "请一天假，今天加班": "2",
    "请假半天": "2", "请假下午": "2", "请假明天下午": "3", "请假 明晚": "3", "请假 2点到4点": "2",
    "请假 3个小时": "2",
    "请假一天半": "2 3", "请假 两天半": "2 3 4", "take leave this afternoon": "2", "take leave half a day": "2",
    "请假 5、6、7号": "5 6 7", "请假5,6号": "5 6", "请假 3月5、6和7号": "5 6 7", "请假5、6号，出差": "5 6",
    "请假到月底": " ".join(map(str, range(2, 32))), "请假 30号到月底": "30 31", "请假 12/5号": "5",
    "请假明天开始三天": "3 4 5", "请假从明天开始三天": "3 4 5", "请假 明天起，共两天": "3 4",
    "请假 从周四起两天": "5 6",
    "请假三天从明天开始": "3 4 5", "请假 三天，从明天起": "3 4 5", "请假三天，5号到7号": "5 6 7",
    "请假三天，明天出差": "2 3 4", "请假明天开始到周四": "3 4 5",
    "I need leave tomorrow": "3", "I'd like to take leave on Friday": "6", "taking leave for 3 days": "2 3 4",
    "take leave 3 days from tomorrow": "3 4 5", "take leave starting tomorrow for 3 days": "3 4 5",
    "take leave from tomorrow for two days": "3 4", "take leave Fri": "6", "take leave Wed-Fri": "4 5 6",
    "群主，明天请假": "3", "班长 明天请假一天": "3", "老师我请假两天": "2 3", "老师您好，我明天请假": "3",
    "报告老师，请假一天": "2", "管理员，请假": "2", "申请请假两天": "2 3", "我需要请假一天": "2", "请 假 明天": "3",
    "请假 出差三天": "2 3 4", "请假出差3天": "2 3 4", "请假 明天回老家两天": "3 4", "请假，因为要去旅游两天": "2 3",
    "请假（明天）": "3", "请假(3.5)": "5", "请假【3月5日】出差": "5", "请假 三月五号到七号": "5 6 7",
    "take leave until the end of the month": " ".join(map(str, range(2, 32))),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), DAYS_ASKED.items())
def test_leave_is_for_the_days_that_people_mean(text, wanted):
    words = Lexicon()
    words.learn("leave", "daily", ("请假", "take leave"))
    (ask,) = words.heard(text)
    assert (ask.what, unclear(ask.rest, MONDAY)) == ("leave", False)
    assert [day.day for day in coming_days(ask.rest, MONDAY)] == [int(day) for day in wanted.split()]


@pytest.mark.parametrize(
    "text",
    [
        "请假一天扣多少分",
        "明天请假吗",
        "明天请假？",
        "请假条怎么写",
        "请假半天怎么算",
        "明天请假的同学",
        "我请假过",
        "请了三天假",
        "他请假了",
        "跟公司请了一天假",
        "请一天假扣多少分",
        "昨天请假了",
        "请假 明天？",
        "请假去旅游",
        "明天请假去旅游的人真多",
        "我请假去过那里",
        "我请假回来了",
        "我想请假，可是老板不同意",
        "这个月请假5天了",
        "请假 制度是什么",
        "老师请假一天",
        "公司不让请假",
        "明天打卡",
    ],
)
def test_talk_of_leave_asks_for_none(text):
    words = Lexicon()
    words.learn("leave", "daily", ("请假",))
    assert words.heard(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "leave it to me",
        "Leave your money at home",
        "leave work at 5",
        "Leave now!",
        "leave no trace",
        "Leave-in care",
        "leave some for me",
        "Leave early or you miss the bus",
        "leave today's work for later",
        "leave on the light",
        "leave for lunch",
        "leave tomorrow?",
        "makeup tutorial",
        "Makeup or no makeup?",
        "makeup artist",
        "leave one. The choice is yours",
        "make up your mind",
        "make up for lost time",
        "make up 3 stories",
        "Make up yesterday's quarrel",
        "I take leave of you",
        "Leave me alone",
        "leave the window open",
        "leave the day open",
        "leave tmr free for me",
        "leave weds blank",
        "leave monday for planning",
        "leave this sat open",
        "leave on friday's flight",
        "leave on the 8am train tomorrow",
        "leave tomorrow morning at 8",
        "makeup is expensive",
    ],
)
def test_english_that_only_begins_with_the_word_asks_for_nothing(text):
    words = Lexicon()
    words.learn("leave", "daily", ("leave",))
    words.learn("late", "daily", ("makeup",))
    assert words.heard(text) == ()


@pytest.mark.parametrize(
    "rest",
    [
        "next week",
        "下周",
        "下个月",
        "周末",
        "until March",
        "in the evening",
        "下下周",
        "几天",
        "这几天",
        "半个月",
        "5月",
        "5/6/7号",
        "5.6.7号",
        "5/6号",
        "月底",
        "明天开始",
        "从明天起",
        "明天回来",
        "后天就恢复",
        "三天，5号到9号",
        "一天 明天有事",
        "at 5pm",
        "a couple of days",
        "5-7",
        "5-7天",
        "5-7月",
        "12-5号",
        "12-5号到12-7号",
        "两三天",
        "三五天",
        "一两个星期",
        "1.5天",
        "5",
        "5号到7点",
        "明天到下周",
        "十二月五日",
        "the weekend",
        "a few days",
    ],
)
def test_a_time_that_names_no_day_is_unclear(rest):
    assert unclear(rest, MONDAY)


@pytest.mark.parametrize(
    "text", ["周末请假", "这两天请假", "下周请假", "月底请假", "请几天假", "请假两三天", "请假下周", "从明天起请假"]
)
def test_leave_for_a_time_that_names_no_day_is_heard_to_be_asked_about(text):
    words = Lexicon()
    words.learn("leave", "daily", ("请假",))
    (ask,) = words.heard(text)
    assert unclear(ask.rest, MONDAY)


DATES_ASKED = {
    "5-7号": "2026-12-05 2026-12-07", "1-2号": "2026-12-01 2026-12-02", "30号到2号": "2026-12-30 2027-01-02",
    "1号": "2027-01-01", "1月5-7日": "2027-01-05 2027-01-07", "5.7号": "2027-05-07",
    "12/5-12/7": "2026-12-05 2026-12-07",
}  # fmt: skip


@pytest.mark.parametrize(("rest", "wanted"), DATES_ASKED.items())
def test_days_without_a_month_are_those_of_this_month_or_of_the_next_once_they_are_over(rest, wanted):
    days = [day.isoformat() for day in coming_days(rest, date(2026, 12, 2))]
    assert [*dict.fromkeys((days[0], days[-1]))] == wanted.split()


def test_of_days_that_have_begun_this_month_s_are_meant():
    assert coming_days("5-7号", date(2026, 12, 6))[0] == date(2026, 12, 5)
    assert coming_days("5-7号", date(2026, 12, 8))[0] == date(2027, 1, 5)


def test_several_days_are_no_day_to_make_up():
    assert past_day("5-7号", date(2026, 12, 8)) is None
    assert names_a_day("5-7号")


@pytest.mark.parametrize(
    ("rest", "part"),
    [("半天", True), ("明天上午 看牙", True), ("今晚", True), ("两天半", True), ("5号下午", True), ("3 hours", True),
     ("", False), ("明天", False), ("三天", False), ("明天，下午的飞机", False), ("5-7号", False),
     ("half the team", False)],
)  # fmt: skip
def test_what_is_less_than_a_day_is_known(rest, part):
    assert part_of_a_day(rest) is part


@pytest.mark.parametrize(
    ("rest", "day"), [("周五", 27), ("monday", 2), ("上周日", 1), ("last Friday", 27), ("周一的笔记", 2)]
)
def test_a_day_of_the_week_that_is_made_up_is_the_last_one(rest, day):
    found = past_day(rest, MONDAY)
    assert found is not None
    assert (found.day, found <= MONDAY) == (day, True)
