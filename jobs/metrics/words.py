"""What each number is called and what it means, in both languages: the definition stands beside the number."""

from __future__ import annotations

from typing import Final

from config.problems import Said

TITLE: Final = Said("How the group is doing", "本群数据")
TITLE_TOGETHER: Final = Said("How all groups together are doing", "各群合计")
APART: Final = Said(
    "Onboarding, habits, posts, surveys and what each week's newcomers brought or came to are told group by group.",
    "新人引导、打卡习惯、定时帖、调查，以及每周入群的人带来了谁、达成了什么，只分群说。",
)
DAY: Final = Said("1 day", "1 天")
DAYS: Final = Said("{days} days", "{days} 天")
COMPARED: Final = Said("compared with {first} – {last}", "对比 {first} – {last}")
PARTLY: Final = Said(
    "Nothing is known from before {since}: means are of {days} of these {of} days, and nothing can be compared.",
    "{since} 之前没有记录：平均只按这 {of} 天里的 {days} 天算，也没有可比的上一期。",
)
UNCOMPARED: Final = Said(
    "Nothing is known from before {since}, so nothing can be compared.",
    "{since} 之前没有记录，所以没有可比的上一期。",
)
UNHEARD: Final = Said(
    "Not heard in these days ({platforms}): {hours} hours in all, times: {times}. "
    "What was written then is not counted.",
    "这些天没收到消息的时间（{platforms}）：共 {hours} 小时，{times} 段。那时写的没有算进来。",
)
UNHEARD_BEFORE: Final = Said(
    "Not heard in the days before ({platforms}): {hours} hours in all, times: {times}.",
    "上期没收到消息的时间（{platforms}）：共 {hours} 小时，{times} 段。",
)
KEPT_FROM: Final = Said(
    "Whether more was not heard before {day} is not kept any more.",
    "{day} 之前还有没有没收到消息的时间，没有留下记录。",
)
NOTHING: Final = Said(
    "Nobody has been active in this group yet, as far as is known: there is nothing to count.",
    "到目前为止，没看到这个群有人说过话、点过表情或打过卡，没有可以统计的。",
)
NOTHING_ANYWHERE: Final = Said(
    "Nobody has been active in any of these groups yet, as far as is known: there is nothing to count.",
    "到目前为止，没看到这些群里有人说过话、点过表情或打过卡，没有可以统计的。",
)
TOO_EARLY: Final = Said(
    "Nothing is known from before {since}; ask for days from then on, with --from and --to.",
    "{since} 之前没有记录；请用 --from 和 --to 看那天以后的。",
)
LATELY: Final = Said("Only {days} of these {of} days are known.", "这 {of} 天里只有 {days} 天有记录。")
NOW: Final = Said("now", "本期")
BEFORE: Final = Said("before", "上期")
HEADLINE: Final = Said("At a glance", "概览")
STAYED: Final = Said("joined in the week of {day}, active on days 7–13", "{day} 那周入群，第 7–13 天活跃过")
STAYED_BEFORE: Final = Said("week of {day}: {told}", "{day} 那周：{told}")
WAS: Final = Said("before: {told}", "上期：{told}")
OF_ANSWERS: Final = Said("±{points}, answered by {told}", "误差 ±{points}，{told} 回答")
BELOW: Final = Said(
    "How each number is counted stands below it, and nobody is named.", "每个数怎么算写在它下面；这里不点任何人的名。"
)
DAILY_ACTIVE: Final = Said("active members by day", "每日活跃成员")
DAILY_MESSAGES: Final = Said("messages by day", "每日消息")
SEVERAL_DAYS: Final = Said("Each bar is the mean of {days} days.", "每一条是 {days} 天的平均。")
NUMBERS: Final = Said("the same as a table", "看表格")
DATE: Final = Said("day", "日期")
CHANGE: Final = Said("change", "变化")
POINTS_OF_HUNDRED: Final = Said("{points} pts", "{points} 个百分点")

