import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'
import { FakeNode, change, event, frame, sync, until } from './fake-node.js'

let node
let client
beforeEach(async () => {
  node = await FakeNode.start()
  client = node.connect()
})
afterEach(() => node.close())

const ids = (subscription) => [...subscription.items.keys()]

async function joined(options, data = [], rest = { at: 10, cursor: 'c0' }) {
  const told = []
  const subscription = client.subscribe('s', 'g', {
    onSync: () => told.push('sync'),
    onChange: ({ type, id }) => told.push(`${type} ${id}`),
    onEvent: ({ type }) => told.push(`event ${type}`),
    onReset: (reason) => told.push(`reset ${reason}`),
    ...options,
  })
  await node.next()
  node.tell(sync(data, { id: options?.item ?? null, ...rest }))
  await subscription.ready
  return { subscription, told }
}

/** Whatever was told before has been taken in after this. */
async function settled() {
  let seen = false
  const marks = client.subscribe('marks', 'g', { onEvent: () => (seen = true) })
  await until(() => client.state === 'open')
  node.tell(event('mark', null, { stream: 'marks' }))
  await until(() => seen)
  marks.leave()
}

test('a group is what the sync says and the changes make of it', async () => {
  const { subscription, told } = await joined({}, [{ id: 'a', n: 1 }, { id: 'b', n: 1 }])
  assert.deepEqual(ids(subscription), ['a', 'b'])
  node.tell(
    change('update', { id: 'a', n: 2 }, { at: 11 }),
    change('create', { id: 'c', n: 1 }, { at: 12 }),
    change('delete', { id: 'b', n: 1 }, { at: 13 }),
  )
  await settled()
  assert.deepEqual([...subscription.items.values()], [{ id: 'a', n: 2 }, { id: 'c', n: 1 }])
  assert.deepEqual(told, ['sync', 'update a', 'create c', 'delete b'])
})

test('an item is known by its address, whatever its value', async () => {
  const { subscription } = await joined({ item: 'x' }, 7)
  assert.deepEqual([...subscription.items], [['x', 7]])
  node.tell(frame({ type: 'delete', data: 7 }, { id: 'x', at: 11 }))
  await settled()
  assert.equal(subscription.items.size, 0)
})

test('values without an id are kept apart, in order, until the next sync', async () => {
  const { subscription } = await joined({}, [5, { id: 7 }, { id: 'a' }, null])
  assert.deepEqual(subscription.unnamed, [5, { id: 7 }, null])
  assert.deepEqual(ids(subscription), ['a'])
  node.tell(frame({ type: 'update', data: 6 }, { id: 'five', at: 11 }))
  await settled()
  assert.deepEqual([...subscription.items], [['a', { id: 'a' }], ['five', 6]])
  node.tell(sync([], { at: 12 }))
  await settled()
  assert.deepEqual([subscription.unnamed, subscription.items.size], [[], 0])
})

test('a change counts once, and none from before the sync', async () => {
  const { subscription, told } = await joined({}, [{ id: 'a', n: 1 }])
  const second = change('update', { id: 'a', n: 2 }, { at: 11 })
  const gone = change('delete', { id: 'b' }, { at: 12 })
  node.tell(change('update', { id: 'a', n: 0 }, { at: 10 }), second, second, gone)
  node.tell(change('create', { id: 'b' }, { at: 11 }), gone, second)
  await settled()
  assert.deepEqual([...subscription.items.values()], [{ id: 'a', n: 2 }])
  assert.deepEqual(told, ['sync', 'update a', 'delete b'])
})

test('a reset keeps the items until the sync replaces them', async () => {
  const { subscription, told } = await joined({}, [{ id: 'a' }])
  node.tell(frame({ type: 'reset', reason: 'too_old' }, { at: 11, cursor: 'c9' }))
  node.tell(change('create', { id: 'early' }, { at: 13, cursor: 'c10' }))
  await settled()
  assert.deepEqual([ids(subscription), subscription.state, subscription.cursor], [['a'], 'joining', undefined])
  // After an outage time may have begun anew.
  node.tell(sync([{ id: 'b' }], { at: 3, cursor: 'd1' }), change('update', { id: 'b' }, { at: 4, cursor: 'd2' }))
  await settled()
  assert.deepEqual([ids(subscription), subscription.state, subscription.cursor], [['b'], 'live', 'd2'])
  assert.deepEqual(told, ['sync', 'reset too_old', 'sync', 'update b'])
})

