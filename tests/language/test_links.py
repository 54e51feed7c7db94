"""Which hosts a message leads to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.links import domains_of, host_of, may_lead


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("加我 https://spam.example/x", ("spam.example",)),
        ("https://github.com.evil.example/x", ("github.com.evil.example",)),
        ("https://github.com@evil.com/x", ("evil.com",)),
        ("https://github.com:pw@evil.com:8443/x", ("evil.com",)),
        ("看看github.com。不错", ("github.com",)),
        ("去evil.com看", ("evil.com",)),
        ("(https://a.com).", ("a.com",)),
        ("https://a.com,https://b.com!", ("a.com", "b.com")),
        ("HTTPS://WWW.GitHub.COM:443/x", ("github.com",)),
        ("github。com", ("github.com",)),
        ("ｇｉｔｈｕｂ．ｃｏｍ", ("github.com",)),
        ("http://evil\u200b.com", ("evil.com",)),
        ("https://git%68ub.com", ("github.com",)),
        ("https:/evil.com https:evil.net", ("evil.com", "evil.net")),
        ("https://例子.中国/x", ("xn--fsqu00a.xn--fiqs8s",)),
        ("https://github.com很好", ("github.com",)),
        ("https://github.com很.evil.com/", ("github.xn--com-pp3f.evil.com",)),
        ("http://3232235777/ http://1.2.3.4:80/x", ("192.168.1.1", "1.2.3.4")),
        ("http://[::1]:80/ http://[2001:DB8::1] http://[nope]", ("::1", "2001:db8::1")),
        ("xn--fiqs8s.com", ("xn--fiqs8s.com",)),
        ("看www.例子.中国/x", ("xn--fsqu00a.xn--fiqs8s",)),
        ("spam.example/x", ("spam.example",)),
        ("ｓｐａｍ。ｅｘａｍｐｌｅ／ｘ", ("spam.example",)),
        ("t.me/joinchat www.evil.zip", ("t.me", "evil.zip")),
        ("https://a.com/?u=https://b.com", ("a.com", "b.com")),
        ("a.com a.com A.COM.", ("a.com",)),
        ("mp.weixin.qq.com", ("mp.weixin.qq.com",)),
        ("写信给 foo@bar.com", ()),
        ("setup.py README.md e.g. v1.2.3 3.14 a...b ok.so 1.2.3.4", ()),
        ("http:// ...com a.comb", ()),
        ("", ()),
    ],
)
def test_hosts_in_a_text(text, hosts):
    assert domains_of(text) == hosts


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("tg://resolve?domain=a", ""),
        ("mailto:a@b.com", ""),
        ("javascript:alert(1)", ""),
        ("https://evil.com\\@github.com", "evil.com"),
        ("evil.org/x", "evil.org"),
        ("//a.com/b", "a.com"),
        ("a.com:8080/x", "a.com"),
        ("https://mp.weixin.qq.com/s/abc", "mp.weixin.qq.com"),
        ("not a link", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_hidden_link(link, host):
    assert host_of(link) == host


def test_hidden_links_come_first_and_each_host_once():
    assert domains_of("a.com b.com", ["https://b.com/x", "mailto:x@y.com"]) == ("b.com", "a.com")


@pytest.mark.parametrize(
    "text", ["a." * 32768, "http://" * 9000, "a-" * 32768, "1" * 65536, "https://" + "很" * 60000, "@" * 65536]
)
def test_a_hostile_text_is_read_in_bounded_time(text):
    assert len(domains_of(text)) <= 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今天天气不错，我们一起读书吧！",
        "读完了。明天继续……",
        "第3章，“很好”：《红楼梦》（上）😀👍",
        "Good morning. Has anybody read chapter 3? I have!",
        "wait... what",
        "八点：见",
    ],
)
def test_an_ordinary_text_is_known_to_have_no_link_at_a_glance(text):
    assert not may_lead(text)


@pytest.mark.parametrize(
    "text",
    [
        "a.com",
        "foo:\\\\[::1] .",
        "http:3232235777 a.b",
        "看。com.cn",
        "ａ．ｃｏｍ",
        "a\u200b.\u200bcom",
        "HTTPS：//例子。中国",
    ],
)
def test_a_glance_is_careful(text):
    assert may_lead(text)


_PIECES = st.sampled_from(
    ["a", "com", ".", "。", "．", "｡", "/", "／", "\\", ":", "：", "http", "HTTPS", "www", "例子", "中国", "…", " ",
     "，", "1", "\u200b", "[::1]", "%2e", "@", "é", "⒈", "😀", "ｗ"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_what_a_glance_turns_away_has_no_host(text):
    if not may_lead(text):
        # The strange character makes the whole text be read.
        assert domains_of(f"{text} \u200b") == ()
