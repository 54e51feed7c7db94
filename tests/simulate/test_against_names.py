"""What shares a name in one home or in two is told apart in a comparison."""

from __future__ import annotations

import pytest

from tests.simulate.test_against import BROAD, DAILY, PRACTICE, compared, export, lines_of

__all__ = ["export"]

SAME_NAMES = """
tiers:
  guest: {name: {zh: 新客, en: Guest}, from: 0}
  friend: {name: {zh: 雅友, en: Friend}, from: 1}
  NEW: {name: {zh: 雅友, en: Friend}, from: 4}
"""


@pytest.mark.parametrize(
    ("lang", "wanted"),
    [
        (
            "en",
            [
                "Daily (daily)  gone  check-ins 4 → 0 (−4) · people 2 → 0 (−2) · longest streak 2 → 0 (−2)",
                "Daily (practice)  new  check-ins 0 → 4 (+4) · people 0 → 2 (+2) · longest streak 0 → 2 (+2)",
                "by source  check-in Daily (daily) 8 → 0 (−8) · check-in Daily (practice) 0 → 8 (+8)",
                "Friend (mate) (gone) 2 → 0 (−2) · Friend (pal) (new) 0 → 2 (+2)",
                "Advertising  ads  gone  on 3 → 0 (−3) · people 2 → 0 (−2)",
                "Advertising  adverts  new  on 0 → 3 (+3) · people 0 → 2 (+2)",
                "of these, hit before by another rule: Advertising (ads) ×3",
            ],
        ),
        (
            "zh",
            [
                "日课（daily）  没有了  次数 4 → 0（−4） · 人数 2 → 0（−2） · 最长连续 2 → 0（−2）",
                "日课（practice）  新增  次数 0 → 4（+4） · 人数 0 → 2（+2） · 最长连续 0 → 2（+2）",
                "按来源  打卡 日课（daily） 8 → 0（−8） · 打卡 日课（practice） 0 → 8（+8）",
                "其中以前由别的规则命中：广告（ads） ×3",
            ],
        ),
    ],
)
def test_what_shares_a_name_is_told_apart_by_its_id(tmp_path, export, lang, wanted):
    before = BROAD + DAILY + SAME_NAMES.replace("NEW", "mate")
    after = BROAD.replace("id: ads", "id: adverts") + PRACTICE.format(id="practice", reply="好")
    output, _ = compared(tmp_path, export, before, after + SAME_NAMES.replace("NEW", "pal"), "--lang", lang)
    assert [line for line in wanted if line not in lines_of(output)] == []
