import assert from 'node:assert/strict'
import { call, eventually, Inbox, scenario, settled, unique, worker } from '../kit/kit.mjs'

/** Registers a handler for a trigger and gives what it receives. */
async function handled(iii, type, config, { metadata, handler } = {}) {
  const inbox = new Inbox()
  const function_id = unique(`on-${type}-${Math.random()}`)
  iii.registerFunction(function_id, async (event, given) => {
    inbox.take(metadata ? { event, given } : event)
    return handler?.(event)
  })
  const trigger = iii.registerTrigger({ type, function_id, config, metadata })
  await settled(iii)
  return { inbox, trigger }
}

const set = (iii, scope, key, value) => call(iii, 'state::set', { scope, key, value })

scenario('a state trigger is told of every change of its scope, with old and new value', async () => {
  const iii = worker()
  const scope = unique('watched')
  const { inbox } = await handled(iii, 'state', { scope })
  await set(iii, unique('other'), 'k', 1)
  await set(iii, scope, 'k', { n: 0 })
  await call(iii, 'state::update', { scope, key: 'k', ops: [{ type: 'increment', path: 'n', by: 1 }] })
  await call(iii, 'state::delete', { scope, key: 'k' })
  await call(iii, 'state::delete', { scope, key: 'k' })
  const events = await inbox.count(4)
  const told = events.map(({ type, event_type, scope, key, old_value, new_value }) => {
    return { type, event_type, scope, key, old_value, new_value }
  })
  const common = { type: 'state', scope, key: 'k' }
  assert.deepEqual(told, [
    { ...common, event_type: 'state:created', old_value: null, new_value: { n: 0 } },
    { ...common, event_type: 'state:updated', old_value: { n: 0 }, new_value: { n: 1 } },
    { ...common, event_type: 'state:deleted', old_value: { n: 1 }, new_value: null },
    { ...common, event_type: 'state:deleted', old_value: null, new_value: null },
  ])
  assert.equal(inbox.items.length, 4)
})

scenario('a state trigger on one key is told of that key only', async () => {
  const iii = worker()
  const scope = unique('one-key')
  const { inbox } = await handled(iii, 'state', { scope, key: 'mine' })
  for (const key of ['other', 'mine', 'mine2', '', 'mine']) await set(iii, scope, key, key)
  await inbox.count(2)
  assert.deepEqual(inbox.items.map((event) => event.key), ['mine', 'mine'])
})

scenario('changes of one key arrive in order, and each has a greater version', async () => {
  const iii = worker()
  const scope = unique('ordered')
  const { inbox } = await handled(iii, 'state', { scope })
  const writes = []
  for (let n = 0; n < 200; n++) writes.push(await set(iii, scope, `k${n % 4}`, n))
  const events = await inbox.count(200)
  for (const key of ['k0', 'k1', 'k2', 'k3']) {
    const mine = events.filter((event) => event.key === key)
    assert.deepEqual(mine.map((event) => event.new_value), Array.from({ length: 50 }, (_, i) => i * 4 + Number(key[1])))
    mine.reduce((before, event) => (assert.ok(event.version > before), event.version), 0)
  }
})

scenario('two handlers of one scope both have every change', async () => {
  const [one, two] = [worker(), worker()]
  const scope = unique('both')
  const handlers = [await handled(one, 'state', { scope }), await handled(two, 'state', { scope })]
  for (let n = 0; n < 20; n++) await set(one, scope, `k${n}`, n)
  for (const { inbox } of handlers) {
    const events = await inbox.count(20)
    assert.deepEqual(events.map((event) => event.new_value).sort((a, b) => a - b), Array.from({ length: 20 }, (_, i) => i))
  }
})

scenario('only a condition that gives false itself skips a change', async () => {
  const iii = worker()
  const scope = unique('condition')
  const condition_function_id = unique('condition-of-state')
  const asked = new Inbox()
  iii.registerFunction(condition_function_id, async (event) => {
    asked.take(event)
    return event.new_value.answer
  })
  const { inbox } = await handled(iii, 'state', { scope, condition_function_id })
  const answers = [false, true, null, 0, '', { ok: false }, false, 'end']
  for (const [n, answer] of answers.entries()) await set(iii, scope, 'k', { n, answer })
  await inbox.one((event) => event.new_value.answer === 'end')
  assert.deepEqual(inbox.items.map((event) => event.new_value.n), [1, 2, 3, 4, 5, 7])
  assert.equal(asked.items.length, 8)
})

scenario('metadata of a trigger is the second argument of its handler', ['0.22.1'], async () => {
  const iii = worker()
  const scope = unique('metadata')
  const { inbox } = await handled(iii, 'state', { scope }, { metadata: { tenant: 7 } })
  await set(iii, scope, 'k', 1)
  const [{ event, given }] = await inbox.count(1)
  assert.equal(event.new_value, 1)
  assert.deepEqual(given, { tenant: 7 })
})

