// A scripted WeChat as a puppet: who there is, what they write, and what the account was made to do.
import { PuppetMock, mock } from 'wechaty-puppet-mock'

export const ME = 'wxid_yaji'
const EPOCH = 1_764_000_000
const TEXT = 7, IMAGE = 6

export class World extends PuppetMock {

  cleared () {
    for (const held of ['contacts', 'rooms', 'messages', 'invitations', 'friendships', 'refusing']) this[held] = new Map()
    this.deaf = false
    this.asked = []
    this.done = { sent: [], removed: [], accepted: [] }
    this.number = 0
    this.account = ME
    this.contact({ id: ME, name: '雅集' })
  }

  constructor () {
    super({ mocker: new mock.Mocker() })
    this.cleared()
    this.scripted = ['contact', 'room', 'posts', 'burst', 'enters', 'leaves', 'retitles', 'invites', 'befriends',
      'asks_to_scan', 'logs_in', 'logs_out', 'complains', 'forgets', 'refuses', 'deafen', 'told', 'resets', 'dated']
  }

  // What a test has happen

  contact ({ id, name, friend = false, alias = '', type = 1 }) {
    this.contacts.set(id, { id, name, alias, avatar: '', friend, gender: 0, phone: [], type })
  }

  room ({ id, topic, members, owner = '' }) {
    this.rooms.set(id, { id, topic, owner, members: { [ME]: '', ...members }, announcement: '' })
  }

  posts ({ talker, text, room = '', kind = TEXT, mentions = [], id }) {
    const number = ++this.number
    id ||= `msg${number}`
    const timestamp = (EPOCH + number) * 1000
    const where = room ? { roomId: room } : { listenerId: this.account }
    this.messages.set(id, { id, type: kind, talkerId: talker, text, timestamp, mentionIdList: mentions, ...where })
    this.emit('message', { messageId: id })
    return id
  }

  dated ({ instant }) { this.number = Math.max(this.number, instant - EPOCH) } // what happens next is a second later

  burst ({ talker, room, count }) {
    for (let n = 0; n < count; n++) this.posts({ talker, text: `${n}`, room })
  }

  enters ({ room, ids, by }) {
    for (const id of ids) this.rooms.get(room).members[id] = ''
    this.emit('room-join', { inviteeIdList: ids, inviterId: by, roomId: room, timestamp: this.now() })
  }

  leaves ({ room, id, by }) {
    delete this.rooms.get(room).members[id]
    this.emit('room-leave', { removeeIdList: [id], removerId: by, roomId: room, timestamp: this.now() })
  }

  retitles ({ room, topic, by }) {
    const held = this.rooms.get(room), oldTopic = held.topic
    held.topic = topic
    this.emit('room-topic', { changerId: by, newTopic: topic, oldTopic, roomId: room, timestamp: this.now() })
  }

  invites ({ id, topic, by }) {
    this.invitations.set(id, { avatar: '', id, invitation: '', inviterId: by, memberCount: 3, memberIdList: [],
      receiverId: ME, timestamp: Date.now(), topic })
    this.emit('room-invite', { roomInvitationId: id, timestamp: this.now() })
  }

  befriends ({ id, contact, hello }) {
    this.friendships.set(id, { contactId: contact, hello, id, ticket: '', timestamp: this.now(), type: 2 })
    this.emit('friendship', { friendshipId: id, timestamp: this.now() })
  }

  asks_to_scan ({ url, status = 2 }) { this.emit('scan', { qrcode: url, status }) }
  logs_in ({ id = ME } = {}) { this.account = id; if (!this.isLoggedIn) this.login(id) }
  async logs_out ({ why = '' } = {}) { this.account = null; await this.logout(why) }
  complains ({ text }) { this.emit('error', new Error(text)) }
  forgets ({ id }) { this.messages.delete(id) }
  refuses ({ call, why }) { this.refusing.set(call, why) }
  deafen ({ deaf }) { this.deaf = deaf }
  told () { return { ...this.done, calls: this.asked } }