ACTIVITY: Final = Said("Activity", "活跃")
PER_DAY: Final = Said("active a day", "每天活跃")
WEEK: Final = Said("active in the last 7 days", "近 7 天活跃")
MONTH: Final = Said("active in the last 30 days", "近 30 天活跃")
RATIO: Final = Said("a day / in 30 days", "日活 ÷ 30 天活跃")
THERE: Final = Said("members active in 30 days", "30 天活跃的成员")
MESSAGES: Final = Said("messages", "消息")
BY_STAFF: Final = Said("messages by staff", "管理人员的消息")
HALF: Final = Said("people who write half", "写了一半消息的人数")
OF_STAFF: Final = Said(" ({count} staff)", "（管理 {count} 人）")

CLASSES: Final = Said("New, casual, regular, core", "新人、偶来、常来、核心")
CLASSES_NOW: Final = Said("members by class, now", "各类成员数，本期")
CLASS: Final = {
    "new": Said("new", "新人"),
    "casual": Said("casual", "偶来"),
    "regular": Said("regular", "常来"),
    "core": Said("core", "核心"),
    "silent": Said("silent", "没出声"),
    "left": Said("left", "已退群"),
}
MEANS: Final = {
    "new": Said("active, and joined for the first time in these days", "活跃过，且在这段时间第一次入群"),
    "casual": Said("active on 1 to {most} days", "活跃 1 到 {most} 天"),
    "regular": Said(
        "on {regular} to {most} days: at least one a week", "活跃 {regular} 到 {most} 天：平均每周至少一天"
    ),
    "core": Said("on {core} days or more: at least every other day", "活跃 {core} 天及以上：至少隔天一次"),
}
UNSEEN: Final = Said(
    "Nobody was seen joining in the last {weeks} weeks: whoever came is among the others.",
    "近 {weeks} 周没有看到有人入群：就算有新来的，也算在别的类里。",
)
BALANCE: Final = Said("newcomers to regulars", "新人比老成员")
MOVED: Final = Said("From the period before to this", "从上期到这期")
MOVED_HOW: Final = Said(
    "Rows: what people were then; columns: what they are now. Silent: not active then, or not there yet.",
    "行是上期，列是这期。没出声：那时不活跃，或还没入群。",
)
TOO_SHORT: Final = Said(
    "Classes need {least} days with records; these are {days}.", "分类要有 {least} 天的记录；这里只有 {days} 天。"
)

RETENTION: Final = Said("Retention by week of joining", "按入群周看留存")
MEANING: Final = Said("{name}: {meaning}", "{name}：{meaning}")
JOINED: Final = Said("week of", "入群周")
SIZE: Final = Said("joined", "入群")
STEPS: Final = {
    "started": Said("days 0–6", "0–6 天"),
    "returned": Said("days 7–13", "7–13 天"),
    "remained": Said("days 30–36", "30–36 天"),
    "left": Said("left", "退群"),
    "begun": Said("begun", "开始引导"),
    "completed": Said("done", "完成引导"),
    "soon": Said("checked in", "打过卡"),
    "often": Said("on 7 days", "打了 7 天"),
}
NO_WEEKS: Final = Said("No week is over yet since anything is known.", "从有记录起，还没有过完一周。")
NO_JOINS: Final = Said("Nobody was seen joining in these weeks.", "这些周没有看到有人入群。")
EARLY: Final = Said("too early", "还早")
YOUNG: Final = Said(
    "too early: not everybody of that week has been here long enough to say. –: nobody joined.",
    "还早：那一周的人还没有都待够天数，暂时没有数。–：没有人入群。",
)
AGAIN: Final = Said(
    "Joins that were no first ones, and in no row, as of now: {count} (came back, or seen more than 3 days before).",
    "不是第一次的入群不在任何一行，按现在看有 {count} 次：再次入群，或入群 3 天前就见过。",
)

