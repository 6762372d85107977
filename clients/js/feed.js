/** What subscriptions make of the frames that the client gives them. */

/** How many deleted items each subscription remembers, so that what comes late does not bring them back. */
const MOST_GRAVES = 1_000
/** How many changes wait for one who iterates. */
const MOST_WAITING = 10_000

export class MillraceError extends Error {
  constructor(code, message) {
    super(message)
    this.name = 'MillraceError'
    this.code = code
  }
}

/** What one server subscription has told, shared by all local ones to its address. */
export class Feed {
  #id = uuid()
  #stamps = new Map()
  #graves = new Map()
  #syncedAt = -Infinity
  items = new Map()
  unnamed = []
  cursor
  state = 'waiting'
  error
  synced = false
  watchers = new Set()

  constructor(stream, group, item, mode, interval) {
    Object.assign(this, { stream, group, item, mode, interval })
    this.ready = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }))
    this.ready.catch(() => {}) // who does not ask need not know
  }

  /** Whether frames of this type go to subscriptions of the item and of its group; others answer one of them. */
  static isForAll(type) {
    return type === 'create' || type === 'update' || type === 'delete' || type === 'event'
  }

  /** Whether a frame of this type ends the subscription. */
  static isRefusal(type) {
    return type === 'unauthorized' || type === 'refused'
  }

  address() {
    const { stream: streamName, group: groupId, item } = this
    return { subscriptionId: this.#id, streamName, groupId, ...(item !== null && { id: item }) }
  }

  joining() {
    this.state = this.cursor ? 'resuming' : 'joining'
    const terms = this.mode === 'latest' ? { mode: 'latest', ...(this.interval && { interval: this.interval }) } : {}
    return { ...this.address(), cursors: true, ...(this.cursor && { cursor: this.cursor }), ...terms }
  }

  lost() {
    this.state = 'waiting'
  }

  /**
   * Takes a frame in.
   *
   * @param certain whether it was told for this subscription
   */
  take({ id, timestamp, event, version, cursor }, certain) {
    switch (event.type) {
      case 'sync':
        this.#sync(event.data, timestamp)
        break
      case 'create':
      case 'update':
      case 'delete':
        // Before the snapshot it can be left out: what the snapshot lacks comes again behind it.
        if (this.state === 'joining') return
        // Known already, so its cursor leads backwards, if anywhere.
        if (!this.#isNews(id, timestamp)) return
        this.#change({ type: event.type, id, value: event.data, timestamp, ...(version && { version }) })
        break
      case 'event':
        this.#tell('event', { type: event.event?.type, data: event.event?.data, id: id ?? null, timestamp })
        if (this.state === 'joining') return
        break
      case 'cursor':
        break
      case 'reset':
        this.state = 'joining'
        this.cursor = undefined
        this.#tell('reset', event.reason)
        return
      case 'unauthorized':
      case 'refused':
        this.end('refused', new MillraceError(event.type, `${this.stream}/${this.group}: ${event.reason ?? event.type}`))
        return
      default:
        return
    }
    if (certain && this.state !== 'joining') {
      this.state = 'live'
      if (cursor && typeof cursor === 'string') this.cursor = cursor
    }
  }

  end(state, error) {
    this.state = state
    this.error = error
    this.reject(error ?? new MillraceError('closed', 'the client is closed'))
    this.#tell('end', error)
    this.watchers.clear()
  }

  #sync(data, timestamp) {
    this.items.clear()
    this.unnamed = []
    if (this.item === null) {
      for (const value of Array.isArray(data) ? data : []) {
        if (typeof value?.id === 'string') this.items.set(value.id, value)
        else this.unnamed.push(value)
      }
    } else if (data !== null && data !== undefined) {
      this.items.set(this.item, data)
    }
    this.#stamps.clear()
    this.#graves.clear()
    this.#syncedAt = timestamp
    this.synced = true
    this.state = 'live'
    this.resolve(this.items)
    this.#tell('sync')
  }

  #isNews(id, timestamp) {
    const last = this.#stamps.get(id) ?? this.#graves.get(id) ?? -Infinity
    return timestamp > Math.max(last, this.#syncedAt)
  }

  #change(change) {
    const { type, id, value, timestamp } = change
    if (type === 'delete') {
      this.items.delete(id)
      this.#stamps.delete(id)
      this.#graves.delete(id)
      this.#graves.set(id, timestamp)
      if (this.#graves.size > MOST_GRAVES) this.#graves.delete(this.#graves.keys().next().value)
    } else {
      this.items.set(id, value)
      this.#graves.delete(id)
      this.#stamps.set(id, timestamp)
    }
    this.#tell('change', change)
  }

  #tell(what, detail) {
    for (const watcher of [...this.watchers]) watcher(what, detail)
  }
}

