import assert from 'node:assert/strict'
import { EngineTriggers, Logger } from '../sdk.mjs'
import { call, Inbox, scenario, settled, unique, worker } from '../kit/kit.mjs'

async function logs(iii, config) {
  const inbox = new Inbox()
  const function_id = unique(`on-log-${Math.random()}`)
  iii.registerFunction(function_id, async (record) => inbox.take(record))
  iii.registerTrigger({ type: EngineTriggers.LOG, function_id, config })
  await settled(iii)
  return inbox
}

scenario('what a Logger says fires the triggers for logs', async () => {
  const iii = worker()
  const inbox = await logs(iii, { level: 'all' })
  const body = unique('an order was placed')
  const logger = new Logger(undefined, 'shop')
  logger.info(body, { order: 7, tags: ['a'] })
  logger.error(`${body} badly`)
  const record = await inbox.one((each) => each.body === body)
  assert.equal(record.severity_number, 9)
  assert.equal(record.service_name, 'shop')
  assert.deepEqual(record.attributes['log.data'], { order: 7, tags: ['a'] })
  assert.equal((await inbox.one((each) => each.body === `${body} badly`)).severity_number, 17)
})

scenario('what the log functions are told fires the triggers of its level', async () => {
  const iii = worker()
  const [warnings, errors] = [await logs(iii, { level: 'warn' }), await logs(iii, { level: 'error' })]
  const message = unique('careful')
  await call(iii, 'engine::log::warn', { message, data: { n: 1 }, service_name: 'mine' })
  await call(iii, 'engine::log::error', { message: `${message}!` })
  const record = await warnings.one((each) => each.body === message)
  assert.equal(record.severity_text.toLowerCase(), 'warn')
  assert.equal(record.service_name, 'mine')
  await errors.one((each) => each.body === `${message}!`)
  assert.ok(!errors.items.some((each) => each.body === message))
})

scenario('a call carries the trace of its caller', async () => {
  const iii = worker()
  const id = unique('traced')
  iii.registerFunction(id, async ({ depth }) => (depth > 0 ? await call(iii, id, { depth: depth - 1 }) : 'bottom'))
  assert.equal(await call(iii, id, { depth: 3 }), 'bottom')
})
