"""Methods that send: messages, photos, documents, copies, chat actions."""

from __future__ import annotations

from typing import Any, Final

from tests.support.botapi import delivery, shapes
from tests.support.botapi.access import READ, WRITE, chat_of, message_of
from tests.support.botapi.arguments import Args, Upload
from tests.support.botapi.errors import bad
from tests.support.botapi.model import Bot, Chat, Json, Message
from tests.support.botapi.text import parsed, units, with_found
from tests.support.botapi.world import World
from tests.support.botapi.writing import document, may_write, origin, photo

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
_SPACES: Final = " \t\r\n\v\f"
_KINDS_OF_FILE: Final = ("photo", "video", "voice", "document", "video_note", "audio")
_ACTIONS: Final = frozenset(
    {
        *("typing", "choose_sticker", "find_location"),
        *(f"upload_{kind}" for kind in _KINDS_OF_FILE),
        *("record_video", "record_voice", "record_video_note", "record_audio"),
    }
)


def formatted(world: World, args: Args, name: str, *, limit: int) -> tuple[str, list[Json]]:
    """A text or caption with its entities. Raises Refused as Telegram does: unparsable, empty, too long."""
    text = args.text(name)
    mode = args.text("parse_mode").lower()
    entities: list[Json] = []
    if len(text.encode("utf-8", "surrogatepass")) > 1 << 15:
        raise bad("Text is too long")
    if mode == "html":
        text, entities = parsed(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad("Can't parse entities: the test server knows HTML only")
    elif mode not in ("", "none"):
        raise bad("Unsupported parse_mode")
    else:
        given = args.json("entities" if name == "text" else "caption_entities", "message entities")
        entities = [dict(entity) for entity in given or []]
    text, entities = _trimmed(text, entities)
    for entity in entities:
        if "user_id" in entity:
            known = world.users.get(entity.pop("user_id"))
            if known is not None:
                entity["user"] = known.shape
    entities = [e for e in entities if e["type"] != "text_mention" or "user" in e]
    if units(text) > limit:
        raise bad("Message is too long" if name == "text" else "Message caption is too long")
    return text, with_found(text, entities)


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    bare = text.rstrip(_SPACES)
    lead = len(bare) - len(bare.lstrip(_SPACES))
    if any(entity["offset"] < lead for entity in entities):
        lead = min(entity["offset"] for entity in entities)
    bare = bare[lead:]
    end = units(bare)
    for entity in entities:
        entity["offset"] -= lead
        entity["length"] = min(entity["length"], end - entity["offset"])
    return bare, [entity for entity in entities if entity["length"] > 0]


def markup(args: Args, *, inline_only: bool = False) -> Json | None:
    """`reply_markup`, checked: callback data is 1 to 64 bytes."""
    given = args.json("reply_markup", "reply keyboard markup")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise bad("Object expected as reply markup")
    rows = given.get("inline_keyboard")
    if rows is None:
        if inline_only:
            raise bad("Inline keyboard expected")
        return None
    for row in rows:
        for button in row:
            if not button.get("text"):
                raise bad("BUTTON_TEXT_INVALID" if "text" in button else 'Field "text" must be of type String')
            kinds = [kind for kind in button if kind not in ("text", "icon_custom_emoji_id", "style")]
            if not kinds or (kinds == ["callback_data"] and not button["callback_data"]):
                raise bad("Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
            if len(button.get("callback_data", "").encode()) > 64:
                raise bad("BUTTON_DATA_INVALID")
    return {"inline_keyboard": rows} if any(rows) else None


def send(world: World, bot: Bot, args: Args, what: str, permission: str, **fields: Any) -> Message:
    """Sends into the chat of the call, with its reply, topic and buttons."""
    chat = chat_of(world, bot, args)
    fields["reply_markup"] = markup(args)
    return send_to(world, bot, chat, args, what, permission, **fields)


def send_to(world: World, bot: Bot, chat: Chat, args: Args, what: str, permission: str, **fields: Any) -> Message:
    """Sends into a chat."""
    thread = args.integer("message_thread_id") or None
    if thread is not None and chat.is_forum and thread not in chat.topics:
        raise bad("Message thread not found")
    replied = _replied(world, bot, chat, args)
    if not may_write(chat, bot, permission):
        if chat.type == "channel":
            raise bad("Need administrator rights in the channel chat")
        raise bad(f"Not enough rights to send {what} to the chat")
    if not chat.is_forum:
        thread = (replied.thread or replied.id) if replied is not None and chat.type == "supergroup" else None
    elif thread is None and replied is not None:
        thread = replied.thread
    return delivery.post(
        world,
        chat,
        None if chat.type == "channel" else bot,
        sender_chat=chat if chat.type == "channel" else None,
        reply_to=replied,
        thread=thread,
        is_topic_message=chat.is_forum and thread is not None,
        **fields,
    )


def _replied(world: World, bot: Bot, chat: Chat, args: Args) -> Message | None:
    given = args.json("reply_parameters", "reply parameters") or {}
    number = int(given.get("message_id") or args.integer("reply_to_message_id"))
    if not number:
        return None
    if given.get("chat_id") not in (None, chat.id, str(chat.id)):
        chat = chat_of(world, bot, Args({"chat_id": given["chat_id"]}), READ)
    message = chat.messages.get(number)
    if message is None or message.deleted:
        if given.get("allow_sending_without_reply") or args.flag("allow_sending_without_reply"):
            return None
        raise bad("Message to be replied not found")
    return message


def send_message(world: World, bot: Bot, args: Args) -> Json:
    """sendMessage."""
    if not args.text("text"):
        raise bad("Message text is empty")
    text, entities = formatted(world, args, "text", limit=MAX_TEXT)
    if not text:
        raise bad("Text must be non-empty")
    sent = send(world, bot, args, "text messages", "can_send_messages", text=text, entities=entities)
    return shapes.message(sent)


def _file(world: World, args: Args, name: str) -> Upload | str:
    given = args.get(name)
    if isinstance(given, str) and given.startswith("attach://"):
        given = args.get(given.removeprefix("attach://"))
    if isinstance(given, Upload):
        if not given.data:
            raise bad("File must be non-empty")
        return given
    if not given:
        raise bad(f"There is no {name} in the request")
    if given not in world.files and not given.startswith(("http://", "https://")):
        raise bad("Wrong file identifier/HTTP URL specified")
    return str(given)


def _captioned(world: World, args: Args) -> Json:
    text, entities = formatted(world, args, "caption", limit=MAX_CAPTION)
    return {"caption": text or None, "entities": entities}


def send_photo(world: World, bot: Bot, args: Args) -> Json:
    """sendPhoto."""
    chat = chat_of(world, bot, args)
    file = _file(world, args, "photo")
    sizes = photo(f"sent{abs(chat.id)}-{chat.next_message}")
    for size in sizes:
        world.files[size["file_id"]] = ("photo", file.data if isinstance(file, Upload) else b"")
    sent = send(world, bot, args, "photos", "can_send_photos", content={"photo": sizes}, **_captioned(world, args))
    return shapes.message(sent)


def send_document(world: World, bot: Bot, args: Args) -> Json:
    """sendDocument."""
    chat = chat_of(world, bot, args)
    file = _file(world, args, "document")
    name, data = (file.name, file.data) if isinstance(file, Upload) else world.files.get(file, (file, b""))
    shape = {**document(name, len(data)), "file_id": f"sent{abs(chat.id)}-{chat.next_message}"}
    world.files[shape["file_id"]] = (name, data)
    content = {"document": shape}
    sent = send(world, bot, args, "documents", "can_send_documents", content=content, **_captioned(world, args))
    return shapes.message(sent)


def copy_message(world: World, bot: Bot, args: Args) -> Json:
    """copyMessage: the answer is a MessageId."""
    source = chat_of(world, bot, args, READ, "from_chat_id")
    original = message_of(world, source, args.integer("message_id"), "message to copy")
    if original.service:
        raise bad("Message can't be copied")
    fields: Json = {"caption": original.caption, "entities": original.entities}
    if "caption" in args and original.text is None:
        fields = _captioned(world, args)
    content = dict(original.content)
    sent = send(world, bot, args, "text messages", "can_send_messages", text=original.text, content=content, **fields)
    return {"message_id": sent.id}


def forward_message(world: World, bot: Bot, args: Args) -> Json:
    """forwardMessage."""
    source = chat_of(world, bot, args, READ, "from_chat_id")
    original = message_of(world, source, args.integer("message_id"), "message to forward")
    if original.service:
        raise bad("Message can't be forwarded")
    fields: Json = {"text": original.text, "caption": original.caption, "entities": original.entities}
    fields |= {"content": dict(original.content), "forward_origin": origin(original)}
    return shapes.message(send(world, bot, args, "text messages", "can_send_messages", **fields))


def send_chat_action(world: World, bot: Bot, args: Args) -> bool:
    """sendChatAction."""
    if args.text("action").lower() not in _ACTIONS:
        raise bad("Wrong parameter action in request")
    chat_of(world, bot, args, WRITE)
    return True
