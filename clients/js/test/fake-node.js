// A stream port that does what a test tells it to.
import { once } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import { connect } from 'millrace-client'

/** Frames as a node tells them. */
export const frame = (event, { id = null, at = 1, cursor, stream = 's', group = 'g', version } = {}) => ({
  type: 'stream',
  timestamp: at,
  streamName: stream,
  groupId: group,
  id,
  event,
  ...(version && { version }),
  ...(cursor && { cursor }),
})
export const sync = (data, rest) => frame({ type: 'sync', data }, rest)
export const change = (type, value, rest) => frame({ type, data: value }, { id: value.id, ...rest })
export const event = (type, data, rest) => frame({ type: 'event', event: { type, data } }, rest)

export class FakeNode {
  #server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  #arrived = []
  #awaiting = []
  #clients = []
  sockets = []
  /** Called with each message instead of keeping it. */
  onMessage = undefined

  static async start() {
    const node = new FakeNode()
    await once(node.#server, 'listening')
    return node
  }

  constructor() {
    this.#server.on('connection', (socket) => {
      this.sockets.push(socket)
      socket.on('message', (text) => this.#take(JSON.parse(text), socket))
    })
  }

  get url() {
    return `ws://127.0.0.1:${this.#server.address().port}`
  }

  /** A client of it that wastes no time. */
  connect(options = {}) {
    const client = connect(this.url, { WebSocket, backoff: { min: 1, max: 20 }, ...options })
    this.#clients.push(client)
    return client
  }

  #take(message, socket) {
    if (this.onMessage) this.onMessage(message, socket)
    else if (this.#awaiting.length > 0) this.#awaiting.shift()(message)
    else this.#arrived.push(message)
  }

  /** The next message, of whatever socket. */
  async next() {
    return this.#arrived.shift() ?? new Promise((resolve) => this.#awaiting.push(resolve))
  }

  get unread() {
    return this.#arrived
  }

  get socket() {
    return this.sockets.at(-1)
  }

  tell(...frames) {
    for (const each of frames) this.socket.send(typeof each === 'string' ? each : JSON.stringify(each))
  }

  close() {
    for (const client of this.#clients) client.close()
    for (const socket of this.sockets) socket.terminate()
    this.#server.close()
  }
}

/** Resolves with the next detail of a client's event. */
export const happening = (client, name) =>
  new Promise((resolve) => {
    const off = client.on(name, (detail) => {
      off()
      resolve(detail)
    })
  })

/** Resolves as soon as the condition holds. */
export async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1))
}
