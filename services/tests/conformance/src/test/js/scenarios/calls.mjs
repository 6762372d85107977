import assert from 'node:assert/strict'
import { TriggerAction } from '../sdk.mjs'
import { call, eventually, Inbox, refusal, scenario, settled, unique, worker } from '../kit/kit.mjs'
import { proxy } from '../kit/proxy.mjs'

scenario('one worker calls a function of another', async () => {
  const id = unique('math::add')
  worker().registerFunction(id, async ({ a, b }) => ({ sum: a + b }))
  const caller = worker()
  const { sum } = await eventually(() => call(caller, id, { a: 2, b: 3 }))
  assert.equal(sum, 5)
})

scenario('a call right after the registration reaches it', async () => {
  const iii = worker()
  const id = unique('at-once')
  iii.registerFunction(id, async () => 'here')
  assert.equal(await call(iii, id, {}), 'here')
})

scenario('calls run side by side and their answers find their callers', async () => {
  const iii = worker()
  const id = unique('late')
  const held = []
  iii.registerFunction(id, ({ n }) => new Promise((resolve) => held.push(() => resolve({ n }))))
  const calls = Array.from({ length: 20 }, (_, n) => call(iii, id, { n }))
  await eventually(() => held.length === 20)
  for (const release of held.reverse()) release()
  assert.deepEqual(await Promise.all(calls), Array.from({ length: 20 }, (_, n) => ({ n })))
})

scenario('a function nobody has is told as function_not_found', async () => {
  const iii = worker()
  const id = unique('nobody')
  const error = await refusal(call(iii, id, {}))
  assert.equal(error.code, 'function_not_found')
  assert.equal(error.message, `function_not_found: Function ${id} not found in namespace default.`)
  assert.equal(error.function_id, id)
})

scenario('what a handler throws arrives with its message and its stack', async () => {
  const iii = worker()
  const id = unique('throws')
  iii.registerFunction(id, async ({ what }) => {
    throw what === 'error' ? new TypeError('boom') : 'just text'
  })
  const error = await refusal(call(iii, id, { what: 'error' }))
  assert.equal(error.code, 'invocation_failed')
  assert.equal(error.message, 'invocation_failed: boom')
  assert.match(error.stacktrace, /TypeError: boom\n +at /)
  assert.equal((await refusal(call(iii, id, {}))).message, 'invocation_failed: just text')
})

scenario('a void call is made and not answered', async () => {
  const iii = worker()
  const id = unique('void')
  const inbox = new Inbox()
  iii.registerFunction(id, async (data) => {
    inbox.take(data)
    throw new Error('nobody hears this')
  })
  const action = TriggerAction.Void()
  assert.equal(await call(iii, id, { n: 1 }, { action }), undefined)
  assert.equal(await call(iii, unique('nobody'), {}, { action }), undefined)
  await inbox.one((data) => data.n === 1)
})

scenario('a handler that gives null or nothing is answered as undefined', async () => {
  const iii = worker()
  const id = unique('nothing')
  iii.registerFunction(id, async ({ give }) => ({ null: null, zero: 0, false: false, empty: '' })[give])
  assert.equal(await call(iii, id, { give: 'null' }), undefined)
  assert.equal(await call(iii, id, { give: 'nothing' }), undefined)
  assert.equal(await call(iii, id, { give: 'zero' }), 0)
  assert.equal(await call(iii, id, { give: 'false' }), false)
  assert.equal(await call(iii, id, { give: 'empty' }), '')
})

scenario('a payload that is no object, or none at all, arrives as it is', async () => {
  const iii = worker()
  const id = unique('echo')
  iii.registerFunction(id, async (data) => ({ got: data ?? 'nothing' }))
  assert.deepEqual(await call(iii, id, 'text'), { got: 'text' })
  assert.deepEqual(await call(iii, id, [1, { a: 2 }]), { got: [1, { a: 2 }] })
  assert.deepEqual(await call(iii, id, null), { got: 'nothing' })
  assert.deepEqual(await call(iii, id, undefined), { got: 'nothing' })
})

scenario('a handler is told which worker called it', async () => {
  const id = unique('caller')
  const callee = worker()
  callee.registerFunction(id, async ({ _caller_worker_id, n }) => ({ _caller_worker_id, n }))
  const [one, two] = [worker(), worker()]
  const first = await eventually(() => call(one, id, { n: 1 }))
  const again = await call(one, id, { n: 2 })
  const other = await call(two, id, { n: 3 })
  assert.match(first._caller_worker_id, /^[0-9a-f-]{36}$/)
  assert.equal(again._caller_worker_id, first._caller_worker_id)
  assert.notEqual(other._caller_worker_id, first._caller_worker_id)
  assert.equal(other.n, 3)
})

