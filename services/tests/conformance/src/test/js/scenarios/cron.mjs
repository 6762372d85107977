import assert from 'node:assert/strict'
import { Inbox, scenario, settled, unique, worker } from '../kit/kit.mjs'

scenario('a job runs every second, one run after the other', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('tick')
  iii.registerFunction(function_id, async (event) => inbox.take(event))
  const trigger = iii.registerTrigger({ type: 'cron', function_id, config: { expression: '* * * * * *' } })
  await settled(iii)
  const [first, second] = await inbox.count(2)
  assert.equal(first.trigger, 'cron')
  assert.equal(first.job_id, second.job_id)
  assert.match(first.scheduled_time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/)
  assert.ok(Date.parse(second.scheduled_time) - Date.parse(first.scheduled_time) >= 1000)
  assert.ok(Date.parse(first.actual_time) >= Date.parse(first.scheduled_time))
  trigger.unregister()
})

scenario('an expression that is none is refused', ['0.22.1'], async () => {
  const iii = worker()
  const said = new Inbox()
  const { error } = console
  console.error = (...words) => said.take(words.map((word) => (typeof word === 'string' ? word : JSON.stringify(word))).join(' '))
  try {
    iii.registerTrigger({ type: 'cron', function_id: unique('f'), config: { expression: 'whenever' } })
    iii.registerTrigger({ type: 'cron', function_id: unique('f'), config: {} })
    await said.one((words) => words.includes("Invalid cron expression 'whenever'"))
    await said.one((words) => words.includes('Cron expression is required'))
  } finally {
    console.error = error
  }
})
