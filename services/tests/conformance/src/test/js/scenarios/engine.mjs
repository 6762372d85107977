import assert from 'node:assert/strict'
import { EngineFunctions } from '../sdk.mjs'
import { call, eventually, Inbox, refusal, scenario, settled, unique, worker } from '../kit/kit.mjs'

scenario('functions are listed with what their workers said of them', async () => {
  const workerName = unique('lister')
  const iii = worker({ workerName })
  const id = unique('listed::one')
  iii.registerFunction(id, async () => 1, { description: 'the one', metadata: { team: 'a' } })
  iii.registerFunction(unique('listed::hidden'), async () => 1, { metadata: { internal: true } })
  await settled(iii)
  const mine = await eventually(async () => {
    const { functions } = await call(iii, EngineFunctions.LIST_FUNCTIONS, { prefix: 'listed::' })
    const found = functions.filter(({ function_id }) => function_id.endsWith(id.slice('listed::one'.length)))
    return found[0]?.worker_name === workerName && found
  })
  assert.deepEqual(mine, [
    { function_id: id, namespace: 'default', worker_name: workerName, description: 'the one', metadata: { team: 'a' } },
  ])
  const { functions } = await call(iii, EngineFunctions.LIST_FUNCTIONS, {})
  const ids = functions.map(({ function_id }) => function_id)
  assert.ok(ids.includes('state::set') && ids.includes('stream::send'))
  assert.ok(ids.every((each) => !each.startsWith('engine::') || each.startsWith('engine::queue::')))
  assert.deepEqual(ids, [...ids].sort())
  const all = await call(iii, EngineFunctions.LIST_FUNCTIONS, { include_internal: true })
  assert.ok(all.functions.some(({ function_id }) => function_id === 'engine::functions::list'))
})

scenario('one function is told in detail, with its triggers', async () => {
  const iii = worker()
  const id = unique('detailed')
  iii.registerFunction(id, async () => 1, { description: 'd', request_format: { type: 'object' } })
  iii.registerTrigger({ type: 'state', function_id: id, config: { scope: unique('nowhere') } })
  await settled(iii)
  const detail = await call(iii, 'engine::functions::info', { function_id: id })
  assert.equal(detail.function_id, id)
  assert.equal(detail.description, 'd')
  assert.deepEqual(detail.request_schema, { type: 'object' })
  assert.deepEqual(detail.registered_triggers.map(({ trigger_type }) => trigger_type), ['state'])
  const error = await refusal(call(iii, 'engine::functions::info', { function_id: unique('nobody') }))
  assert.equal(error.code, 'NOT_FOUND')
})

scenario('workers are listed with their names and versions, until they leave', async () => {
  const workerName = unique('named')
  const iii = worker({ workerName })
  const other = worker()
  const find = async () => {
    const { workers } = await call(other, EngineFunctions.LIST_WORKERS, {})
    return workers.find(({ name }) => name === workerName)
  }
  iii.registerFunction(unique('counted'), async () => 1)
  const found = await eventually(async () => {
    const each = await find()
    return each?.function_count === 1 && each
  })
  assert.equal(found.runtime, 'node')
  assert.match(found.id, /^[0-9a-f-]{36}$/)
  assert.equal(found.status, 'connected')
  assert.match(found.version, /^0\.(22\.1|11\.6)$/)
  await iii.shutdown()
  await eventually(async () => !(await find()))
})

scenario('trigger types and registered triggers are listed', async () => {
  const iii = worker()
  const id = unique('type')
  iii.registerTriggerType({ id, description: 'of mine' }, { registerTrigger: async () => {}, unregisterTrigger: async () => {} })
  const function_id = unique('bound')
  iii.registerTrigger({ type: id, function_id, config: { a: 1 } })
  await settled(iii)
  const { triggers } = await call(iii, EngineFunctions.LIST_TRIGGERS, {})
  const types = triggers.map((type) => type.id)
  for (const type of ['http', 'state', 'stream', id]) assert.ok(types.includes(type), `${type} of ${types}`)
  assert.equal(triggers.find((type) => type.id === id).description, 'of mine')
  const { registered_triggers } = await eventually(async () => {
    const listed = await call(iii, 'engine::registered-triggers::list', { function_id })
    return listed.registered_triggers.length > 0 && listed
  })
  assert.equal(registered_triggers.length, 1)
  assert.equal(registered_triggers[0].trigger_type, id)
  assert.deepEqual(registered_triggers[0].config, { a: 1 })
  const info = await call(iii, 'engine::registered-triggers::info', { id: registered_triggers[0].id })
  assert.equal(info.function_id, function_id)
})

scenario('a trigger may be registered and taken back by a call', async () => {
  const iii = worker()
  const scope = unique('by-call')
  const function_id = unique('by-call')
  const inbox = new Inbox()
  iii.registerFunction(function_id, async (event) => inbox.take(event))
  await settled(iii)
  const { id } = await call(iii, 'engine::register_trigger', { trigger_type: 'state', function_id, config: { scope } })
  await call(iii, 'state::set', { scope, key: 'k', value: 1 })
  await inbox.count(1)
  assert.deepEqual(await call(iii, 'engine::unregister_trigger', { id }), { removed: true })
  assert.deepEqual(await call(iii, 'engine::unregister_trigger', { id }), { removed: false })
})

scenario('those who ask are told when functions come and go', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('on-functions')
  iii.registerFunction(function_id, async (event) => inbox.take(event))
  iii.registerTrigger({ type: 'engine::functions-available', function_id, config: {} })
  await settled(iii)
  const id = unique('comes')
  const has = (event) => event.functions.some((each) => each.function_id === id)
  const other = worker()
  other.registerFunction(id, async () => 1)
  const event = await inbox.one(has)
  assert.equal(event.event, 'functions_changed')
  const seen = inbox.items.length
  await other.shutdown()
  await eventually(() => inbox.items.slice(seen).some((later) => !has(later)))
})

scenario('those who ask are told when workers come and go', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('on-workers')
  iii.registerFunction(function_id, async (event) => inbox.take(event))
  iii.registerTrigger({ type: 'engine::workers-available', function_id, config: {} })
  await settled(iii)
  const other = worker()
  const whoami = unique('whoami')
  iii.registerFunction(whoami, async ({ _caller_worker_id }) => _caller_worker_id)
  const worker_id = await call(other, whoami, {})
  for (const event of ['worker_connected', 'worker_metadata_updated']) {
    await inbox.one((each) => each.event === event && each.worker_id === worker_id)
  }
  await other.shutdown()
  await inbox.one((each) => each.event === 'worker_disconnected' && each.worker_id === worker_id)
})

scenario('the list that the older client knows by its name is there', ['0.11.6'], async () => {
  const iii = worker()
  const { trigger_types } = await call(iii, 'engine::trigger-types::list', {})
  assert.ok(trigger_types.some(({ id }) => id === 'state'))
})
