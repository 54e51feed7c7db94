"""WeChat rooms through a Wechaty gateway.

    endpoint = Endpoint.parse("gateway:8788", token, Tls(authorities=pem, name="gateway"))
    gateway = Gateway(endpoint, told=on_state, serves=lambda room: room in rooms)
    platform = WeChatPlatform(gateway, abilities)       # a core.delivery.Platform; abilities by group is the caller's
    await gateway.run(handle)                           # until cancelled; raises CredentialsRefused

- `endpoint`: `Endpoint`, `Tls`. `Endpoint(tls=None)` speaks plainly.
- `gateway`: `Gateway`. `run(handle)` hands on each `payloads.Happening` in order and waits for `handle`; `told` is
  called with each `states.State` (connected since, lost since and why, QR code to scan, logged in as, …). Asked afresh:
  `rooms()`, `room(id)`, `members(room)`, `contact(id)`, `contacts()`, and `call(lambda puppet: …)` for the rest of
  `library.Puppet` (topic, announcement, alias, accepting invitations and friend requests). They raise
  `failures.CallFailed`.
- `translate`: `events(happening, me, group_of)` is pure; `me` is `gateway.me.id`, `group_of` maps a room's id, or a
  contact's id for a private chat, to the operator's key.
- `standing`: `abilities(room, me)`.
- `perform`: `WeChatPlatform`. `Destination.chat` is a room's id, or a contact's for what is private.

Nothing but `library` imports Wechaty; importing it needs the extra `wechat` (Python 3.11 or 3.12).
"""
