import assert from 'node:assert/strict'
import { TriggerAction } from '../sdk.mjs'
import { call, fields, refusal, scenario, subscriber, unique, worker } from '../kit/kit.mjs'

const stream_name = unique('stream')

scenario('items are set, read, listed and deleted', async () => {
  const iii = worker()
  const at = { stream_name, group_id: 'g', item_id: 'i' }
  assert.equal(await call(iii, 'stream::get', at), undefined)
  const set = await call(iii, 'stream::set', { ...at, data: { id: 'i', n: 1 } })
  assert.deepEqual(fields(set, 'old_value', 'new_value'), {
    old_value: null,
    new_value: { id: 'i', n: 1 },
  })
  assert.deepEqual(await call(iii, 'stream::get', at), { id: 'i', n: 1 })
  const ops = [{ type: 'increment', path: 'n', by: 4 }]
  assert.deepEqual((await call(iii, 'stream::update', { ...at, ops })).new_value, { id: 'i', n: 5 })
  assert.deepEqual(await call(iii, 'stream::list', { stream_name, group_id: 'g' }), [{ id: 'i', n: 5 }])
  assert.deepEqual(await call(iii, 'stream::list_groups', { stream_name }), ['g'])
  const all = await call(iii, 'stream::list_all', {})
  assert.equal(all.count, all.stream.length)
  assert.deepEqual(all.stream.find((each) => each.id === stream_name), { id: stream_name, groups: ['g'] })
  assert.deepEqual((await call(iii, 'stream::delete', at)).old_value, { id: 'i', n: 5 })
  assert.equal((await call(iii, 'stream::delete', at)).old_value, null)
  assert.deepEqual(await call(iii, 'stream::list', { stream_name, group_id: 'g' }), [])
})

scenario('a subscriber has the snapshot first and then every change', async () => {
  const iii = worker()
  const group_id = 'live'
  await call(iii, 'stream::set', { stream_name, group_id, item_id: '1', data: { id: '1' } })
  const { inbox, join } = await subscriber('/')
  join({ subscriptionId: 's', streamName: stream_name, groupId: group_id })
  await inbox.count(1)
  await call(iii, 'stream::set', { stream_name, group_id, item_id: '2', data: { id: '2' } })
  await call(iii, 'stream::set', { stream_name, group_id, item_id: '2', data: { id: '2', again: true } })
  await call(iii, 'stream::delete', { stream_name, group_id, item_id: '1' })
  await call(iii, 'stream::send', { stream_name, group_id, type: 'typing', data: { who: 'me' } })
  const frames = await inbox.count(5)
  assert.deepEqual(
    frames.map(({ type, streamName, groupId, id, event }) => ({ type, streamName, groupId, id, event })),
    [
      { id: null, event: { type: 'sync', data: [{ id: '1' }] } },
      { id: '2', event: { type: 'create', data: { id: '2' } } },
      { id: '2', event: { type: 'update', data: { id: '2', again: true } } },
      { id: '1', event: { type: 'delete', data: { id: '1' } } },
      { id: null, event: { type: 'event', event: { type: 'typing', data: { who: 'me' } } } },
    ].map((frame) => ({ type: 'stream', streamName: stream_name, groupId: group_id, ...frame })),
  )
})

scenario('a send is answered with null, and may be void', async () => {
  const iii = worker()
  const event = { stream_name, group_id: 'sent', type: 't', data: 1 }
  const { inbox } = await subscriber(`/stream/${encodeURIComponent(stream_name)}/sent`)
  await inbox.count(1)
  assert.equal(await call(iii, 'stream::send', event), null)
  const action = TriggerAction.Void()
  assert.equal(await call(iii, 'stream::send', { ...event, id: 'x', data: 2 }, { action }), undefined)
  await inbox.count(3)
  assert.deepEqual(inbox.items[2].event, { type: 'event', event: { type: 't', data: 2 } })
  assert.equal(inbox.items[2].id, 'x')
})

scenario('input that does not fit is refused', async () => {
  const iii = worker()
  const error = await refusal(call(iii, 'stream::set', { stream_name, group_id: 'g', item_id: 'i' }))
  assert.equal(error.code, 'deserialization_error')
})
