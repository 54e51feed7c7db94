"""A Bot API server over a scripted world: what python-telegram-bot talks to in tests, over loopback.

The world holds the truth: people, bots, chats, standings, links, messages. A test acts in it as people do; the server
answers a bot's calls by the same rules as Telegram (error texts are those of tdlib and telegram-bot-api 10.0), and
remembers every call.

    world = World(now=clock)                                  # `now()` in Unix seconds; default time.time
    bot = world.bot("yaji_bot")                               # bot.token; reads_all=True switches privacy mode off
    wang, li = world.person("小王", username="wang", language="zh-hans"), world.person("Li")
    group = world.supergroup("晨读打卡营", owner=wang)          # or world.group, world.channel; forum=True, username=…
    wang.adds(bot, group)
    wang.promotes(bot, group, "can_delete_messages", "can_restrict_members", "can_invite_users")
    world.joined(group, *many)                                # members from the start: no updates
    with serving(world) as server:                            # uvicorn in a thread of its own, on a free port
        Bot(bot.token, base_url=server.base_url)              # base_url ends in /bot; server.url is the root
        message = li.posts(group, "/checkin", reply_to=None)  # returns what was posted
        ...
        assert [m.text for m in group.said_by(bot)] == ["…"]
        server.calls_of("sendMessage")                        # [Call]: at, bot, method, params, code, answer, fault
        assert server.violations == [] and server.off_spec == []

Acts of a person: posts, posts_album, edits, deletes, joins(chat, link), asks_to_join(chat, link), takes_back_request,
leaves, adds, removes, bans, unbans, mutes, promotes, demotes, approves, declines, presses(message, "label or data"),
reacts(message, "👍"), starts(bot, "payload"), writes(bot, "text"), blocks, unblocks, renames, pins, permits(chat, …),
creates_topic, creates_link, founds, upgrades(group, new_first=…), deletes_chat, deletes_account. See people.py.
A channel's posts: owner.posts(channel, …); with `channel.linked = group` they are forwarded there as Telegram does.
Another bot's message: delivery.post(world, chat, other_bot, text=…).
Anonymous admins and channels as senders: posts(group, …, as_chat=group) or as_chat=channel.

`world.private(bot, person)` is their private chat. `chat.messages` (id -> Message; `.deleted`), `chat.alive`,
`chat.said_by(bot)`, `chat.standing(person).status`, `bot.commands`, `bot.history` (every update made: id, bytes),
`bot.confirmed` (highest offset seen), `bot.answers` (callback query id -> answer) are there to be asserted on.
`world.enqueue_raw(bot, [b'{"message":…}', …])` queues updates encoded beforehand; those with an update_id
keep it, so that `bot.history` can be replayed.

    server.faults.add(Fault("429", retry_after=3), method="sendMessage", chat=group.id, nth=1)
    server.faults.add(Fault("drop_after"), method="sendMessage", probability=0.05, seed=7, times=None)
    server.limits.enforce = True                              # 429 with retry_after instead of only `violations`

`faults.add` takes method, chat, bot, nth, times (1 unless told; None: always), probability and seed; kinds are listed
in faults.py. `server.polling.conflict_pause` (3 s, as on Telegram) and `server.webhooks.first_delay` (1 s) may be made
shorter. Simpler than Telegram: the burst in limits.py, `world.press_answerable_for`, parse_mode (HTML only), and any
method that is not in methods.py is 404.
Spec checks run if $YAJI_REAL_DATA/telegram-bot-api/spec.json is there; otherwise
`server.spec_checked` is False and `off_spec` stays empty.

Records (Bot, Chat, Message, Standing, Link) are in model.py; their names are Telegram's, so they are not imported here.

As a process of its own, for kill tests and benchmarks: `python -m tests.support.botapi --port 0` prints `{"port": …}`;
`RemoteServer.start(...)` does that for you, and speaks to /control/… (control.py): acts, calls, messages, violations.
"""

from tests.support.botapi.errors import NotAllowed
from tests.support.botapi.faults import Fault
from tests.support.botapi.model import ALL_PERMISSIONS, ALL_RIGHTS, NO_PERMISSIONS
from tests.support.botapi.people import Person
from tests.support.botapi.remote import RemoteServer
from tests.support.botapi.server import BotApiServer
from tests.support.botapi.serving import serving
from tests.support.botapi.world import World

__all__ = [
    "ALL_PERMISSIONS",
    "ALL_RIGHTS",
    "NO_PERMISSIONS",
    "BotApiServer",
    "Fault",
    "NotAllowed",
    "Person",
    "RemoteServer",
    "World",
    "serving",
]