  // As after a start, and nobody listens any more
  async resets () {
    while (this.listenerCount('dong')) await new Promise(resolve => setTimeout(resolve, 5))
    await this.logout('a new world')
    this.cleared()
    for (const kind of ['contact', 'message', 'room', 'roomMember', 'friendship', 'roomInvitation']) this.cache[kind].clear()
    this.login(ME)
  }

  now () { return EPOCH + ++this.number }

  // What the gateway does with it

  emit (event, ...told) { return this.deaf && event !== 'dirty' ? false : super.emit(event, ...told) }

  async onStart () {
    await super.onStart()
    this.asked.push('Start')
    if (this.account && !this.isLoggedIn) this.login(this.account)
  }

  async onStop () { this.asked.push('Stop'); this.deaf = false; await super.onStop() }
  ding (data) { this.emit('dong', { data }) }

  found (held, id) {
    if (!held.has(id)) throw new Error(`no payload found for id ${id}`)
    return held.get(id)
  }

  called (name) { if (this.refusing.has(name)) throw new Error(this.refusing.get(name)) }

  async contactList () { return [...this.contacts.keys()] }
  async contactRawPayload (id) { this.called('ContactPayload'); return this.found(this.contacts, id) }
  async messageRawPayload (id) { this.called('MessagePayload'); return this.found(this.messages, id) }
  async roomList () { return [...this.rooms.keys()] }
  async roomMemberList (id) { return Object.keys(this.found(this.rooms, id).members) }
  async roomInvitationRawPayload (id) { return this.found(this.invitations, id) }
  async roomInvitationAccept (id) { this.done.accepted.push(id) }
  async friendshipRawPayload (id) { return this.found(this.friendships, id) }
  async friendshipAccept (id) { this.done.accepted.push(id) }

  async roomRawPayload (id) {
    const { topic, owner, members } = this.found(this.rooms, id)
    return { adminIdList: [], id, memberIdList: Object.keys(members), ownerId: owner, topic }
  }

  async roomMemberRawPayload (room, id) {
    const { name } = this.found(this.contacts, id)
    return { avatar: '', id, name, roomAlias: this.found(this.rooms, room).members[id] }
  }

  reachable (chat) {
    if (!this.isLoggedIn) throw new Error('not logged in')
    if (!this.rooms.has(chat) && !this.found(this.contacts, chat).friend) throw new Error('not friend')
  }

  async messageSendText (chat, text, mentions) {
    this.called('MessageSendText')
    this.reachable(chat)
    this.done.sent.push({ chat, mentions, text })
    return this.posts({ room: this.rooms.has(chat) ? chat : '', talker: this.account, text })
  }

  async messageSendFile (chat, box) {
    this.called('MessageSendFile')
    this.reachable(chat)
    this.done.sent.push({ chat, name: box.name, picture: await box.toBase64() })
    return this.posts({ kind: IMAGE, room: this.rooms.has(chat) ? chat : '', talker: this.account, text: '' })
  }

  async roomDel (room, id) {
    const held = this.found(this.rooms, room)
    if (held.owner !== this.account) throw new Error('the room is not mine')
    if (!(id in held.members)) throw new Error('member not found')
    this.done.removed.push([room, id])
    this.leaves({ by: this.account, id, room })
  }

  text (held, id, name, text) {
    const one = this.found(held, id)
    if (text === undefined) return one[name]
    one[name] = text
  }

  async roomTopic (id, topic) { return this.text(this.rooms, id, 'topic', topic) }

  async roomAnnounce (id, text) {
    const held = this.found(this.rooms, id)
    if (text !== undefined && held.owner !== this.account) throw new Error('the room is not mine')
    return this.text(this.rooms, id, 'announcement', text)
  }

  async contactAlias (id, alias) { return this.text(this.contacts, id, 'alias', alias) }

}
