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
UNVOUCHED = Said(
    "there is a room called {topic}, but no admin of {group} on WeChat is in it, and anybody can give a room this "
    "name: it is not served. Write `wechat:` and the id of somebody in it under `admins`, or bind it: "
    "yaji bind {group} --home {home}",
    "有个群叫“{topic}”，但里面没有 {group} 的微信管理员，而群名谁都能起：先不服务。"
    "请在 `admins` 里写上群里某人的 `wechat:` 加编号，或者绑定：yaji bind {group} --home {home}",
)
OWN_ADMIN = Said(
    "{group}: {who} stands under `admins` and is the account itself: it does not hear what it writes, and that it is "
    "in a room says nothing of whose room that is. Write the account of a person",
    "{group}：`admins` 里的 {who} 是这个账号自己：它听不到自己写的话，它在群里也说明不了是谁的群。请写一个人的账号",
)
UNTOLD = Said(
    "{group}: what its admins are told does not reach {who}, who is no contact of the account; they should add it as "
    "one",
    "{group}：{who} 还不是这个账号的好友，给管理员的消息收不到；请 TA 加这个账号为好友",
)
NO_ROOM = Said(
    "the account is in no room called {topic}; invite it there", "这个账号不在叫“{topic}”的群里；请把它拉进去"
)
NEARLY = Said(
    "the account is in no room called {topic}; did you mean {meant}? Write the topic as it is, or invite the account "
    "into the right room",
    "这个账号不在叫“{topic}”的群里；是不是{meant}？请照原样写群名，或者把账号拉进对的群",
)
ROOM_GONE = Said(
    "{group}: the room is not among the account's any more; the admins are asked about rooms of the same name. If "
    "their ids are other ones, too, nobody hears it: bind the room with `yaji bind {group}`, and write their new ids",
    "{group}：账号里已经没有这个群了；同名的群会请管理员确认。要是管理员的编号也变了，就没有人收得到：请用 "
    "`yaji bind {group}` 绑定，再把新编号写进 `admins`",
)
DOUBTED = Said(
    "{group}: the list of members has {left} fewer than before; it is not believed until lists have said so for "
    "twenty minutes",
    "{group}：成员列表少了 {left} 人；过二十分钟再读还是这样才相信",
)
WITHOUT_ME = Said(
    "{group}: the account itself is missing in the list of members; the list is not believed",
    "{group}：成员列表里没有账号自己；这份列表不可信",
)
NOT_READ = Said(
    "the room {room} cannot be asked about now, and stays as it was: {why}", "群 {room} 现在查不到，先照旧：{why}"
)
NO_ROOMS = Said(
    "the gateway lists no room at all; that is not believed until it is read so again",
    "网关一个群都没列出来；再读一次还是这样才相信",
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
HISTORY = Said(
    "a message that was written at {at} came only now; it is left alone, like all that is older than a day, "
    "which is told once for each day. If people wrote it just now, the clock of this machine is wrong",
    "有一条 {at} 写的消息现在才到；过了一天的不再理会，同一天的只说这一次。要是刚刚才写的，就是这台机器的时钟不对",
)
BEFRIENDED = Said("a friend request was accepted", "通过了一个好友申请")
NO_MEMBER = Said(
    "a friend request of somebody who is neither a member nor an admin is left alone",
    "既不是成员也不是管理员的人申请加好友，没有理会",
)
BOUND = Said("This room is {group} now.", "这个群现在是 {group}。")
UNREAD = Said("something could not be read from the gateway: {why}", "网关有一条内容读不出来：{why}")
REFUSED = Said(
    "The gateway does not accept the token of {name} ({why}). Look at {variable}.",
    "网关不认 {name} 的 token（{why}）。请检查 {variable}。",
)
