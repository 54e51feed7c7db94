"""The troubles, with what the page says of each; what was seen of them is filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from tests.wechat.troubles import scenes
from tests.wechat.troubles.scenes import Scene


class Both(NamedTuple):
    """A sentence in the two languages."""

    en: str
    zh: str


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A row. `told` is what has to be seen, `does` what the page says of it; `alone` needs a process of its own."""

    key: str
    what: Both
    does: Both
    play: Scene
    told: tuple[str, ...]
    answers: tuple[str, ...] = ()
    alone: bool = False


_LOST_AND_FOUND: Final = ("Disconnected (ended)", "Connected")

TROUBLES: Final = (
    Trouble(
        key="killed",
        what=Both("the gateway is killed and started again, 20 times", "网关被杀掉再启动，20 次"),
        does=Both(
            "it is tried again at once, then every 4 s at the latest", "马上重连，之后最多每 4 秒试一次"
        ),
        play=scenes.killed,
        told=_LOST_AND_FOUND,
    ),
    Trouble(
        key="away",
        what=Both("the gateway is gone for a while", "网关停了一阵"),
        does=Both("what is to be said waits", "要说的话先等着"),
        play=scenes.away,
        told=_LOST_AND_FOUND,
        answers=("Later",),
    ),
    Trouble(
        key="frozen",
        what=Both("the gateway's process stands still", "网关进程卡死，连接还在"),
        does=Both(
            "what was on its way is unsure, all else waits; nothing is asked of the dead connection any more",
            "正在发的那一条结果不明，其余等着；断定连接已死，不再用它",
        ),
        play=scenes.frozen,
        told=("Disconnected (frozen)", "Connected"),
        answers=("Unsure",),
        alone=True,
    ),
    Trouble(
        key="deaf",
        what=Both("the gateway takes calls and tells nothing any more", "网关照常接受调用，却不再推送任何消息"),
        does=Both(
            "a sign of life is asked for after 25 s of silence, and the stream is opened anew",
            "静默 25 秒后要求应答；没有应答就重开事件流",
        ),
        play=scenes.deaf,
        told=("Disconnected (deaf)", "Connected"),
    ),
    Trouble(
        key="swallowed",
        what=Both("the network swallows everything, then goes on", "网络黑洞，之后恢复"),
        does=Both("what was on its way is unsure, all else waits", "正在发的那一条结果不明，其余等着"),
        play=scenes.swallowed,
        told=("Disconnected (frozen)", "Connected"),
        answers=("Unsure",),
    ),
    Trouble(
        key="rerouted",
        what=Both(
            "the network swallows everything; there is another way, and the gateway waits for the dead stream",
            "网络黑洞后换了路，网关却还守着已死的事件流",
        ),
        does=Both(
            "refused three times it makes the gateway drop the stream, once in ten minutes at most",
            "被拒三次后让网关放掉旧的流，十分钟内最多一次",
        ),
        play=scenes.rerouted,
        told=("Disconnected (frozen)", "StillAway (taken)", "TakenOver", "Connected"),
    ),
    Trouble(
        key="second",
        what=Both("a second client takes the gateway over", "另一个客户端抢走了网关"),
        does=Both(
            "it is taken back once; the other one is refused from then on, and two never fight for ever",
            "抢回一次，此后对方被拒；双方不会没完没了地互抢",
        ),
        play=scenes.second,
        told=("Disconnected (ended)", "StillAway (taken)", "TakenOver", "Connected"),
    ),
    Trouble(
        key="token",
        what=Both("the token is wrong", "token 不对"),
        does=Both("it ends, with a sentence that says so; it is not tried again", "报错退出，说明原因，不再重试"),
        play=scenes.wrong_token,
        told=("CredentialsRefused",),
    ),
    Trouble(
        key="secured",
        what=Both("TLS, and the gateway shows the right certificate", "TLS，证书正确"),
        does=Both("it is heard", "正常连接"),
        play=scenes.secured,
        told=(),
    ),
    Trouble(
        key="forged",
        what=Both("TLS, and the certificate is of another authority", "TLS，证书来自别的机构"),
        does=Both(
            "the token is not shown to it; it is tried again once a minute at most",
            "不会把 token 交给它；最多每分钟再试一次",
        ),
        play=scenes.forged,
        told=("Disconnected (untrusted)",),
    ),
    Trouble(
        key="logged out",
        what=Both("the account is logged out, then in again", "账号掉线，之后重新登录"),
        does=Both("what is to be said waits for the login", "要说的话等到登录后再发"),
        play=scenes.logged_out,
        told=("LoggedOut",),
        answers=("Later", "Done"),
    ),
)  # fmt: skip
