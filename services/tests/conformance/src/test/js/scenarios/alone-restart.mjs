import assert from 'node:assert/strict'
import { call, eventually, Inbox, request, scenario, settled, unique, worker } from '../kit/kit.mjs'
import { ask } from '../kit/talk.mjs'

scenario('a node killed under its workers has them all back when it is up again', async () => {
  const scope = unique('survives')
  const [server, writer] = [worker(), worker()]
  const inbox = new Inbox()
  const [echo, on] = [unique('echo'), unique('on-change')]
  const api_path = `/${unique('survives')}`
  server.registerFunction(echo, async ({ body }) => ({ body }))
  server.registerFunction(on, async (event) => inbox.take(event))
  server.registerTrigger({ type: 'http', function_id: echo, config: { api_path, http_method: 'POST' } })
  server.registerTrigger({ type: 'state', function_id: on, config: { scope } })
  await settled(server)
  await call(writer, 'state::set', { scope, key: 'k', value: 'before' })
  await inbox.one((event) => event.new_value === 'before')

  await ask('restart the node')

  assert.equal(await eventually(() => call(writer, 'state::get', { scope, key: 'k' }, { timeoutMs: 2_000 })), 'before')
  await eventually(() => call(writer, 'state::set', { scope, key: 'k', value: 'after' }, { timeoutMs: 2_000 }))
  await inbox.one((event) => event.new_value === 'after')
  assert.deepEqual(await eventually(() => call(writer, echo, { body: 1 }, { timeoutMs: 2_000 })), { body: 1 })
  const response = await eventually(async () => {
    const each = await request('POST', api_path, { json: { a: 1 } })
    return each.status === 200 && each
  })
  assert.deepEqual(response.json, { a: 1 })
})
