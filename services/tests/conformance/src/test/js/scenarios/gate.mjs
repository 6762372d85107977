import assert from 'node:assert/strict'
import { call, Inbox, scenario, settled, subscriber, unique, worker } from '../kit/kit.mjs'

async function gate(iii, type, config, verdict = () => undefined) {
  const inbox = new Inbox()
  const function_id = unique(`on-${type}-${Math.random()}`)
  iii.registerFunction(function_id, async (event) => {
    inbox.take(event)
    return verdict(event)
  })
  iii.registerTrigger({ type, function_id, config })
  await settled(iii)
  return inbox
}

scenario('a join is told to its trigger before any data, and a leave after', async () => {
  const iii = worker()
  const stream_name = unique('gated')
  const joins = await gate(iii, 'stream:join', { stream_name })
  const leaves = await gate(iii, 'stream:leave', { stream_name })
  const { inbox, join, leave } = await subscriber('/')
  join({ subscriptionId: 'sub', streamName: stream_name, groupId: 'g' })
  await inbox.one(({ event }) => event.type === 'sync')
  const expected = { subscription_id: 'sub', stream_name, group_id: 'g', id: null, context: null }
  assert.deepEqual(joins.items, [expected])
  leave({ subscriptionId: 'sub', streamName: stream_name, groupId: 'g' })
  assert.deepEqual(await leaves.count(1), [expected])
})

scenario('a join that its trigger finds unauthorized gets no data', async () => {
  const iii = worker()
  const stream_name = unique('closed')
  await call(iii, 'stream::set', { stream_name, group_id: 'secret', item_id: 'i', data: 'hidden' })
  await gate(iii, 'stream:join', { stream_name }, ({ group_id }) => ({ unauthorized: group_id === 'secret' }))
  const { inbox, join } = await subscriber('/')
  join({ subscriptionId: '1', streamName: stream_name, groupId: 'secret' })
  join({ subscriptionId: '2', streamName: stream_name, groupId: 'open' })
  await inbox.count(2)
  await call(iii, 'stream::set', { stream_name, group_id: 'secret', item_id: 'j', data: 'hidden' })
  await call(iii, 'stream::set', { stream_name, group_id: 'open', item_id: 'k', data: 'shown' })
  await inbox.one(({ id }) => id === 'k')
  assert.deepEqual(inbox.items.map(({ groupId, event }) => [groupId, event.type]), [
    ['secret', 'unauthorized'],
    ['open', 'sync'],
    ['open', 'create'],
  ])
})

scenario('a socket that just dies is told as a leave, once for each subscription', async () => {
  const iii = worker()
  const stream_name = unique('dies')
  const leaves = await gate(iii, 'stream:leave', { stream_name })
  const { socket, inbox, join } = await subscriber('/')
  join({ subscriptionId: '1', streamName: stream_name, groupId: 'a' })
  join({ subscriptionId: '2', streamName: stream_name, groupId: 'b', id: 'i' })
  await inbox.count(2)
  socket.terminate()
  await leaves.count(2)
  assert.deepEqual(leaves.items.map(({ subscription_id }) => subscription_id).sort(), ['1', '2'])
})

scenario('a join trigger that fails keeps subscribers out', async () => {
  const iii = worker()
  const stream_name = unique('fails-closed')
  await gate(iii, 'stream:join', { stream_name }, () => {
    throw new Error('cannot tell')
  })
  const { inbox, join } = await subscriber('/')
  join({ subscriptionId: '1', streamName: stream_name, groupId: 'a' })
  assert.equal((await inbox.count(1))[0].event.type, 'unauthorized')
})

scenario('what the auth function makes of a handshake is told with each join of that socket', async () => {
  const iii = worker()
  // Named in the settings of the node under test; all others who connect meanwhile get no context from it.
  iii.registerFunction('conformance::auth', async ({ headers, path, query_params }) => ({
    context: query_params.user ? { users: query_params.user, path, agent: headers['x-agent'] } : null,
  }))
  const stream_name = unique('context')
  const joins = await gate(iii, 'stream:join', { stream_name })
  const { inbox, join } = await subscriber('/?user=me&user=a%20b', { headers: { 'X-Agent': 'mine' } })
  join({ subscriptionId: '1', streamName: stream_name, groupId: 'a' })
  join({ subscriptionId: '2', streamName: stream_name, groupId: 'b' })
  await inbox.count(2)
  const context = { users: ['me', 'a%20b'], path: '/', agent: 'mine' }
  assert.deepEqual(joins.items.map((event) => event.context), [context, context])
})
