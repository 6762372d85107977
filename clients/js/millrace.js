/**
 * Live streams of a Millrace node: what a group or an item holds now and what becomes of it, across lost connections.
 * One socket per client, one server subscription per (stream, group, item). See README.md and millrace.d.ts.
 */
import { Feed, MillraceError, Subscription, guarded } from './feed.js'

export { MillraceError }

/** Close codes after which another try would most likely end as this one did. */
const COMPLAINTS = new Set([1002, 1003, 1007, 1008, 1009, 1010])
const MOST_COMPLAINTS = 3
/** How long a socket may take to open. */
const OPENING_MS = 15_000

/** Opens a connection that comes back by itself until it is closed. */
export function connect(url, options = {}) {
  return new Client(url, options)
}

class Client {
  #url
  #protocols
  #WebSocket
  #backoff
  #silence
  #state = 'connecting'
  #socket
  #feeds = new Map()
  /** The addresses joined on this socket, also those left since. */
  #joined = new Set()
  #listeners = new Map()
  #attempt = 0
  #complaints = 0
  #openedAt = Infinity
  #heardAt = 0
  #timer
  #online = () => this.#state === 'reconnecting' && !this.#socket && this.#open()

  constructor(url, { protocols = [], backoff = {}, silence = 75_000, WebSocket = globalThis.WebSocket }) {
    if (typeof WebSocket !== 'function') {
      throw new TypeError('WebSocket: missing (expected: a browser, Node.js 22 or later, or the option WebSocket)')
    }
    this.#url = String(url)
    this.#protocols = protocols
    this.#WebSocket = WebSocket
    this.#backoff = { min: 100, max: 30_000, random: Math.random, ...backoff }
    this.#silence = silence
    this.#open()
    globalThis.addEventListener?.('online', this.#online)
  }

  get state() {
    return this.#state
  }

  subscribe(stream, group, { item, mode = 'every', interval = 0, ...callbacks } = {}) {
    if (mode !== 'every' && mode !== 'latest') {
      throw new RangeError(`mode: ${mode} (expected: every or latest)`)
    }
    if (!Number.isInteger(interval) || interval < 0 || (interval > 0 && mode === 'every')) {
      throw new RangeError(`interval: ${interval} (expected: whole milliseconds, of mode latest only)`)
    }
    if (this.#state === 'closed') {
      throw new MillraceError('closed', 'the client is closed')
    }
    const key = keyOf(stream, group, item)
    let feed = this.#feeds.get(key)
    if (feed && (feed.mode !== mode || feed.interval !== interval)) {
      throw new RangeError(`mode: ${mode} ${interval} (expected: ${feed.mode} ${feed.interval}, as the first to subscribe)`)
    }
    if (!feed) {
      feed = new Feed(stream, group, item ?? null, mode, interval)
      this.#feeds.set(key, feed)
      this.#join(key, feed)
    }
    return new Subscription(feed, callbacks, () => this.#leave(key, feed))
  }

  on(name, listener) {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => listeners.delete(listener)
  }

  close() {
    if (this.#state !== 'closed') this.#end(new MillraceError('closed', 'the client is closed'), false)
  }

  #open() {
    clearTimeout(this.#timer)
    const socket = new this.#WebSocket(this.#url, this.#protocols)
    this.#socket = socket
    socket.onopen = () => this.#opened()
    socket.onmessage = ({ data }) => this.#take(data)
    socket.onclose = ({ code, reason }) => this.#lost(code, reason)
    socket.onerror = () => {} // a close follows, which says as much
    this.#heardAt = Date.now()
    this.#listen(OPENING_MS, () => true)
  }

  #opened() {
    this.#state = 'open'
    this.#openedAt = this.#heardAt = Date.now()
    this.#joined.clear()
    for (const [key, feed] of this.#feeds) this.#join(key, feed)
    // Pings are answered below us and never seen, but whoever has a cursor is told it now and then.
    clearTimeout(this.#timer)
    if (this.#silence > 0) this.#listen(this.#silence, () => [...this.#feeds.values()].some((feed) => feed.cursor))
    this.#emit('open', {})
  }

  /** Gives the socket up when it has been silent for so long, though something was due: its end may never be told. */
  #listen(patience, due) {
    const heardAt = this.#heardAt
    const news = () => {
      if (!due()) this.#heardAt = Date.now()
      if (this.#heardAt !== heardAt) this.#listen(patience, due)
      return this.#heardAt !== heardAt
    }
    this.#timer = setTimeout(() => {
      if (news()) return
      // Whoever has slept may well find that something has come meanwhile, if it is let in.
      this.#timer = setTimeout(() => {
        if (news()) return
        this.#drop()
        this.#lost(1006, 'silence')
      }, patience / 10)
    }, heardAt + patience - Date.now())
  }

  #drop(code) {
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close(code)
  }

