"""Choices by what Chinese call them, for guesses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_CALLED: Final = {
    "zh": "中文 汉语 简体 普通话 chinese cn zh-cn zh_cn zh-hans zh-tw zh-hk zh-hant",
    "en": "英文 英语 english en-us en_us en-gb en_gb",
    "day": "每天 每日 天 日",
    "week": "每周 每星期 周",
    "month": "每月 每个月 月",
    "photo": "照片 图片 图 截图 相片",
    "video": "视频",
    "voice": "语音",
    "audio": "音频 音乐",
    "file": "文件 附件",
    "location": "位置 定位",
    "message": "消息 发言 发消息",
    "edit": "编辑 修改",
    "join": "入群 加入 进群",
    "leave": "退群 离开",
    "join_request": "入群申请 申请",
    "reaction": "表情 点赞",
    "button": "按钮",
    "check_in": "打卡 签到",
    "tier_changed": "升级 等级变动",
    "points": "积分",
    "warned": "警告 被警告",
    "missing": "没打卡的 未打卡 没打卡的人 缺卡",
    "everyone": "所有人 全部 大家",
    "shadow": "试运行",
    "on": "开 开启 打开",
    "off": "关 关闭",
    "nobody": "没有人 不接受",
    "admins": "管理员",
    "members": "成员 群成员",
    "everybody": "所有人 任何人",
    "activity": "活跃 活跃度",
    "check_in_board": "打卡榜 打卡排行",
    "new_members": "新成员 新人",
    "hot_topics": "热门话题 热词",
    "surveys": "调查 问卷",
    "retention": "留存",
    "points_board": "积分榜",
}


def meant(written: object, choices: Iterable[str]) -> str:
    """The choice of that name, in backticks, or nothing."""
    word = str(written).strip().casefold()
    return next((f"`{one}`" for one in choices if word in _CALLED.get(one, "").split()), "")