NO_JOURNEY: Final = Said(
    "The group has neither onboarding nor check-ins: `onboarding:` or `check_ins:` in the community file begins them.",
    "这个群没有新人引导，也没有打卡。在社群文件里写上 `onboarding:` 或 `check_ins:` 就有了。",
)
JOURNEY: Final = Said("From joining to a habit, by week of joining", "按入群周看：从入群到养成习惯")

CONVERSIONS: Final = Said("Conversions", "转化")
NO_CONVERSIONS: Final = Said(
    "The group counts no conversions: name its goals under `conversions:` in the community file.",
    "这个群没有记转化。在社群文件的 `conversions:` 里写上目标就开始记。",
)
MORE_GOALS: Final = Said("Goals not shown here, but in the JSON: {count}.", "另有 {count} 个目标，见 JSON。")

INVITATIONS: Final = Said("Invitations", "邀请")
NO_INVITATIONS: Final = Said(
    "The group has no invitations of its own, so that who brought whom is not known: `referrals:` in the community "
    "file begins them.",
    "这个群没有开邀请，不知道谁邀请了谁。在社群文件里写上 `referrals:` 就开始记。",
)
MADE: Final = Said("links, codes", "链接和邀请码")
BROUGHT: Final = Said("joined by one", "凭它入群")
COUNTED: Final = Said("counted", "算数")
TAKEN_BACK: Final = Said("taken back", "收回")
LEFT_OF_IT: Final = Said("left", "净数")
VIRAL: Final = Said("each brought", "人均带来")

UPKEEP: Final = Said("Health", "健康状况")
CHECKED_IN: Final = Said("checked in, a day", "每天打卡")
NO_CHECK_INS: Final = Said(
    "The group has no check-ins: `check_ins:` in the community file begins them.",
    "这个群没有打卡。在社群文件里写上 `check_ins:` 就有了。",
)
GIVEN: Final = Said("points given", "发出的积分")
TAKEN: Final = Said("points taken back", "扣回的积分")
NO_POINTS: Final = Said(
    "No points were given: `points:` in a rule, in check-ins or in onboarding gives some.",
    "没有发过积分。在规则、打卡或新人引导里写上 `points:` 就会发。",
)
WARNINGS: Final = Said("warnings, for 1,000 messages", "警告（每千条消息）")
TIERS: Final = Said("Moves between tiers", "等级变动")
RISEN: Final = Said("came up", "升入")
FALLEN: Final = Said("fell to", "降入")
OUT: Final = Said("left it", "离开")
NO_TIERS: Final = Said(
    "The group has no tiers: `tiers:` in the community file begins them.",
    "这个群没有等级。在社群文件里写上 `tiers:` 就有了。",
)
NO_MOVES: Final = Said("Nobody moved between tiers in these days.", "这些天没有人的等级变动过。")
NO_TIER: Final = Said("(none)", "（无等级）")

SURVEYS: Final = Said("Surveys, as last told", "调查（最近一次结果）")
RESULT: Final = Said("result", "结果")
ANSWERED: Final = Said("answered", "回答")
SIDES: Final = {
    "promoters": Said("promoters, 9 and 10", "推荐者（9–10）"),
    "passives": Said("passives, 7 and 8", "中立者（7–8）"),
    "detractors": Said("detractors, 0 to 6", "贬损者（0–6）"),
}
MARGIN: Final = Said("margin: ±{points}", "误差：±{points}")
WHEN: Final = Said("Asked on {asked}, told on {told}.", "{asked} 问的，{told} 公布。")
NO_SURVEYS: Final = Said(
    "The group asks nothing: `surveys: {{nps: {{}}}}` in the community file asks how likely members are to recommend "
    "it.",
    "这个群没有调查。在社群文件里写上 `surveys: {{nps: {{}}}}`，就会问大家有多愿意推荐。",
)
NOT_TOLD: Final = Said(
    "Nothing was told of it yet: it was not asked as it is now, or fewer than {least} answered.",
    "还没有结果：改成现在这样后还没问过，或者回答的不到 {least} 人。",
)