scenario('metadata of a call reaches the handler beside the payload', ['0.22.1'], async () => {
  const iii = worker()
  const id = unique('metadata')
  iii.registerFunction(id, async ({ n }, metadata) => ({ n, metadata: metadata ?? 'none' }))
  const metadata = { tenant: 'a', deep: [1] }
  assert.deepEqual(await call(iii, id, { n: 1 }, { metadata }), { n: 1, metadata })
  assert.deepEqual(await call(iii, id, { n: 2 }), { n: 2, metadata: 'none' })
})

scenario('a registration is replaced by the same worker, and gone when it takes it back', async () => {
  const iii = worker()
  const id = unique('replaced')
  const first = iii.registerFunction(id, async () => 'first')
  assert.equal(await call(iii, id, {}), 'first')
  first.unregister()
  assert.equal((await refusal(call(iii, id, {}))).code, 'function_not_found')
  const second = iii.registerFunction(id, async () => 'second')
  assert.equal(await call(iii, id, {}), 'second')
  second.unregister()
  assert.equal((await refusal(call(iii, id, {}))).code, 'function_not_found')
})

scenario('two workers that serve one function share its calls', async () => {
  const id = unique('shared')
  const served = { one: 0, two: 0 }
  for (const name of ['one', 'two']) {
    const iii = worker()
    iii.registerFunction(id, async () => {
      served[name]++
      return name
    })
    await settled(iii)
  }
  const caller = worker()
  await Promise.all(Array.from({ length: 100 }, () => call(caller, id, {})))
  assert.equal(served.one + served.two, 100)
  assert.ok(served.one >= 20 && served.two >= 20, JSON.stringify(served))
})

scenario('when one of two workers leaves, the other serves all calls', async () => {
  const id = unique('one-leaves')
  const [stays, leaves] = [worker(), worker()]
  for (const [name, iii] of Object.entries({ stays, leaves })) {
    iii.registerFunction(id, async () => name)
    await settled(iii)
  }
  await leaves.shutdown()
  const caller = worker()
  await eventually(async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => call(caller, id, {})))
    return answers.every((answer) => answer === 'stays')
  })
})

scenario('a worker that dies in the middle of a call ends it with invocation_stopped', async () => {
  const id = unique('dies')
  const path = await proxy()
  const callee = worker({ url: path.url })
  const entered = new Inbox()
  callee.registerFunction(id, () => {
    entered.take('in')
    return new Promise(() => {})
  })
  await settled(callee)
  const caller = worker()
  const ended = refusal(call(caller, id, {}))
  await entered.count(1)
  path.close()
  assert.equal((await ended).code, 'invocation_stopped')
  assert.equal((await refusal(call(caller, id, {}))).code, 'function_not_found')
})

scenario('a call that takes too long ends at its caller, who may go on', async () => {
  const iii = worker()
  const id = unique('slow')
  const held = []
  iii.registerFunction(id, () => new Promise((resolve) => held.push(resolve)))
  const error = await refusal(call(iii, id, {}, { timeoutMs: 100 }))
  assert.equal(error.code, 'TIMEOUT')
  for (const release of held) release('too late')
  assert.equal(await call(iii, 'state::get', { scope: unique('s'), key: 'k' }), undefined)
})

scenario('a call is passed on from function to function', async () => {
  const iii = worker()
  const [outer, inner] = [unique('outer'), unique('inner')]
  iii.registerFunction(inner, async ({ n }) => n * 2)
  iii.registerFunction(outer, async ({ n }) => 1 + (await call(iii, inner, { n })))
  assert.equal(await call(iii, outer, { n: 4 }), 9)
})

scenario('a large payload goes there and back', async () => {
  const iii = worker()
  const id = unique('large')
  iii.registerFunction(id, async ({ text }) => ({ text }))
  const text = 'x"é😀'.repeat(200_000)
  assert.equal((await call(iii, id, { text })).text, text)
})

scenario('a service of the older client is taken without a word', ['0.11.6'], async () => {
  const iii = worker()
  iii.registerService({ id: unique('service'), description: 'said to be there' })
  await settled(iii)
})
