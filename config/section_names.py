"""What sections are called in Chinese, by those who write them so."""

from __future__ import annotations

from typing import Final

_CALLED: Final = {
    "version": "版本",
    "community": "社群 社区 群 群组",
    "quiet_hours": "安静时段 安静时间 免打扰 勿扰",
    "onboarding": "新人 新人引导 引导 入群 欢迎 欢迎语",
    "check_ins": "打卡 签到 打卡项目",
    "lists": "词表 名单 词库 关键词",
    "patterns": "正则 正则表达式",
    "rules": "规则 群规",
    "flood": "刷屏",
    "duplicates": "重复",
    "links": "链接 网址",
    "tiers": "等级 级别 段位 层级",
    "tier_review": "等级复核 复核",
    "faq": "常问 常见问题 问答 自动回复",
    "content": "内容 定时 定时帖 定时内容",
    "digests": "摘要 日报 周报 月报",
    "events": "活动",
    "surveys": "调查 问卷 调研 满意度",
    "reactivate": "唤醒 召回 唤回 沉默成员",
    "questions": "提问 问题",
    "referrals": "邀请 推荐",
    "conversions": "转化 转化目标 成交",
    "appeals": "申诉",
    "ambassadors": "达人 大使 推广大使 意见领袖",
}
_BY_NAME: Final = {name: section for section, names in _CALLED.items() for name in names.split()}


def section_meant(written: object) -> str:
    """The section of a Chinese name, in backticks, or nothing."""
    section = _BY_NAME.get(str(written).strip())
    return f"`{section}`" if section else ""