CONTENT: Final = Said("Posts by the clock", "定时内容")
POST: Final = Said("post", "内容")
LAST_POSTED: Final = Said("last posted", "最近一次")
WAITS: Final = Said("over budget, waits", "超出推广预算，在等")
NO_CONTENT: Final = Said(
    "The group posts nothing by the clock: `content:` in the community file begins that.",
    "这个群没有定时内容。在社群文件里写上 `content:` 就有了。",
)

DEFINITIONS: Final[dict[str, Said]] = {
    "since": Said("The first day of which anything is known.", "有记录的第一天。"),
    "days": Said("How many of the days meant are known.", "所说的那些天里，有记录的有几天。"),
    "unheard": Said(
        "Times of five minutes or more in which nothing was heard on some platform, and hours altogether; what was "
        "written then is in no number.",
        "某个平台上五分钟以上没收到消息的时间，有几段，共几小时；那时写的没有算进来。",
    ),
    "month_per_day": Said("Active members a day, a mean of the last 30 days.", "近 30 天每天活跃的成员数，按天平均。"),
    "thresholds": Said(
        "From how many active days on somebody is regular, and core.", "活跃多少天起算常来，多少天起算核心。"
    ),
    "classes": Said(
        "Members who were active, without staff, by how many days they were: new are who joined for the first time in "
        "the period.",
        "活跃过的成员，不含管理人员，按活跃了几天分；新人是这一期第一次入群的。",
    ),
    "moved": Said(
        "How many went from a class of the period before to one of this; silent: not active then, or not there yet.",
        "多少人从上期的哪一类到了这期的哪一类；silent：那时不活跃，或还没入群。",
    ),
    "again": Said(
        "Joins that were no first ones, as of now: came back, or seen more than 3 days before.",
        "不是第一次的入群，按现在看：再次入群，或入群 3 天前就见过。",
    ),
    "checked_in_sum": Said(
        "Members who stand as checked in to a day, summed over the days.", "当天打上了卡的成员数，各天加在一起。"
    ),
    "per_day": Said(
        "Members who posted, reacted or checked in, a mean of the days. Readers are invisible; a press of a button "
        "counts only where it checks in.",
        "当天发过消息、点过表情或打过卡的成员数，按天平均。只看不说的人看不见；按按钮只有打上了卡才算。",
    ),
    "by_day": Said(
        "Members active on each day, without staff, and all messages of it.",
        "每天活跃的成员数，不含管理人员；消息是当天的全部。",
    ),
    "week": Said("Different people, once each, up to the last day.", "到最后一天为止，每人只算一次。"),
    "month": Said("Different people, once each, up to the last day.", "到最后一天为止，每人只算一次。"),
    "ratio": Said(
        "How often those come who come at all: the mean of the last 30 days, of those active in them. It counts deeds: "
        "not comparable with ratios that count visits.",
        "会来的人来得多勤：近 30 天的日均，除以这 30 天活跃的人数。这里数的是做了事的人，不能和按访问量算的比。",
    ),
    "there": Said(
        "Of the known members, without staff, at the end of the period. Known are those whom somebody saw: platforms "
        "do not list who reads, and their own count is not kept.",
        "分母是期末已知的成员，不含管理人员。已知指见过的人：平台不会列出只看的人，它自己的人数这里也没有存。",
    ),
    "messages": Said(
        "Of people who are known still, those that were deleted later, too; bots and channels are not counted, nor is "
        "who was forgotten.",
        "只算现在仍认得的人发的，后来删掉的也算；不含机器人和频道，也不含已被忘记的人。",
    ),
    "by_staff": Said(
        "Staff are those whom the community file lists as admins or owners.",
        "管理人员指社群文件里列为管理员和群主的人。",
    ),
    "half": Said(
        "The fewest people who wrote half of all messages together, staff too. One or two: all talk hangs on them.",
        "合起来写了一半消息的最少人数，管理人员也算。如果只有一两个人，话头就全靠他们。",
    ),
    "balance": Said(
        "New people to those who are regular or core: the more for each of these, the fewer to learn from.",
        "新人数比常来和核心的人数：一个老成员要带的新人越多，新人越没有人可学。",
    ),
    "started": Said(
        "Active for the first time within 7 days; day 0 is the day of joining.",
        "7 天内有了第一次活跃；入群当天是第 0 天。",
    ),
    "returned": Said("Active on at least one of days 7 to 13 after joining.", "入群后第 7 到 13 天里至少活跃过一天。"),
    "remained": Said(
        "Active on at least one of days 30 to 36 after joining.", "入群后第 30 到 36 天里至少活跃过一天。"
    ),
    "left": Said("Gone by the end of the period.", "到期末已退群。"),
    "joined": Said(
        "Monday to Sunday in the group's zone, told by the Monday; first joins only, without staff.",
        "周一到周日，按本群时区，写的是周一；只算第一次入群，不含管理人员。",
    ),
    "begun": Said(
        "Their onboarding began, as of now; without those who were excused.",
        "开始了新人引导，按现在的情况；不含免引导的人。",
    ),
    "completed": Said("All of their onboarding is done, as of now.", "引导全部完成，按现在的情况。"),
    "soon": Said(
        "Stand as checked in to at least one of days 0 to 6, in any challenge.",
        "第 0 到 6 天里至少打上了一天卡，哪个项目都算。",
    ),
    "often": Said(
        "Stand as checked in to 7 or more different days of days 0 to 29; not necessarily in a row.",
        "第 0 到 29 天里至少有 7 个不同的日子打上了卡；不必连着。",
    ),
    "conversions": Said(
        "Counted by rules and by admins, each time, those taken back later, too. "
        "The shares are of who joined in a week: came to it within 30 days of joining, and had it still at the end.",
        "规则和管理员记的，每次都算，后来收回的也算。比例是那一周入群的人里，入群 30 天内达成、到期末没有被收回的。",
    ),
    "total_made": Said(
        "Members who got a link or a code of their own, staff too.", "得到自己的链接或邀请码的人数，管理人员也算。"
    ),
    "total_joined": Said(
        "Joined by a known invitation; an unknown one is usual, and not here.",
        "凭已知的邀请入群；不知道谁邀请的很常见，不在内。",
    ),
    "total_came": Said(
        "Stayed and took part as the group's rules for invitations ask; those taken back later, too.",
        "按本群的邀请规则留了下来、参与了；后来收回的也算。",
    ),
    "taken_back": Said("Taken back in these days, whenever it was counted.", "在这一期里收回的，不管是哪一期记的。"),
    "left_of_it": Said(
        "Left: counted less taken back, each on its own day; below 0 where more was taken back than counted.",
        "净数：记的减去收回的，各按发生的日子算；收回的比新记的多，就会低于 0。",
    ),
    "made": Said(
        "Of that week: got a link or a code within 30 days of joining.", "那一周的人里：入群 30 天内有了链接或邀请码。"
    ),
    "brought": Said("Joined by theirs, within the same 30 days.", "在这 30 天里凭他们的邀请入群的人数。"),
    "counted": Said(
        "Of these came to count, within the same 30 days, and still did at the end.",
        "其中在这 30 天里算了数、到期末还算的。",
    ),
    "viral": Said(
        "The viral coefficient: who counted, for each who joined that week. It is joins by invitation for each member "
        "times the part of them that counts (K = i × c), verified joins only. Of fewer than five, how many for how "
        "many. Who invited is often not known, so it is the least that it can be.",
        "病毒系数：算数的人数 ÷ 那一周入群的人数，就是人均邀来几人 × 其中算数的比例（K = i × c），只看验证过的入群。"
        "入群不到五人的，只写几人比几人。常常不知道是谁邀请的，所以这是下限。",
    ),
    "checked_in": Said(
        "Members who stand as checked in to a day, a mean of the days, of the known members at the end.",
        "当天打上了卡的成员数，按天平均；分母是期末已知的成员。",
    ),
    "points_given": Said(
        "All that were given, for whatever (rules, check-ins, onboarding, invitations, ambassadors' tasks, answers "
        "that helped, surveys, admins) and to whomever, staff too.",
        "所有发出的：规则、打卡、新人引导、邀请、达人任务、帮到人的回答、调查、管理员，发给谁的都算，管理人员也算。",
    ),
    "points_taken": Said(
        "All that were taken off, whenever they were given: by rules and admins, and where what they were for does not "
        "count any more, as a check-in that was struck out or an invitation of somebody who left soon.",
        "所有扣掉的，不管是什么时候发的：规则和管理员扣的，还有因为不再算数而收回的，比如作废的打卡、邀请来的人很快退了群。",
    ),
    "warnings": Said(
        "Given by rules or by admins, also those lifted later; how many, and for a thousand messages.",
        "规则和管理员给的，后来撤销的也算；次数，和每千条消息多少次。",
    ),
    "nps": Said(
        "Net promoter score: the share of 9 and 10 less the share of 0 to 6, from -100 to +100.",
        "净推荐值（NPS）：答 9、10 的比例减去答 0–6 的比例，从 -100 到 +100。",
    ),
    "margin": Said(
        "Margin: had those who answered been drawn by lot, the score of all who could answer would be at most so far "
        "away, 19 times in 20. They were not drawn, so it is the least to reckon with.",
        "误差：假如回答的人是抽签抽的，所有能回答的人的净推荐值，二十次里有十九次差不过这么多。回答全凭自愿，所以至少要留这么大余地。",
    ),
    "mean": Said("On a scale of 1 to 5: the mean of the answers.", "1 到 5 分的：回答的平均分。"),
    "counts": Said("With choices: how many gave each answer, one each.", "选择题：每个答案有多少人选，每人选一个。"),
    "answered": Said(
        "Of those who could answer when it closed, staff not among them. Who only reads may not have read it either, "
        "and who answers of their own will is no sample of the rest.",
        "分母是关闭时可以回答的人，不含管理人员。只看不说的人未必看到了；自愿回答的人也代表不了其他人。",
    ),
    "surveys": Said(
        "What was told last, whatever the days above are; of fewer answers than each survey asks for nothing is told.",
        "是最近一次公布的，不管上面看的是哪几天；回答的人不够，就没有结果。",
    ),
    "content": Said(
        "The day for which each was last posted, as of now, whatever the days above are; –: not yet. Of a history: for "
        "which it would have been, the last time. How often is not counted.",
        "每一条最近一次发的是哪天的，按现在的情况，不管上面看的是哪几天；–：还没发过。看历史时，是最近一次本来会发的。发了多少次没有统计。",
    ),
    "together": Said(
        "Everybody counts once, in however many of the groups: as joined when they first joined any, as there while in "
        "any, and a day in two groups is one day. So people cannot be added up from the groups'. Messages, points, "
        "warnings and moves are; shares and rates are worked out from these sums, not from the shares of the groups.",
        "每个人只算一次，不管在几个群里：第一次进其中任何一个群算入群，还在任何一个群里就算在，一天在两个群里都活跃也只算一天。"
        "所以人数不是各群相加。消息、积分、警告、等级变动是相加的；比例都用这里的合计来算，不是各群比例的平均。",
    ),
    "tiers": Said(
        "Moves, not people: one member may move several times. Out is by the ladder as it is now.",
        "数的是变动次数，不是人数：一个人可能变动几次。“离开”按现在的等级表推算。",
    ),
}
