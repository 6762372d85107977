// The worker's client as the scenarios know it, and the clients of streams that they are about.
import { register } from 'node:module'
import { WebSocket } from 'ws'

export { registerWorker, TriggerAction } from 'iii-sdk'

export const version = 'clients'

/** What browsers have: an error that nobody listens for ends nothing but the socket. */
globalThis.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args)
    this.on('error', () => {})
  }
}
// The oldest of them was made for bundlers, which find modules whose names end too early.
register('./bundler.mjs', import.meta.url)

/** The legacy clients by name, each with the class that its package offers. */
export const legacy = {
  'browser 0.2.2': (await import('stream-client-browser-0.2.2')).Stream,
  'browser 0.17.14': (await import('@motiadev/stream-client-browser')).Stream,
  'node 0.17.6': (await import('@motiadev/stream-client-node')).Stream,
}
