import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { WebSocket } from 'ws'
import { connect } from 'millrace-client'
import { FakeNode, change, event, frame, happening, sync, until } from './fake-node.js'

let node
beforeEach(async () => {
  node = await FakeNode.start()
})
afterEach(() => node.close())

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

test('an address is joined once, however many subscribe, and left with the last', async () => {
  const client = node.connect()
  const [one, two] = [client.subscribe('s', 'g'), client.subscribe('s', 'g')]
  const join = await node.next()
  const { subscriptionId, ...rest } = join.data
  assert.match(subscriptionId, UUID)
  assert.deepEqual([join.type, rest], ['join', { streamName: 's', groupId: 'g', cursors: true }])
  node.tell(sync([{ id: 'a' }]))
  await Promise.all([one.ready, two.ready])
  let synced = 0
  const three = client.subscribe('s', 'g', { onSync: (items) => (synced = items.size) })
  await three.ready
  assert.deepEqual([one.items, synced], [three.items, 1])
  one.leave()
  one.leave()
  two.leave()
  assert.deepEqual([one.state, three.state], ['left', 'live'])
  three.leave()
  assert.deepEqual(await node.next(), { type: 'leave', data: { subscriptionId, streamName: 's', groupId: 'g' } })
  client.subscribe('s', 'g')
  assert.notEqual((await node.next()).data.subscriptionId, subscriptionId)
  assert.equal(node.unread.length, 0)
})

