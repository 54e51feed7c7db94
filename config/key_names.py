"""What keys are called by those who write them from memory, in Chinese or as other programs have it. For guesses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_CALLED: Final = {
    "name": "名称 名字 叫什么 title label",
    "title": "标题 名称 名字 主题 name",
    "keywords": "关键词 打卡词 口令 词 words keyword trigger triggers",
    "keyword": "关键词 口令 word",
    "at": "时间 时刻 日期 几点 time date when datetime schedule cron",
    "window": "时段 打卡时间 时间段 hours time",
    "days": "星期 周几 weekday weekdays",
    "starts": "开始 开始日期 开始时间 start start_date begin begins from",
    "ends": "结束 结束日期 结束时间 end end_date until to",
    "length": "天数 时长 总天数 duration",
    "proof": "凭证 证明 截图 照片 evidence",
    "points": "积分 分数 奖励 得分 加分 score reward rewards award",
    "streak": "连续 连续打卡 连胜",
    "bonus": "奖励 额外奖励 加分 reward",
    "late": "补卡 补打卡 makeup make_up make_ups",
    "leave": "请假 vacation absence",
    "remind": "提醒 reminder reminders notify",
    "finish": "完成 完赛 结营 毕业 completion complete",
    "board": "排行榜 排行 榜单 leaderboard ranking",
    "reply": "回复 answer response",
    "from": "积分 起始积分 起步 门槛 points min_points threshold score",
    "if": "条件 如果 condition conditions where",
    "when": "触发 什么时候 事件 on event trigger",
    "then": "动作 那么 执行 处理 do action actions",
    "words": "词 关键词 词表 list lists keywords",
    "escalate": "升级 阶梯 ladder steps",
    "mode": "模式 状态 status enabled",
    "exempt": "豁免 例外 except ignore",
    "ask": "问题 提问 问 怎么问 question questions q text",
    "answer": "答案 回答 回复 答 a reply text response",
    "accept": "答案 正确答案 通过 answer answers correct",
    "options": "选项 答案 choices answers buttons",
    "choices": "选项 options answers",
    "text": "内容 文字 正文 文案 content message body",
    "rotate": "轮换 列表 texts items list",
    "to": "发到 群 发给 group groups target channel",
    "sections": "内容 章节 栏目 板块 content parts blocks",
    "chart": "图 图表 graph",
    "limit": "人数 上限 名额 限额 capacity max seats",
    "place": "地点 地址 位置 location where link url",
    "announce": "提前 公告 预告 notice",
    "discover": "发现 条件 if condition criteria",
    "tasks": "任务 task",
    "tag": "标签",
    "invite": "邀请 邀请语",
    "welcome": "欢迎 欢迎语 欢迎词 greeting message",
    "steps": "步骤 step",
    "entry": "入群 入群问题 进群 door gate",
    "questions": "问题 提问",
    "say": "口令 说 词 word words keyword",
    "languages": "语言 language lang locale",
    "timezone": "时区 tz zone time_zone",
    "groups": "群 群组 chats rooms group",
    "admins": "管理员 admin owner",
    "house_rules": "群规 rules",
    "demote_if": "降级 降级条件 demote",
    "every": "周期 多久 period interval",
    "after_days": "几天后 天数 after days",
    "active_days": "活跃天数 active",
    "kind": "类型 种类 type",
    "share": "比例 占比 percent ratio",
    "promotional_per_week": "每周 每周几条 per_week weekly",
    "promotional": "推广 广告 ad advertising promotion promo",
}
"""By key. Of several keys of one name, that one is meant which can stand there."""


def key_meant(written: object, allowed: Iterable[str]) -> str:
    """The key of that name among those that may stand there, in backticks, or nothing."""
    word = str(written).strip().casefold().replace("-", "_")
    return next((f"`{key}`" for key in allowed if word in _CALLED.get(key, "").split()), "")