/** One local interest in a feed. */
export class Subscription {
  #feed
  #callbacks
  #taps = new Set()
  #depart
  #left = false
  #watcher = (what, detail) => this.#hear(what, detail)

  constructor(feed, callbacks, depart) {
    this.#feed = feed
    this.#callbacks = callbacks
    this.#depart = depart
    feed.watchers.add(this.#watcher)
    // Who comes later is told what the first one was, but not before it has got hold of this.
    if (feed.synced) queueMicrotask(() => feed.watchers.has(this.#watcher) && this.#hear('sync'))
  }

  get items() {
    return this.#feed.items
  }

  get unnamed() {
    return this.#feed.unnamed
  }

  get ready() {
    return this.#feed.ready
  }

  get cursor() {
    return this.#feed.cursor
  }

  get state() {
    return this.#left ? 'left' : this.#feed.state
  }

  leave() {
    if (!this.#feed.watchers.delete(this.#watcher)) return
    this.#left = true
    this.#hear('end')
    if (this.#feed.watchers.size === 0) this.#depart()
  }

  [Symbol.asyncIterator]() {
    const tap = new Tap(() => this.#taps.delete(tap))
    if (this.#feed.watchers.has(this.#watcher)) this.#taps.add(tap)
    else tap.end(this.#left ? undefined : this.#feed.error)
    return tap
  }

  #hear(what, detail) {
    const { onSync, onChange, onEvent, onReset, onRefused } = this.#callbacks
    const tell = (callback, told, ...details) => {
      if (callback) guarded(callback, ...details)
      for (const tap of [...this.#taps]) tap.put(told)
    }
    if (what === 'sync') tell(onSync, { type: 'sync', items: this.items }, this.items)
    else if (what === 'change') tell(onChange, detail, detail)
    else if (what === 'event') tell(onEvent, { type: 'event', event: detail }, detail)
    else if (what === 'reset') tell(onReset, { type: 'reset', reason: detail }, detail)
    else {
      for (const tap of [...this.#taps]) tap.end(detail)
      if (this.#feed.state === 'refused' && !this.#left && onRefused) guarded(onRefused, detail)
    }
  }
}

/** What one who iterates has not taken yet. */
class Tap {
  #queue = []
  #waiting = []
  #ended = false
  #error
  #remove

  constructor(remove) {
    this.#remove = remove
  }

  put(told) {
    if (this.#waiting.length > 0) this.#waiting.shift().resolve({ value: told, done: false })
    else if (this.#queue.length < MOST_WAITING) this.#queue.push(told)
    else this.end(new MillraceError('behind', `more than ${MOST_WAITING} changes wait for who iterates`))
  }

  end(error) {
    this.#remove()
    this.#ended = true
    this.#error = error
    for (const each of this.#waiting.splice(0)) this.next().then(each.resolve, each.reject)
  }

  async next() {
    if (this.#queue.length > 0) return { value: this.#queue.shift(), done: false }
    if (!this.#ended) return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
    const error = this.#error
    this.#error = undefined
    if (error) throw error
    return { value: undefined, done: true }
  }

  async return() {
    this.#queue = []
    this.end()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator]() {
    return this
  }
}

/** Calls what is not ours: what it throws is nobody's business here, and yet is not swallowed. */
export function guarded(callback, ...details) {
  try {
    callback(...details)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** Not crypto.randomUUID, which pages have on https only. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