scenario('a handler that fails is given the change again, and other keys do not wait for it', async () => {
  const iii = worker()
  const scope = unique('retried')
  const failed = new Set()
  const { inbox } = await handled(iii, 'state', { scope }, {
    handler: ({ key, new_value }) => {
      if (key === 'bad' && !failed.has(new_value)) {
        failed.add(new_value)
        throw new Error('not yet')
      }
    },
  })
  for (let n = 0; n < 3; n++) {
    await set(iii, scope, 'bad', n)
    await set(iii, scope, 'good', n)
  }
  await inbox.one(({ key, new_value }) => key === 'good' && new_value === 2)
  await eventually(() => inbox.items.filter(({ key }) => key === 'bad').length >= 6)
  assert.deepEqual(inbox.items.filter(({ key }) => key === 'bad').map((event) => event.new_value), [0, 0, 1, 1, 2, 2])
})

scenario('an unregistered trigger is told nothing more', async () => {
  const iii = worker()
  const scope = unique('unregistered')
  const gone = await handled(iii, 'state', { scope })
  const stays = await handled(iii, 'state', { scope })
  await set(iii, scope, 'k', 1)
  await gone.inbox.count(1)
  gone.trigger.unregister()
  await settled(iii)
  await set(iii, scope, 'k', 2)
  await stays.inbox.count(2)
  assert.equal(gone.inbox.items.length, 1)
})

scenario('a trigger that is not durable is told of changes too', async () => {
  const iii = worker()
  const scope = unique('live')
  const { inbox } = await handled(iii, 'state', { scope, durable: false })
  for (let n = 0; n < 20; n++) await set(iii, scope, 'k', n)
  const events = await inbox.count(20)
  assert.deepEqual(events.map((event) => event.new_value), Array.from({ length: 20 }, (_, i) => i))
})

scenario('a stream trigger is told of created, updated, deleted and sent items', async () => {
  const iii = worker()
  const stream_name = unique('stream')
  const { inbox } = await handled(iii, 'stream', { stream_name })
  const at = { stream_name, group_id: 'g', item_id: 'i' }
  await call(iii, 'stream::set', { ...at, data: { n: 1 } })
  await call(iii, 'stream::set', { ...at, data: { n: 2 } })
  await call(iii, 'stream::delete', at)
  await call(iii, 'stream::send', { stream_name, group_id: 'g', type: 'hello', data: 3 })
  await inbox.count(4)
  const changes = inbox.items.filter(({ event }) => event.type !== 'event')
  assert.deepEqual(changes.map(({ event }) => event), [
    { type: 'create', data: { n: 1 } },
    { type: 'update', data: { n: 2 } },
    { type: 'delete', data: { n: 2 } },
  ])
  for (const { type, streamName, groupId, id, timestamp } of changes) {
    assert.deepEqual({ type, streamName, groupId, id }, { type: 'stream', streamName: stream_name, groupId: 'g', id: 'i' })
    assert.ok(timestamp > 1_600_000_000_000)
  }
  const sent = await inbox.one(({ event }) => event.type === 'event')
  assert.deepEqual([sent.id, sent.event], [null, { type: 'event', event: { type: 'hello', data: 3 } }])
})

scenario('a stream trigger may be for one group and one item', async () => {
  const iii = worker()
  const stream_name = unique('filtered')
  const group = await handled(iii, 'stream', { stream_name, group_id: 'g', item_id: '' })
  const item = await handled(iii, 'stream', { stream_name, group_id: 'g', item_id: 'i' })
  for (const [group_id, item_id] of [['h', 'i'], ['g', 'j'], ['g', 'i'], ['g', 'i']]) {
    await call(iii, 'stream::set', { stream_name, group_id, item_id, data: { group_id, item_id } })
  }
  await call(iii, 'stream::send', { stream_name, group_id: 'g', type: 't', data: null })
  await item.inbox.count(2)
  await group.inbox.count(4)
  assert.deepEqual(item.inbox.items.map((frame) => frame.id), ['i', 'i'])
  assert.ok(group.inbox.items.every((frame) => frame.groupId === 'g'))
})

scenario('a trigger whose config does not fit is refused with a word to its worker', ['0.22.1'], async () => {
  const iii = worker()
  const said = new Inbox()
  const { error } = console
  console.error = (...words) => said.take(words)
  try {
    iii.registerTrigger({ type: 'stream', function_id: unique('f'), config: { group_id: 'g' } })
    iii.registerTrigger({ type: 'state', function_id: unique('f'), config: { scope: 7 } })
    await settled(iii)
    await said.count(2)
  } finally {
    console.error = error
  }
  assert.match(JSON.stringify(said.items), /trigger/i)
})

scenario('a trigger whose worker is away misses nothing', async () => {
  const scope = unique('away')
  const config = { scope, subscription: unique('away') }
  const function_id = unique('away-handler')
  const [first, writer] = [worker(), worker()]
  const before = new Inbox()
  first.registerFunction(function_id, before.take)
  first.registerTrigger({ type: 'state', function_id, config })
  await settled(first)
  await set(writer, scope, 'k', 0)
  await before.count(1)
  await first.shutdown()
  for (let n = 1; n <= 20; n++) await set(writer, scope, 'k', n)
  const after = new Inbox()
  const second = worker()
  second.registerFunction(function_id, after.take)
  second.registerTrigger({ type: 'state', function_id, config })
  const last = await after.one((event) => event.new_value === 20)
  assert.ok(last)
  const values = after.items.map((event) => event.new_value).filter((n) => n > 0)
  assert.deepEqual(values, Array.from({ length: 20 }, (_, i) => i + 1))
})
