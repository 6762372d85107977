import assert from 'node:assert/strict'
import { call, eventually, Inbox, scenario, settled, unique, worker } from '../kit/kit.mjs'

/** A worker that provides a trigger type and remembers what was bound to it. */
function provider(id, { refuse } = {}) {
  const iii = worker()
  const bound = new Map()
  const gone = new Inbox()
  const type = iii.registerTriggerType({ id, description: 'of a scenario' }, {
    registerTrigger: async (trigger) => {
      if (refuse) throw new Error(refuse)
      bound.set(trigger.id, trigger)
    },
    unregisterTrigger: async (trigger) => {
      bound.delete(trigger.id)
      gone.take(trigger)
    },
  })
  const fire = (payload) =>
    Promise.all([...bound.values()].map(({ function_id }) => call(iii, function_id, payload)))
  return { iii, bound, gone, fire, type }
}

scenario('a worker provides a trigger type that another binds to', async () => {
  const id = unique('webhook')
  const { iii, bound, fire } = provider(id)
  await settled(iii)
  const user = worker()
  const inbox = new Inbox()
  const function_id = unique('on-webhook')
  user.registerFunction(function_id, async (data) => {
    inbox.take(data)
    return 'taken'
  })
  user.registerTrigger({ type: id, function_id, config: { path: '/x' }, metadata: { z: 1 } })
  const trigger = await eventually(() => [...bound.values()][0])
  assert.equal(trigger.function_id, function_id)
  assert.deepEqual(trigger.config, { path: '/x' })
  assert.deepEqual(trigger.metadata, { z: 1 })
  assert.deepEqual(await fire({ n: 1 }), ['taken'])
  assert.equal(inbox.items[0].n, 1)
})

scenario('a trigger that comes before its type waits for it', async () => {
  const id = unique('later')
  const user = worker()
  user.registerTrigger({ type: id, function_id: unique('f'), config: { early: true } })
  await settled(user)
  const { bound } = provider(id)
  assert.deepEqual((await eventually(() => [...bound.values()][0])).config, { early: true })
})

scenario('a provider that comes back is given its triggers again', async () => {
  const id = unique('comes-back')
  const first = provider(id)
  await settled(first.iii)
  const user = worker()
  user.registerTrigger({ type: id, function_id: unique('f'), config: { n: 1 } })
  await eventually(() => first.bound.size === 1)
  await first.iii.shutdown()
  const second = provider(id)
  assert.deepEqual((await eventually(() => [...second.bound.values()][0])).config, { n: 1 })
})

scenario('a provider is told when a trigger goes', ['0.22.1'], async () => {
  const id = unique('goes')
  const { iii, bound, gone } = provider(id)
  await settled(iii)
  const user = worker()
  const trigger = user.registerTrigger({ type: id, function_id: unique('f'), config: {} })
  await eventually(() => bound.size === 1)
  const [{ id: triggerId }] = [...bound.values()]
  trigger.unregister()
  assert.equal((await gone.count(1))[0].id, triggerId)
  const second = worker()
  second.registerTrigger({ type: id, function_id: unique('f'), config: {} })
  await eventually(() => bound.size === 1)
  await second.shutdown()
  await gone.count(2)
})

scenario('the refusal of a provider reaches the worker that asked', ['0.22.1'], async () => {
  const id = unique('refuses')
  const { iii } = provider(id, { refuse: 'not with that config' })
  await settled(iii)
  const user = worker()
  const said = new Inbox()
  const { error } = console
  console.error = (...words) => said.take(JSON.stringify(words.map(String)))
  try {
    user.registerTrigger({ type: id, function_id: unique('f'), config: {} })
    await said.one((words) => words.includes('not with that config'))
  } finally {
    console.error = error
  }
})
