import assert from 'node:assert/strict'
import { call, scenario, subscriber, unique, worker } from '../kit/kit.mjs'

const stream_name = unique('compressed')
const large = 'all work and no play, '.repeat(500)

scenario('a client that offers permessage-deflate gets the same frames as one that does not', async () => {
  const iii = worker()
  await call(iii, 'stream::set', { stream_name, group_id: 'g', item_id: '0', data: { id: '0', large } })
  const path = `/stream/${stream_name}/g`
  const clients = [
    await subscriber(path),
    await subscriber(path),
    await subscriber(path, { perMessageDeflate: { serverMaxWindowBits: 10 } }), // which we cannot do
    await subscriber(path, { perMessageDeflate: false }),
  ]
  assert.deepEqual(
    clients.map(({ socket }) => socket.extensions),
    ['permessage-deflate', 'permessage-deflate', '', ''],
  )
  await Promise.all(clients.map(({ inbox }) => inbox.count(1)))
  for (let i = 1; i <= 20; i++) {
    await call(iii, 'stream::set', { stream_name, group_id: 'g', item_id: '1', data: { id: '1', i, large } })
  }
  await call(iii, 'stream::set', { stream_name, group_id: 'g', item_id: '2', data: 'short' })
  const told = await Promise.all(clients.map(({ inbox }) => inbox.count(22)))
  for (const frames of told) {
    assert.deepEqual(frames[0].event, { type: 'sync', data: [{ id: '0', large }] })
    assert.deepEqual(frames.slice(1), told[0].slice(1))
  }
})

scenario('what such a client sends may be compressed too', async () => {
  const { socket, inbox, join } = await subscriber('/', { perMessageDeflate: { threshold: 0 } })
  for (const subscriptionId of ['a', 'b', 'c']) {
    join({ subscriptionId, streamName: stream_name, groupId: 'empty', filler: large })
  }
  for (const { event } of await inbox.count(3)) {
    assert.deepEqual(event, { type: 'sync', data: [] })
  }
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.send('a'.repeat(1_000_000)) // a few hundred bytes on the wire
  assert.equal(await closed, 1009)
})
