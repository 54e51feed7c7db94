"""What a WeChat account has to tell its operator."""

from __future__ import annotations

from config.problems import Said

SERVES = Said("WeChat {name} ({who}) serves {groups}.", "微信 {name}（{who}）服务的群：{groups}。")
SERVES_NONE = Said("WeChat {name} ({who}) serves no room yet.", "微信 {name}（{who}）还没有服务的群。")
NOBODY = Said("not logged in yet", "还没登录")
CONNECTED = Said("the gateway is connected", "网关连上了")
CONNECTED_AGAIN = Said(
    "the gateway is connected again; what was written between {lost} and {at} never arrived",
    "网关又连上了；{lost} 到 {at} 之间大家写的收不到",
)
DISCONNECTED = Said(
    "the gateway is not connected ({trouble}: {why}); trying again", "网关断开了（{trouble}：{why}）；会再试"
)
TAKEN_OVER = Said("a stream that the gateway held for somebody was freed", "网关被别处占用的连接已经释放")
LOGGED_IN = Said("logged in as {who}", "已登录：{who}")
LOGGED_OUT = Said(
    "logged out ({why}); nothing is heard or said until somebody logs in", "已退出登录（{why}）；重新登录前收发都停"
)
COMPLAINED = Said(
    "the gateway complains: {why}; nothing is said for {seconds} seconds",
    "网关报错：{why}；{seconds} 秒内不发任何消息",
)
FAILED = Said("the gateway tells an error: {why}", "网关报错：{why}")
SCAN = Said(
    "log in: scan this code with WeChat on the phone of the account, or open {page} ({status})\n{code}",
    "请登录：用这个账号的手机微信扫码，或打开 {page}（{status}）\n{code}",
)
SCAN_ALONE = Said(
    "log in: scan this code with WeChat on the phone of the account ({status}): {page}\n{code}",
    "请登录：用这个账号的手机微信扫码（{status}）：{page}\n{code}",
)
SCANNING = Said("login: {status}", "登录：{status}")
TWO_ROOMS = Said(
    "{count} rooms are called {topic}; none of them is served until one is bound: yaji bind {group} --home {home}",
    "有 {count} 个群都叫“{topic}”；先不服务，请绑定其中一个：yaji bind {group} --home {home}",
)
NO_ROOM = Said(
    "the account is in no room called {topic}; invite it there", "这个账号不在叫“{topic}”的群里；请把它拉进去"
)
ROOM_GONE = Said(
    "{group}: the room is not among the account's any more; the admins are asked about rooms of the same name",
    "{group}：账号里已经没有这个群了；同名的群会请管理员确认",
)
SHAKEN = Said(
    "{group}: the ids of its members are other ones than before; {alike} are asked about, {unplaced} are like nobody",
    "{group}：成员的编号和以前不一样了；{alike} 个请管理员确认，{unplaced} 个对不上",
)
RECONCILED = Said(
    "{group}: joined {joined}, left {left}, to be asked about {alike}, by the list of members",
    "{group}：按成员列表，新进 {joined}，离开 {left}，待确认 {alike}",
)
ACCEPTED = Said("an invitation into {topic} was accepted", "接受了进“{topic}”的邀请")
NOT_ACCEPTED = Said(
    "an invitation into {topic} by somebody else than an admin is left alone", "非管理员邀请进“{topic}”，没有理会"
)
BEFRIENDED = Said("a friend request of a member was accepted", "通过了一位成员的好友申请")
BOUND = Said("This room is {group} now.", "这个群现在是 {group}。")
UNREAD = Said("something could not be read from the gateway: {why}", "网关有一条内容读不出来：{why}")
REFUSED = Said(
    "The gateway does not accept the token of {name} ({why}). Look at {variable}.",
    "网关不认 {name} 的 token（{why}）。请检查 {variable}。",
)
