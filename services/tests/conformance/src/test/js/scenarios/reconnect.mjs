import assert from 'node:assert/strict'
import { TriggerAction } from '../sdk.mjs'
import { call, eventually, Inbox, scenario, settled, unique, worker } from '../kit/kit.mjs'
import { proxy } from '../kit/proxy.mjs'

scenario('a worker whose connection is cut comes back with its functions', async () => {
  const id = unique('comes-back')
  const path = await proxy()
  const callee = worker({ url: path.url })
  callee.registerFunction(id, async ({ n }) => n + 1)
  await settled(callee)
  const caller = worker()
  assert.equal(await call(caller, id, { n: 1 }), 2)
  for (let round = 0; round < 3; round++) {
    path.cut()
    assert.equal(await eventually(() => call(caller, id, { n: round })), round + 1)
  }
})

scenario('its triggers come back with it, and no change is missed', async () => {
  const scope = unique('cut')
  const path = await proxy()
  const handler = worker({ url: path.url })
  const inbox = new Inbox()
  const function_id = unique('on-cut')
  handler.registerFunction(function_id, async (event) => inbox.take(event))
  handler.registerTrigger({ type: 'state', function_id, config: { scope } })
  await settled(handler)
  const writer = worker()
  for (let n = 0; n < 30; n++) {
    await call(writer, 'state::set', { scope, key: 'k', value: n })
    if (n % 10 === 5) path.cut()
  }
  await inbox.one((event) => event.new_value === 29)
  const firsts = [...new Set(inbox.items.map((event) => event.new_value))]
  assert.deepEqual(firsts, Array.from({ length: 30 }, (_, n) => n))
})

scenario('what a worker says while it is cut off is said when it is back', async () => {
  const id = unique('said-later')
  const inbox = new Inbox()
  const callee = worker()
  callee.registerFunction(id, async (data) => inbox.take(data))
  await settled(callee)
  const path = await proxy()
  const caller = worker({ url: path.url })
  await settled(caller)
  path.cut()
  await eventually(() => caller.connectionState !== 'connected')
  const action = TriggerAction.Void()
  for (let n = 0; n < 5; n++) await call(caller, id, { n }, { action })
  await inbox.count(5)
  assert.deepEqual(inbox.items.map(({ n }) => n).sort(), [0, 1, 2, 3, 4])
})

scenario('a worker that comes back before its old connection is missed takes its place', async () => {
  const id = unique('takes-over')
  const path = await proxy()
  const callee = worker({ url: path.url })
  callee.registerFunction(id, async () => 'served')
  await settled(callee)
  const caller = worker()
  const before = path.accepted()
  callee.ws.terminate()
  await eventually(() => path.accepted() > before)
  const answers = await eventually(() => Promise.all(Array.from({ length: 20 }, () => call(caller, id, {}))))
  assert.ok(answers.every((answer) => answer === 'served'))
})

scenario('fifty workers come back at once', async () => {
  const path = await proxy()
  const id = unique('fifty')
  const workers = Array.from({ length: 50 }, () => worker({ url: path.url }))
  for (const [n, iii] of workers.entries()) iii.registerFunction(`${id}-${n}`, async () => ({ served: n }))
  await Promise.all(workers.map(settled))
  path.cut()
  const caller = worker()
  for (let n = 0; n < 50; n++) {
    const { served } = await eventually(() => call(caller, `${id}-${n}`, {}))
    assert.equal(served, n)
  }
})
