"""What people do with chats: come, go, invite, promote, restrict, rename, upgrade; and with bots in private."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from tests.support.botapi import delivery, shapes, standing
from tests.support.botapi.errors import NotAllowed
from tests.support.botapi.model import (
    ALL_PERMISSIONS,
    NO_PERMISSIONS,
    Bot,
    Chat,
    Json,
    Link,
    Message,
    Standing,
    User,
)
from tests.support.botapi.writing import Writer, act


@dataclass(slots=True, kw_only=True, eq=False)
class Person(Writer):
    """Somebody who does what people do. Their own Telegram app would check the rest: scripts are believed."""

    @act
    def joins(self, chat: Chat, link: Link | str | None = None) -> bool:
        """Joins, by a link or (without) as in a public chat. False if the link makes it a request instead.

        Raises NotAllowed for the banned, and for links that are used up, revoked or over.
        """
        if chat.standing(self).status == "kicked":
            raise NotAllowed(f"{self.first_name} is banned from {chat.title}")
        found = self._link(chat, link)
        if found is not None and found.creates_join_request:
            standing.ask(self.world, chat, self, found)
            return False
        standing.come(self.world, chat, self, self, link=found)
        return True

    def _link(self, chat: Chat, link: Link | str | None) -> Link | None:
        found = chat.links[link] if isinstance(link, str) else link
        if found is not None:
            over = found.expires and found.expires <= self.world.now()
            if found.is_revoked or over or (found.member_limit and found.used >= found.member_limit):
                raise NotAllowed(f"{found.url} has expired")
        return found

    @act
    def asks_to_join(self, chat: Chat, link: Link | str | None = None, *, bio: str = "") -> None:
        """Asks to be let in."""
        if chat.standing(self).status == "kicked":
            raise NotAllowed(f"{self.first_name} is banned from {chat.title}")
        standing.ask(self.world, chat, self, self._link(chat, link), bio)

    @act
    def takes_back_request(self, chat: Chat) -> None:
        """Takes a join request back. No bot is told."""
        chat.requests.pop(self.id)

    @act
    def leaves(self, chat: Chat) -> None:
        """Leaves."""
        standing.go(self.world, chat, self, self)

    @act
    def adds(self, who: User, chat: Chat) -> None:
        """Adds somebody, or a bot."""
        standing.come(self.world, chat, who, self)

    @act
    def adds_all(self, people: Iterable[User], chat: Chat) -> None:
        """Adds several at once: one service message for all, as Telegram does."""
        coming = [who for who in people if not chat.standing(who).present]
        tells, chat.tells_of_joins = chat.tells_of_joins, False
        for who in coming:
            standing.come(self.world, chat, who, self)
        chat.tells_of_joins = tells
        if tells and chat.type != "channel":
            delivery.service(self.world, chat, self, {"new_chat_members": [who.shape for who in coming]})

    @act
    def removes(self, who: User, chat: Chat) -> None:
        """Removes somebody from a group: as Telegram's apps do, with a ban in supergroups."""
        if chat.type == "group":
            standing.go(self.world, chat, who, self)
        else:
            standing.ban(self.world, chat, who, self, 0)

    @act
    def bans(self, who: User, chat: Chat, *, until: int = 0) -> None:
        """Bans somebody."""
        standing.ban(self.world, chat, who, self, standing.until(self.world, until))

    @act
    def unbans(self, who: User, chat: Chat) -> None:
        """Takes somebody off the list of the removed."""
        standing.unban(self.world, chat, who, self)

    @act
    def mutes(self, who: User, chat: Chat, *, until: int = 0, **permissions: bool) -> None:
        """Restricts somebody; permissions not named are taken away."""
        held = {**NO_PERMISSIONS, **permissions}
        standing.restrict(self.world, chat, who, self, held, standing.until(self.world, until))

    @act
    def unmutes(self, who: User, chat: Chat) -> None:
        """Lifts a restriction."""
        standing.restrict(self.world, chat, who, self, dict(ALL_PERMISSIONS), 0)

    @act
    def promotes(self, who: User, chat: Chat, *rights: str, anonymous: bool = False, title: str = "") -> None:
        """Makes somebody an admin with these rights, or changes an admin's rights."""
        new = Standing(
            status="administrator",
            rights=frozenset({"can_manage_chat", *rights}),
            anonymous=anonymous,
            title=title,
            promoted_by=self.id,
        )
        standing.change(self.world, chat, who, new, self)

    @act
    def demotes(self, who: User, chat: Chat) -> None:
        """Makes an admin an ordinary member."""
        standing.change(self.world, chat, who, Standing(status="member"), self)

    @act
    def approves(self, who: User, chat: Chat) -> None:
        """Lets somebody in who asked."""
        if not standing.settle(self.world, chat, who, self, approve=True):
            raise NotAllowed(f"{who.first_name} did not ask")

    @act
    def declines(self, who: User, chat: Chat) -> None:
        """Sends somebody away who asked."""
        if not standing.settle(self.world, chat, who, self, approve=False):
            raise NotAllowed(f"{who.first_name} did not ask")

    @act
    def starts(self, bot: Bot, payload: str = "") -> Message:
        """Presses Start in the private chat (through a link, if there is a payload)."""
        if self.world.private(bot, self).blocked:
            self.unblocks(bot)
        return self.posts(bot, f"/start {payload}".rstrip())

    @act
    def writes(self, bot: Bot, text: str, *, reply_to: Message | None = None) -> Message:
        """Writes to a bot in private."""
        return self.posts(bot, text, reply_to=reply_to)

    @act
    def blocks(self, bot: Bot) -> None:
        """Blocks a bot."""
        self._block(bot, True)

    @act
    def unblocks(self, bot: Bot) -> None:
        """Unblocks a bot."""
        self._block(bot, False)

    def _block(self, bot: Bot, blocked: bool) -> None:
        chat = self.world.private(bot, self)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        chat.started = chat.started or not blocked
        names = ("member", "kicked")
        old, new = (Standing(status=names[flag]) for flag in (not blocked, blocked))
        body: Json = {
            "chat": chat.shape,
            "from": self.shape,
            "date": int(self.world.now()),
            "old_chat_member": shapes.member(chat, bot, old),
            "new_chat_member": shapes.member(chat, bot, new),
        }
        self.world.tell(bot, "my_chat_member", body, (self,))

    @act
    def renames(self, chat: Chat, title: str) -> None:
        """Changes a group's title."""
        chat.title = title
        delivery.service(self.world, chat, self, {"new_chat_title": title})

    @act
    def permits(self, chat: Chat, **permissions: bool) -> None:
        """Changes what ordinary members may do. No bot is told."""
        chat.permissions = {**chat.permissions, **permissions}

    @act
    def creates_topic(self, chat: Chat, name: str) -> int:
        """Opens a topic in a forum; returns its message_thread_id."""
        return open_topic(self, chat, name)

    @act
    def creates_link(self, chat: Chat, name: str = "", **options: Any) -> Link:
        """Creates an invite link: `member_limit`, `creates_join_request`, `expires`."""
        return self.world.link(chat, self, name=name, **options)

    @act
    def founds(self, title: str, *others: User) -> Chat:
        """Founds a basic group with others in it: a bot among them is told of the creation, not of being added."""
        chat = self.world.group(title, owner=self)
        for who in others:
            chat.standings[who.id] = Standing(status="member", reads_all=isinstance(who, Bot) and who.reads_all)
            delivery.tell_standing(self.world, chat, who, Standing(status="left"), self)
        delivery.service(self.world, chat, self, {"group_chat_created": True})
        return chat

    @act
    def deletes_chat(self, chat: Chat, *, told: bool = True) -> None:
        """Deletes a group for everyone. `told`: bots hear of it by my_chat_member, which is not always so."""
        for bot in self.world.bots_in(chat):
            old = replace(chat.standing(bot))
            chat.standings[bot.id] = Standing(status="left")
            if told:
                delivery.tell_standing(self.world, chat, bot, old, self)
        chat.gone = True

    @act
    def deletes_account(self) -> None:
        """The account is gone; its name is empty from now on."""
        self.deleted = True

    @act
    def upgrades(
        self, group: Chat, *, new_first: bool = False, join: Literal["untold", "first", "last"] = "untold"
    ) -> Chat:
        """Makes a basic group a supergroup; returns that. Message ids start anew; the old id answers 400.

        `new_first`: bots are told in the new chat before the old one. Both orders happen. `join`: whether, and when,
        bots hear that they are in the new chat, as if they had come.
        """
        if group.type != "group" or group.migrated_to is not None:
            raise NotAllowed(f"{group.title} is no basic group")
        chat = self.world.supergroup(group.title, owner=self)
        chat.standings = {user: replace(found) for user, found in group.standings.items()}
        chat.permissions = dict(group.permissions)
        chat.tells_of_joins = group.tells_of_joins
        chat.migrated_from, chat.next_message = group, 1
        old = {"migrate_to_chat_id": chat.id}
        new = {"migrate_from_chat_id": group.id}
        if join == "first":
            self._finds_bots_in(chat)
        for where, content in ((chat, new), (group, old)) if new_first else ((group, old), (chat, new)):
            delivery.service(self.world, where, self, content)
        if join == "last":
            self._finds_bots_in(chat)
        group.migrated_to = chat
        return chat

    def _finds_bots_in(self, chat: Chat) -> None:
        for bot in self.world.bots_in(chat):
            delivery.tell_standing(self.world, chat, bot, Standing(status="left"), self)


def open_topic(who: User, chat: Chat, name: str, color: int = 7322096) -> int:
    """Opens a topic; its id is that of the service message about it."""
    thread = chat.next_message
    chat.topics[thread] = name
    content = {"forum_topic_created": {"name": name, "icon_color": color}}
    delivery.service(who.world, chat, who, content, thread=thread, is_topic_message=True)
    return thread