  #lost(code, reason) {
    clearTimeout(this.#timer)
    this.#socket = undefined
    if (Date.now() - this.#openedAt > this.#backoff.max) this.#attempt = this.#complaints = 0
    this.#openedAt = Infinity
    for (const feed of this.#feeds.values()) feed.lost()
    if (COMPLAINTS.has(code) && ++this.#complaints >= MOST_COMPLAINTS) {
      this.#emit('close', { code, reason })
      this.#end(new MillraceError('rejected', `the server closed ${MOST_COMPLAINTS} sockets: ${code} ${reason}`), true)
      return
    }
    const { min, max, random } = this.#backoff
    const delay = Math.round(random() * Math.min(max, min * 2 ** this.#attempt++))
    this.#state = 'reconnecting'
    this.#timer = setTimeout(() => this.#open(), delay)
    this.#emit('close', { code, reason })
    if (this.#state === 'reconnecting') this.#emit('reconnecting', { attempt: this.#attempt, delay })
  }

  #end(error, tell) {
    if (this.#state === 'closed') return // by a listener, meanwhile
    this.#state = 'closed'
    clearTimeout(this.#timer)
    globalThis.removeEventListener?.('online', this.#online)
    this.#drop(1000)
    for (const feed of this.#feeds.values()) feed.end('closed', tell ? error : undefined)
    this.#feeds.clear()
    if (tell) this.#emit('error', error)
  }

  #join(key, feed) {
    if (this.#socket?.readyState !== 1) return
    this.#joined.add(key)
    this.#send('join', feed.joining())
  }

  #leave(key, feed) {
    if (this.#feeds.get(key) !== feed) return
    this.#feeds.delete(key)
    if (this.#socket?.readyState === 1) this.#send('leave', feed.address())
  }

  #send(type, data) {
    this.#socket.send(JSON.stringify({ type, data }))
  }

  #take(text) {
    this.#heardAt = Date.now()
    let frame
    try {
      frame = JSON.parse(text)
    } catch {
      return
    }
    const { type, streamName, groupId, id = null, event } = frame ?? {}
    if (type !== 'stream' || typeof event?.type !== 'string') return
    this.#attempt = 0
    const [groupKey, itemKey] = [keyOf(streamName, groupId, null), keyOf(streamName, groupId, id)]
    if (id === null || !Feed.isForAll(event.type)) {
      this.#tell(itemKey, frame, true)
      return
    }
    // A frame comes once, however many subscriptions it is for. With two of them it may have been told for one while the
    // other has not got as far, so it says nothing about the place of either.
    const certain = !(this.#joined.has(groupKey) && this.#joined.has(itemKey))
    this.#tell(groupKey, frame, certain)
    this.#tell(itemKey, frame, certain)
  }

  #tell(key, frame, certain) {
    const feed = this.#feeds.get(key)
    // Out of the way first: whoever hears of it may subscribe again.
    if (Feed.isRefusal(frame.event.type)) this.#feeds.delete(key)
    feed?.take(frame, certain)
  }

  #emit(name, detail) {
    this.#listeners.get(name)?.forEach((listener) => guarded(listener, detail))
  }
}

function keyOf(stream, group, item) {
  return JSON.stringify([stream, group, item ?? null])
}
