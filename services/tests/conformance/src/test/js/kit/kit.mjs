// What the scenarios are written with.
import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { registerWorker, version } from '../sdk.mjs'

/** Where the node under test listens. */
export const at = {
  workers: process.env.WORKERS_URL,
  gateway: process.env.GATEWAY_URL,
  http: process.env.HTTP_URL,
  admin: process.env.ADMIN_URL,
}

export const scenarios = []
const opened = []
const run = randomUUID().slice(0, 8)

/** A scenario, for all versions of the client or for those given. */
export function scenario(name, versions, body) {
  const only = typeof versions === 'function' ? [version] : versions
  if (only.includes(version)) {
    scenarios.push({ name, run: typeof versions === 'function' ? versions : body })
  }
}

/** A name that no other scenario, version or earlier run uses. */
export const unique = (name) => `${name}-${run}-${version}`

/** Connects a worker with the unmodified client; it leaves with the scenario. */
export function worker(options = {}) {
  const { url = at.workers, ...rest } = options
  const client = registerWorker(url, {
    invocationTimeoutMs: 15_000,
    reconnectionConfig: { initialDelayMs: 50, maxDelayMs: 400 },
    ...rest,
  })
  opened.push(() => client.shutdown())
  return client
}

/** To be done when the scenario ends, however it ends. */
export const later = (action) => opened.push(action)

export async function leave() {
  for (const close of opened.splice(0).reverse()) {
    try {
      await close()
    } catch (error) {
      console.log('while leaving:', error)
    }
  }
}

/** Returns when the node has taken in all that this client registered so far: frames are taken in order. */
export const settled = (client) => client.trigger({ function_id: 'state::list_groups', payload: {} })

export const call = (client, function_id, payload, more = {}) => client.trigger({ function_id, payload, ...more })

/** Some fields of an object: we add to what the original answers. */
export const fields = (object, ...names) => Object.fromEntries(names.map((name) => [name, object[name]]))

/** The error a promise fails with. */
export async function refusal(promise) {
  let value
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new Error(`not refused, but answered: ${JSON.stringify(value)}`)
}

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis))

/** Waits until a check gives something true (it may also throw meanwhile), and gives that. */
export async function eventually(check, millis = 20_000) {
  const end = performance.now() + millis
  for (;;) {
    let thrown
    try {
      const value = await check()
      if (value) return value
    } catch (error) {
      thrown = error
    }
    if (performance.now() > end) throw thrown ?? new Error(`not within ${millis} ms: ${check}`)
    await pause(15)
  }
}

/** Collects what a handler or a socket is given. */
export class Inbox {
  items = []

  take = (item) => {
    this.items.push(item)
  }

  /** Waits until there are this many. */
  async count(wanted, millis = 20_000) {
    try {
      await eventually(() => this.items.length >= wanted, millis)
    } catch {
      throw new Error(`${this.items.length} of ${wanted} came: ${JSON.stringify(this.items)}`)
    }
    return this.items
  }

  /** Waits for one that fits. */
  async one(fits, millis = 20_000) {
    try {
      return await eventually(() => this.items.find(fits), millis)
    } catch {
      throw new Error(`none of these fits ${fits}: ${JSON.stringify(this.items)}`)
    }
  }
}

/** A request to the node's HTTP triggers. */
export async function request(method, path, { json, body, headers = {} } = {}) {
  const response = await fetch(at.http + path, {
    method,
    headers: json === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body: json === undefined ? body : JSON.stringify(json),
    duplex: 'half',
  })
  const text = await response.text()
  let parsed
  try {
    parsed = JSON.parse(text)
  } catch {
    parsed = undefined
  }
  return { status: response.status, headers: response.headers, text, json: parsed }
}

/** A raw client of the stream gateway, as browsers are; gives its frames to an inbox. */
export async function subscriber(path = '/', options = {}) {
  const socket = new WebSocket(at.gateway + path, options)
  const inbox = new Inbox()
  socket.on('message', (data) => inbox.take(JSON.parse(data.toString())))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  later(() => socket.terminate())
  const join = (data) => socket.send(JSON.stringify({ type: 'join', data }))
  const leaveIt = (data) => socket.send(JSON.stringify({ type: 'leave', data }))
  return { socket, inbox, join, leave: leaveIt }
}
