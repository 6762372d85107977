// Readers that come back to a node that was killed: each change once, in order, after one snapshot.
import assert from 'node:assert/strict'
import { EventSource } from 'eventsource'
import { WebSocket } from 'ws'
import { at, call, eventually, Inbox, later, pause, scenario, unique, worker } from '../kit/kit.mjs'
import { ask } from '../kit/talk.mjs'

const CHANGES = 300
const KILLS = 2
const LONG = 90_000

/** A browser's own means: nothing but an EventSource. */
function eventSource(path, inbox) {
  const source = new EventSource(at.gateway.replace(/^ws/, 'http') + path)
  later(() => source.close())
  source.onmessage = ({ data }) => inbox.take(JSON.parse(data).event)
}

/** A socket that comes back with the last cursor it was told. */
function resumingSocket(path, inbox) {
  let cursor = ''
  let closed = false
  let socket
  const connect = () => {
    socket = new WebSocket(`${at.gateway}${path}?cursors=true&cursor=${cursor}`)
    socket.on('message', (data) => {
      const frame = JSON.parse(data)
      cursor = frame.cursor ?? cursor
      if (frame.event.type !== 'cursor') inbox.take(frame.event)
    })
    socket.on('error', () => {})
    socket.on('close', () => closed || setTimeout(connect, 100))
  }
  connect()
  later(() => {
    closed = true
    socket.terminate()
  })
}

/** Sets one item to 1, 2, 3 and so on, each again under its mutation id until the node has it. */
async function write(place, from, to) {
  const iii = worker()
  for (let n = from; n <= to; n++) {
    const set = { ...place, item_id: 'i', data: n, mutation_id: `${place.stream_name}-${n}` }
    await eventually(() => call(iii, 'stream::set', set, { timeoutMs: 5_000 }), LONG)
    await pause(5)
  }
}

scenario('an EventSource and a socket with cursors have every change once, whatever dies', async () => {
  const place = { stream_name: unique('resumed'), group_id: 'g' }
  const path = `/stream/${encodeURIComponent(place.stream_name)}/g`
  const inboxes = [new Inbox(), new Inbox()]
  eventSource(path, inboxes[0])
  resumingSocket(path, inboxes[1])
  await Promise.all(inboxes.map((inbox) => inbox.count(1, LONG)))
  const writing = write(place, 1, CHANGES)
  for (let kill = 1; kill <= KILLS; kill++) {
    const reached = (CHANGES * kill) / (KILLS + 2)
    await eventually(() => inboxes.every((inbox) => inbox.items.length > reached), LONG)
    await ask('restart the node')
  }
  await writing
  for (const inbox of inboxes) {
    const events = await inbox.count(CHANGES + 1, LONG)
    assert.deepEqual(events[0], { type: 'sync', data: [] })
    assert.deepEqual(events.slice(1).map(({ data }) => data), Array.from({ length: CHANGES }, (_, i) => i + 1))
    assert.deepEqual(new Set(events.slice(1).map(({ type }) => type)), new Set(['create', 'update']))
  }
})
