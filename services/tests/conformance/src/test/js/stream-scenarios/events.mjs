// Server-sent events as an unmodified EventSource gets them.
import assert from 'node:assert/strict'
import { EventSource } from 'eventsource'
import { at, call, eventually, fields, Inbox, later, scenario, settled, unique, worker } from '../kit/kit.mjs'

const url = (...names) => `${at.gateway.replace(/^ws/, 'http')}/stream/${names.map(encodeURIComponent).join('/')}`

function open(address) {
  const source = new EventSource(address)
  later(() => source.close())
  const inbox = new Inbox()
  source.onmessage = ({ data, lastEventId }) => inbox.take({ ...JSON.parse(data), lastEventId })
  return { source, inbox }
}

scenario('each frame is a message, whose id is its cursor', async () => {
  const iii = worker()
  const place = { stream_name: unique('events'), group_id: 'a b/c' }
  const { inbox } = open(url(place.stream_name, place.group_id))
  await inbox.count(1)
  await call(iii, 'stream::set', { ...place, item_id: 'i', data: { text: 'one\ntwo' } })
  await call(iii, 'stream::send', { ...place, type: 'ring', data: 1 })
  await call(iii, 'stream::delete', { ...place, item_id: 'i' })
  const frames = await inbox.count(4)
  assert.deepEqual(
    frames.map((frame) => fields(frame, 'streamName', 'groupId', 'id', 'event')),
    [
      { id: null, event: { type: 'sync', data: [] } },
      { id: 'i', event: { type: 'create', data: { text: 'one\ntwo' } } },
      { id: null, event: { type: 'event', event: { type: 'ring', data: 1 } } },
      { id: 'i', event: { type: 'delete', data: { text: 'one\ntwo' } } },
    ].map((frame) => ({ streamName: place.stream_name, groupId: place.group_id, ...frame })),
  )
  assert.equal(new Set(frames.map(({ lastEventId }) => lastEventId)).size, 4)
})

scenario('a stream that its join trigger finds unauthorized does not begin', async () => {
  const iii = worker()
  const stream_name = unique('closed-events')
  const function_id = unique('guard')
  iii.registerFunction(function_id, async ({ group_id }) => ({ unauthorized: group_id === 'secret' }))
  iii.registerTrigger({ type: 'stream:join', function_id, config: { stream_name } })
  await settled(iii)
  const { source, inbox } = open(url(stream_name, 'secret'))
  const error = await new Promise((resolve) => source.addEventListener('error', resolve))
  assert.equal(error.code, 403)
  await eventually(() => source.readyState === EventSource.CLOSED)
  assert.deepEqual(inbox.items, [])
  await open(url(stream_name, 'open')).inbox.count(1)
})

scenario('a reader that closes has left', async () => {
  const iii = worker()
  const stream_name = unique('left-events')
  const left = new Inbox()
  const function_id = unique('left')
  iii.registerFunction(function_id, async (visit) => left.take(visit))
  iii.registerTrigger({ type: 'stream:leave', function_id, config: { stream_name } })
  await settled(iii)
  const { source, inbox } = open(url(stream_name, 'g', 'i'))
  await inbox.count(1)
  source.close()
  await left.count(1)
  assert.deepEqual(fields(left.items[0], 'stream_name', 'group_id', 'id'), { stream_name, group_id: 'g', id: 'i' })
})