test('the terms of a subscription are asked for, and are those of all to its address', async () => {
  const client = node.connect()
  client.subscribe('s', 'g', { item: '', mode: 'latest', interval: 200 })
  const { subscriptionId, ...rest } = (await node.next()).data
  assert.deepEqual(rest, { streamName: 's', groupId: 'g', id: '', cursors: true, mode: 'latest', interval: 200 })
  assert.throws(() => client.subscribe('s', 'g', { item: '' }), /mode: every 0 \(expected: latest 200/)
  assert.throws(() => client.subscribe('s', 'g', { mode: 'some' }), RangeError)
  assert.throws(() => client.subscribe('s', 'g', { interval: 5 }), RangeError)
})

for (const [code, drop] of [
  [1001, (socket) => socket.close(1001)],
  [1006, (socket) => socket.terminate()],
  [1013, (socket) => socket.close(1013)],
]) {
  test(`after ${code} all is joined again, from where it was`, async () => {
    const client = node.connect()
    const events = []
    const known = client.subscribe('s', 'g', { onEvent: ({ type }) => events.push(type) })
    const id = (await node.next()).data.subscriptionId
    node.tell(sync([], { cursor: 'c1' }), change('create', { id: 'a' }, { at: 2, cursor: 'c2' }))
    node.tell(event('e', 1, { at: 3, cursor: 'c3' }))
    await until(() => known.cursor === 'c3')
    const fresh = client.subscribe('s', 'other')
    await node.next()
    const lost = happening(client, 'close')
    drop(node.socket)
    assert.equal((await lost).code, code)
    assert.deepEqual([client.state, known.state, fresh.state], ['reconnecting', 'waiting', 'waiting'])
    const [first, second] = [await node.next(), await node.next()]
    assert.deepEqual(first.data, { subscriptionId: id, streamName: 's', groupId: 'g', cursors: true, cursor: 'c3' })
    assert.deepEqual([second.data.groupId, second.data.cursor], ['other', undefined])
    assert.deepEqual([known.state, fresh.state], ['resuming', 'joining'])
    node.tell(event('f', 2, { at: 4, cursor: 'c4' }), sync([], { group: 'other', cursor: 'o1' }))
    await fresh.ready
    assert.deepEqual([known.state, known.cursor, [...known.items.keys()]], ['live', 'c4', ['a']])
    assert.deepEqual(events, ['e', 'f'])
  })
}

test('a reset before its sync is not resumed from', async () => {
  const client = node.connect()
  const subscription = client.subscribe('s', 'g')
  await node.next()
  node.tell(sync([], { cursor: 'c1' }))
  await subscription.ready
  node.tell(frame({ type: 'reset', reason: 'unknown' }, { cursor: 'c2' }))
  await until(() => subscription.state === 'joining')
  node.socket.terminate()
  assert.equal((await node.next()).data.cursor, undefined)
})

test('after three closes as against the rules the client gives up and says why', async () => {
  const client = node.connect()
  const subscription = client.subscribe('s', 'g')
  const iteration = subscription[Symbol.asyncIterator]().next()
  node.onMessage = (_, socket) => socket.close(1008, 'too many')
  const error = await happening(client, 'error')
  assert.equal(error.code, 'rejected')
  assert.match(error.message, /1008 too many/)
  assert.deepEqual([client.state, subscription.state, node.sockets.length], ['closed', 'closed', 3])
  await assert.rejects(subscription.ready, { code: 'rejected' })
  await assert.rejects(iteration, { code: 'rejected' })
  assert.throws(() => client.subscribe('s', 'g'), { code: 'closed' })
})

test('waits double up to the longest, and are at random below that', async () => {
  const url = node.url
  node.close()
  const chances = [1, 1, 1, 1, 1, 0.5, 0]
  const client = connect(url, { WebSocket, backoff: { min: 1, max: 8, random: () => chances.shift() ?? 1 } })
  const delays = []
  client.on('reconnecting', ({ delay }) => delays.push(delay))
  await until(() => delays.length >= 7)
  client.close()
  assert.deepEqual(delays.slice(0, 7), [1, 2, 4, 8, 8, 4, 0])
})

test('once something is heard the waits are short again', async () => {
  const client = node.connect({ backoff: { min: 1, max: 1_000_000, random: () => 1 } })
  const attempts = []
  client.on('reconnecting', ({ attempt }) => attempts.push(attempt))
  client.subscribe('s', 'g')
  node.onMessage = (_, socket) => {
    if (attempts.length === 2) node.tell(sync([]))
    socket.close(1013)
  }
  await until(() => attempts.length >= 4)
  assert.deepEqual(attempts.slice(0, 4), [1, 2, 1, 2])
})

test('a connection that has gone silent is given up', async () => {
  const client = node.connect({ silence: 40 })
  const subscription = client.subscribe('s', 'g')
  await node.next()
  node.tell(sync([], { cursor: 'c1' }))
  await subscription.ready
  // From here on this socket says nothing, nor does it answer a close.
  node.socket.pause()
  const { reason } = await happening(client, 'close')
  assert.equal(reason, 'silence')
  assert.equal((await node.next()).data.cursor, 'c1')
})

test('who was told no cursor may be told nothing for long', async () => {
  const calm = node.connect({ silence: 20 })
  calm.subscribe('s', 'calm')
  await node.next()
  node.tell(sync([], { group: 'calm' }))
  calm.on('close', () => assert.fail('given up'))
  const anxious = node.connect({ silence: 20 })
  let losses = 0
  anxious.on('close', () => losses++)
  node.onMessage = () => node.tell(sync([], { cursor: 'c1' }))
  anxious.subscribe('s', 'g')
  await until(() => losses >= 3)
})

test('a closed client ends what it has begun', async () => {
  const client = node.connect()
  const [ready, not] = [client.subscribe('s', 'g'), client.subscribe('s', 'other')]
  await node.next()
  node.tell(sync([]))
  await ready.ready
  const iteration = ready[Symbol.asyncIterator]().next()
  const socket = node.socket
  const ended = new Promise((resolve) => socket.on('close', resolve))
  client.close()
  client.close()
  assert.deepEqual(await iteration, { value: undefined, done: true })
  await assert.rejects(not.ready, { code: 'closed' })
  assert.equal(await ended, 1000)
  assert.deepEqual([client.state, ready.state], ['closed', 'closed'])
})

test('a subscriber that throws disturbs nobody else and is heard of', async () => {
  const thrown = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve))
  const client = node.connect()
  let told = false
  client.subscribe('s', 'g', {
    onSync: () => {
      throw new Error('mine')
    },
  })
  client.subscribe('s', 'g', { onSync: () => (told = true) })
  await node.next()
  node.tell(sync([]))
  assert.equal((await thrown).message, 'mine')
  assert.ok(told)
  process.setUncaughtExceptionCaptureCallback(null)
})

test('without a WebSocket it says what it lacks', () => {
  assert.throws(() => connect('ws://localhost', { WebSocket: null }), /WebSocket: missing \(expected: /)
})
