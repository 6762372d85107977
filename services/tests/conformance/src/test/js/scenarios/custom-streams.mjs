import assert from 'node:assert/strict'
import { createStream } from '../sdk.mjs'
import { call, Inbox, scenario, settled, subscriber, unique, worker } from '../kit/kit.mjs'

/** A stream that its worker keeps in a map. */
function kept() {
  const groups = new Map()
  const group = (id) => groups.get(id) ?? groups.set(id, new Map()).get(id)
  return {
    groups,
    async get({ group_id, item_id }) {
      return group(group_id).get(item_id) ?? null
    },
    async set({ group_id, item_id, data }) {
      const old_value = group(group_id).get(item_id)
      group(group_id).set(item_id, data)
      return { old_value, new_value: data }
    },
    async delete({ group_id, item_id }) {
      const old_value = group(group_id).get(item_id)
      group(group_id).delete(item_id)
      return { old_value }
    },
    async list({ group_id }) {
      return [...group(group_id).values()]
    },
    async listGroups() {
      return [...groups.keys()]
    },
  }
}

scenario('a stream kept by a worker is read and written through the stream functions', async () => {
  const stream_name = unique('kept')
  const keeper = worker()
  const store = kept()
  createStream(keeper, stream_name, store)
  await settled(keeper)
  const iii = worker()
  const at = { stream_name, group_id: 'g', item_id: 'i' }
  assert.deepEqual((await call(iii, 'stream::set', { ...at, data: { id: 'i' } })).new_value, { id: 'i' })
  assert.deepEqual(store.groups.get('g').get('i'), { id: 'i' })
  assert.deepEqual(await call(iii, 'stream::get', at), { id: 'i' })
  assert.deepEqual(await call(iii, 'stream::list', { stream_name, group_id: 'g' }), [{ id: 'i' }])
  assert.deepEqual(await call(iii, 'stream::list_groups', { stream_name }), ['g'])
  assert.deepEqual((await call(iii, 'stream::delete', at)).old_value, { id: 'i' })
  assert.equal(store.groups.get('g').size, 0)
})

scenario('subscribers and triggers of such a stream see its items and changes', async () => {
  const stream_name = unique('kept-live')
  const keeper = worker()
  const store = kept()
  createStream(keeper, stream_name, store)
  const events = new Inbox()
  const function_id = unique('on-kept')
  keeper.registerFunction(function_id, async (event) => events.take(event))
  keeper.registerTrigger({ type: 'stream', function_id, config: { stream_name } })
  await settled(keeper)
  await store.set({ group_id: 'g', item_id: '1', data: { id: '1' } })
  const { inbox, join } = await subscriber('/')
  join({ subscriptionId: 's', streamName: stream_name, groupId: 'g' })
  const [sync] = await inbox.count(1)
  assert.deepEqual(sync.event, { type: 'sync', data: [{ id: '1' }] })
  await call(keeper, 'stream::set', { stream_name, group_id: 'g', item_id: '2', data: { id: '2' } })
  const created = await inbox.one(({ id }) => id === '2')
  assert.deepEqual(created.event, { type: 'create', data: { id: '2' } })
  const told = await events.one(({ id }) => id === '2')
  assert.deepEqual(told.event, { type: 'create', data: { id: '2' } })
})
