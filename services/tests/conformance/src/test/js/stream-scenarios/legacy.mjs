// The legacy clients of streams, unmodified: what their users see.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { WebSocketServer } from 'ws'
import { legacy } from '../sdk.mjs'
import { at, call, eventually, Inbox, later, scenario, settled, unique, worker } from '../kit/kit.mjs'

/** A scenario for each client. */
function each(name, body) {
  for (const [client, Stream] of Object.entries(legacy)) {
    scenario(`${client}: ${name}`, () =>
      body((address = at.gateway, options) => {
        const stream = new Stream(address, options)
        later(() => stream.close())
        return stream
      }),
    )
  }
}

/** Writes items of one group. */
function group(iii, name) {
  const place = { stream_name: unique(`${name}-${Math.random()}`), group_id: 'g' }
  return {
    ...place,
    set: (item_id, data) => call(iii, 'stream::set', { ...place, item_id, data: { id: item_id, ...data } }),
    delete: (item_id) => call(iii, 'stream::delete', { ...place, item_id }),
    send: (type, data, id) => call(iii, 'stream::send', { ...place, type, data, ...(id && { id }) }),
  }
}

const becomes = (subscription, expected) =>
  eventually(() => {
    assert.deepEqual(subscription.getState(), expected)
    return true
  })

each('a group is there at once and stays as the store has it', async (connect) => {
  const items = group(worker(), 'group')
  await items.set('b', { n: 1 })
  const list = connect().subscribeGroup(items.stream_name, 'g', 'id')
  const told = new Inbox()
  list.addChangeListener(told.take)
  await becomes(list, [{ id: 'b', n: 1 }])
  await items.set('a', { n: 2 })
  await becomes(list, [{ id: 'a', n: 2 }, { id: 'b', n: 1 }])
  await items.set('b', { n: 3 })
  await becomes(list, [{ id: 'a', n: 2 }, { id: 'b', n: 3 }])
  await items.delete('a')
  await becomes(list, [{ id: 'b', n: 3 }])
  for (let n = 1; n <= 50; n++) await items.set(`c${n % 5}`, { n })
  await becomes(list, [{ id: 'b', n: 3 }, ...[50, 46, 47, 48, 49].map((n) => ({ id: `c${n % 5}`, n }))])
  assert.equal(told.items.length, 54)
})

each('an item appears, changes in quick succession and is gone', async (connect) => {
  const items = group(worker(), 'item')
  const item = connect().subscribeItem(items.stream_name, 'g', 'i')
  const told = new Inbox()
  item.addChangeListener(told.take)
  await told.count(1)
  assert.equal(item.getState(), null)
  await items.set('other', {})
  for (let n = 1; n <= 50; n++) await items.set('i', { n })
  await becomes(item, { id: 'i', n: 50 })
  // None was lost for having come in the same millisecond as the one before.
  assert.deepEqual(told.items.filter(Boolean).map(({ n }) => n), Array.from({ length: 50 }, (_, i) => i + 1))
  await items.delete('i')
  await becomes(item, null)
})

each('events come once to whom they are for', async (connect) => {
  const items = group(worker(), 'events')
  const stream = connect()
  const [whole, one] = [stream.subscribeGroup(items.stream_name, 'g'), stream.subscribeItem(items.stream_name, 'g', 'i')]
  const [toWhole, toOne, synced] = [new Inbox(), new Inbox(), new Inbox()]
  whole.addChangeListener(synced.take)
  one.addChangeListener(synced.take)
  await synced.count(2)
  whole.onEvent('ring', toWhole.take)
  one.onEvent('ring', toOne.take)
  await items.send('ring', 1)
  await items.send('ring', 2, 'i')
  await items.send('other', 3, 'i')
  await items.send('ring', 4)
  await toWhole.count(3)
  assert.deepEqual(toWhole.items, [1, 2, 4])
  assert.deepEqual(toOne.items, [2])
})

each('who closes a subscription has left, and the others go on', async (connect) => {
  const iii = worker()
  const items = group(iii, 'leave')
  const left = new Inbox()
  const function_id = unique(`left-${Math.random()}`)
  iii.registerFunction(function_id, async (visit) => left.take(visit))
  iii.registerTrigger({ type: 'stream:leave', function_id, config: { stream_name: items.stream_name } })
  await settled(iii)
  const stream = connect()
  const [whole, one] = [stream.subscribeGroup(items.stream_name, 'g'), stream.subscribeItem(items.stream_name, 'g', 'i')]
  const synced = new Inbox()
  one.addChangeListener(synced.take)
  await synced.count(1)
  one.close()
  await left.one(({ id }) => id === 'i')
  await items.set('i', { n: 1 })
  await becomes(whole, [{ id: 'i', n: 1 }])
  assert.equal(one.getState(), null)
  stream.close()
  await left.count(2)
})

each('what it does not know leaves it as it was', async (connect) => {
  const head = { type: 'stream', timestamp: Date.now(), streamName: 's', groupId: 'g', id: null }
  const frame = (event, more = {}) => JSON.stringify({ ...head, timestamp: head.timestamp++, event, ...more })
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  later(() => server.close())
  await once(server, 'listening')
  server.on('connection', (socket) => {
    later(() => socket.terminate())
    socket.once('message', () => {
      socket.send(frame({ type: 'sync', data: [{ id: 'a', n: 1 }] }))
      socket.send(frame({ type: 'cursor' }, { cursor: 'e.0.1.0.5' }))
      socket.send(frame({ type: 'refused', reason: 'mode: fast (expected: every or latest)' }))
      socket.send(frame({ type: 'some day', data: [1] }))
      socket.send(frame({ type: 'reset', reason: 'behind' }))
      socket.send(frame({ type: 'sync', data: [{ id: 'a', n: 2 }] }))
      socket.send(frame({ type: 'update', data: { id: 'a', n: 3 } }, { id: 'a' }))
    })
  })
  const list = connect(`ws://127.0.0.1:${server.address().port}`).subscribeGroup('s', 'g')
  const told = new Inbox()
  list.addChangeListener((state) => told.take(state.map(({ n }) => n)))
  await becomes(list, [{ id: 'a', n: 3 }])
  assert.deepEqual(told.items.filter((state) => state.length > 0), [[1], [2], [3]])
})

each('a subprotocol does not keep it out', async (connect) => {
  const items = group(worker(), 'protocols')
  await items.set('a', {})
  const list = connect(at.gateway, { protocols: ['Authorization', 'token'] }).subscribeGroup(items.stream_name, 'g')
  await becomes(list, [{ id: 'a' }])
})