test('what is unknown is ignored', async () => {
  const { subscription, told } = await joined({}, [{ id: 'a' }])
  node.tell('no json', '7', 'null', '{}', { type: 'stream' }, { ...sync([]), type: 'other' })
  node.tell(frame({ type: 'surprise', data: [] }, { cursor: 'c5' }), frame({ type: 'cursor' }), sync([], { group: 'other' }))
  await settled()
  assert.deepEqual([ids(subscription), subscription.cursor, told], [['a'], 'c0', ['sync']])
})

test('events go to the group and to the item they name', async () => {
  const group = await joined({})
  const item = await joined({ item: 'a' }, null)
  node.tell(event('all', 1), event('one', 2, { id: 'a' }), event('other', 3, { id: 'b' }))
  await settled()
  assert.deepEqual(group.told, ['sync', 'event all', 'event one', 'event other'])
  assert.deepEqual(item.told, ['sync', 'event one'])
})

test('a snapshot is for its own address only', async () => {
  const group = await joined({}, [{ id: 'a', n: 1 }])
  const item = await joined({ item: 'a' }, { id: 'a', n: 2 }, { at: 20 })
  assert.deepEqual(group.subscription.items.get('a'), { id: 'a', n: 1 })
  node.tell(change('update', { id: 'a', n: 2 }, { at: 15 }))
  await settled()
  assert.deepEqual(group.subscription.items.get('a'), { id: 'a', n: 2 })
  assert.deepEqual([group.told, item.told], [['sync', 'update a'], ['sync']])
})

test('a frame that may have been told for another subscription moves no cursor', async () => {
  const group = await joined({})
  const item = await joined({ item: 'a' }, null, { at: 10, cursor: 'i0' })
  node.tell(change('create', { id: 'a' }, { at: 11, cursor: 'c1' }))
  await settled()
  assert.deepEqual([group.subscription.cursor, item.subscription.cursor], ['c0', 'i0'])
  item.subscription.leave()
  node.tell(change('update', { id: 'a' }, { at: 12, cursor: 'c2' }))
  await settled()
  assert.equal(group.subscription.cursor, 'c0')
  node.tell(change('create', { id: 'b' }, { at: 13, cursor: 'c3' }))
  await settled()
  assert.equal(group.subscription.cursor, 'c3')
  node.tell(frame({ type: 'cursor' }, { cursor: 'c4' }))
  await settled()
  assert.equal(group.subscription.cursor, 'c4')
})

test('a refused subscription ends, and may be asked for again', async () => {
  let refusal
  const subscription = client.subscribe('s', 'g', { onRefused: (error) => (refusal = error) })
  await node.next()
  node.tell(frame({ type: 'refused', reason: 'not today' }))
  await assert.rejects(subscription.ready, { code: 'refused', message: /not today/ })
  assert.deepEqual([subscription.state, refusal.code], ['refused', 'refused'])
  await assert.rejects(subscription[Symbol.asyncIterator]().next(), { code: 'refused' })
  const again = client.subscribe('s', 'g')
  assert.equal((await node.next()).type, 'join')
  node.tell(frame({ type: 'unauthorized' }))
  await assert.rejects(again.ready, { code: 'unauthorized' })
})

test('one who iterates is told all in order, and no more once it is left', async () => {
  const subscription = client.subscribe('s', 'g')
  const iteration = subscription[Symbol.asyncIterator]()
  await node.next()
  node.tell(sync([], { at: 1 }), change('create', { id: 'a' }, { at: 2, version: 2000 }), event('hello', 5, { at: 3 }))
  node.tell(frame({ type: 'reset', reason: 'behind' }))
  await settled()
  const told = []
  for await (const each of iteration) {
    told.push(each)
    if (each.type === 'reset') subscription.leave()
  }
  assert.deepEqual(told.slice(1), [
    { type: 'create', id: 'a', value: { id: 'a' }, timestamp: 2, version: 2000 },
    { type: 'event', event: { type: 'hello', data: 5, id: null, timestamp: 3 } },
    { type: 'reset', reason: 'behind' },
  ])
  assert.deepEqual([told[0].type, subscription.state], ['sync', 'left'])
})

test('one who iterates and does not keep up is told so, after what was kept', async () => {
  const { subscription } = await joined({})
  const iteration = subscription[Symbol.asyncIterator]()
  for (let i = 0; i <= 10_000; i++) node.tell(event('tick', i))
  await settled()
  for (let i = 0; i < 10_000; i++) assert.equal((await iteration.next()).value.event.data, i)
  await assert.rejects(iteration.next(), { code: 'behind' })
  assert.equal((await iteration.next()).done, true)
})
