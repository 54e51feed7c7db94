"""What people say about check-ins, leave and making up, and nobody asks for."""

from __future__ import annotations

import pytest

from workflows.check_in_words import Lexicon, What

WORDS: dict[What, tuple[str, ...]] = {
    "check_in": ("打卡", "签到", "临帖", "practice", "checkin", "check in"),
    "late": ("补卡", "makeup"),
    "leave": ("请假", "leave"),
}
TALK = """
打卡 这个功能昨天更新了什么
打卡，这件事我想说两句
打卡！打卡！你们天天就知道打卡
“打卡”这个词最早是指上班刷卡
《打卡》是一部不错的短片
「打卡」这两个字怎么念来着，考考各位
【打卡】活动预告：下周一开始
#打卡 挑战 下周开始报名
打卡第一步：先买一支笔
打卡第三条：不许抄袭别人
打卡 第一名是小王
打卡 今天谁第一个
打卡 现在还能打吗
打卡 我昨天打了没有
打卡啦？
打卡咯，大家快来
打卡 记得哦各位
打卡！！！别催了
打卡：请大家在九点前完成
打卡 群主发个链接
打卡 @小本 你今天又没打
打卡，是给自己的交代
打卡 说白了就是自律
打卡，从明天开始
打卡=自律
打卡/签到/请假都在这个群
打卡、补卡、请假的格式见公告
打卡（新人必读）
打卡 → 点这里
打卡 教程视频在群文件
打卡 排行榜怎么看
打卡 有没有人一起
打卡 还有半小时截止
打卡 规则看群公告
打卡 規則看這裡
打卡 怎麼打
签到 100 人以上才开奖哦
签到 领取 100 元优惠券
签到，会场在三楼
跑步打卡第5期招募
今天打卡：请大家临《兰亭序》前三行
临帖 用什么毛笔好
“打卡”用英语怎么说
“打卡”怎么翻译好呢，求助
打卡3人成团
打卡 35人
打卡：20人，未打卡：5人
今天打卡：20人，未打卡：5人
打卡 统计：张三 李四
组长：请假两天
老师请假了
老师明天请假
群主请假一天
老师，明天请假吗
老师我没打卡
请 假装没看见
打卡第一天就断了，哈哈哈
请假三天，回来一堆活
我请假了，没去成
Check in: 3pm, check out: 11am
check in with HR tomorrow
check in please everyone
check in now, everyone
check in everyone!
check-in deadline tonight
check-in sheet attached
check-in list: Ann, Bob
leave requests go to HR
leave Friday open
leave in May is expensive
leave at 5 sharp
leave of absence policy
请假 老板没批
请假三天，扣了六百，心疼
请假 我也想
请假 真羡慕
请假 想都别想
請假 老闆不准
请假 他今天不来
请假 我替小王请的
请假 扣钱吗
请假 找谁批
请假 三天要什么材料
请假 明天的同学请接龙
请假 模板如下
请假，先看规则
我想请假，可是我怕老板
我想请两天假，可是走不开
我請假去日本玩，好期待
请假去考试好折腾
补卡 手续费二十，去营业厅
补卡了，新手机号发你
我要补卡，电话卡丢了
补卡 多少钱
补卡 昨天的同学都过了
补卡，原来要花钱
check in at the hotel starts at 3 pm
check in at the front desk please
check in with your team lead before Friday
check in on grandma, she lives alone
check in online before you fly
check in early and save money
check in for flight BA123
Check in, then go to gate 5
check in counter 12, gate closes soon
Check in luggage weighs 20 kg
check-in: 14:00, check-out: 11:00
checkin the code before lunch please
checkin failed on CI again
checkin by 3pm please everyone
checkin today or tomorrow?
Day 3 check-in desk closed
Practice - 7pm at the gym
practice tonight at 7
practice of medicine in China
practice 3 times a day, said my teacher
practice today cancelled due to rain
practice, they say, makes perfect
leave tomorrow on the 8am train
leave today or you will be late
leave for work at 7
leave at 5 to beat the traffic
leave one day between workouts
leave next week free for the exam
leave request form is on the intranet
leave please, you are being rude
leave from work early
leave! everyone!
leave, I dare you
leave next Friday's seat for me
leave 5 minutes early
leave 2 days' worth of food
I need leave from this job lol
makeup: the ultimate guide
makeup classes on Monday
makeup for Monday's party?
makeup today is on point
makeup for Monday is impossible
makeup yesterday was lovely
makeup, hair, nails: all done
""".strip().splitlines()
ASKED = {
    "打卡 今天学了什么是平仄": "check_in",
    "「打卡」今天练了半小时小楷": "check_in",
    "【打卡】抄诗两首，写得一般": "check_in",
    "打卡 这本书读到第八章了": "check_in",
    "打卡 这首词背下来了": "check_in",
    "打卡，你们好！今天读了王维": "check_in",
    "打卡，3人一起晨读了半小时": "check_in",
    "打卡 就是有点累，读了两页": "check_in",
    "打卡 先看了两页书": "check_in",
    "打卡 教程看完第三章": "check_in",
    "打卡 还有三章结束": "check_in",
    "打卡 群主早！今天读了王维": "check_in",
    "打卡 参加读书会并报名了下一期": "check_in",
    "打卡第8章，读完了": "check_in",
    "practice tonight: copied two lines": "check_in",
    "practice 7am: copied two lines": "check_in",
    "practice: check out my two lines": "check_in",
    "请假，医生不让动": "leave",
    "请假 帮家里搬家": "leave",
    "请假 明天可以吗": "leave",
    "请假 周五，老师组织活动，走不开": "leave",
    "我请假去医院": "leave",
    "明天请假去旅游": "leave",
    "leave tomorrow, thanks for your understanding": "leave",
    "leave today, see you tomorrow": "leave",
    "take leave today": "leave",
    "leave for work trip until Friday": "leave",
    "打卡 昨天的诗又读了一遍": "check_in",
    "check in early today, read a page": "check_in",
    "请假 现在有事": "leave",
    "补卡 昨天办身份证去了": "late",
    "补卡 前天手机没电了": "late",
    "makeup for yesterday's practice": "late",
    "makeup Monday was sick": "late",
    "打卡报到": "check_in",
    "我来打卡报到啦": "check_in",
    "群主早，打卡": "check_in",
    "群主早上好，今日打卡": "check_in",
    "Daily check in!": "check_in",
    "daily check in: yoga": "check_in",
    "打卡 用了新毛笔": "check_in",
    "「打卡」用了新毛笔": "check_in",
    "打卡 2人晚餐后散步": "check_in",
    "check in: day 3, everyone was kind": "check_in",
    "check in: wrote a list": "check_in",
    "请假三天，回来再补": "leave",
    "leave Friday": "leave",
    "leave in May": "leave",
    "leave request for Friday": "leave",
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    made = Lexicon()
    for what, words in WORDS.items():
        made.learn(what, "daily", words)
    return made


@pytest.mark.parametrize("text", TALK)
def test_what_is_said_about_it_asks_for_nothing(lexicon, text):
    assert lexicon.heard(text) == ()


@pytest.mark.parametrize(("text", "what"), ASKED.items())
def test_what_is_said_for_oneself_is_heard(lexicon, text, what):
    assert [ask.what for ask in lexicon.heard(text)] == [what]


def test_long_rows_of_signs_are_read_in_no_time(lexicon):
    """A pattern that goes back over a row again and again would take minutes for this one."""
    assert [ask.what for ask in lexicon.heard(f"打卡{'!' * 200_000}")] == ["check_in"]


@pytest.mark.parametrize(
    ("text", "calls"),
    [("早，打卡", False), ("早上好，打卡", False), ("大家早，打卡", True), ("大家早，打卡 读完第三章", False)],
)
def test_who_greets_all_may_call_them_to_it(lexicon, text, calls):
    (ask,) = lexicon.heard(text)
    assert (ask.what, ask.calls) == ("check_in", calls)
