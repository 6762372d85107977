import assert from 'node:assert/strict'
import { TriggerAction } from '../sdk.mjs'
import { call, eventually, Inbox, refusal, scenario, settled, unique, worker } from '../kit/kit.mjs'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const enqueue = (iii, queue, function_id, payload) =>
  call(iii, function_id, payload, { action: TriggerAction.Enqueue({ queue }) })

scenario('an enqueued call is receipted and made with exactly its payload', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('job')
  iii.registerFunction(function_id, async (data) => inbox.take(data))
  await settled(iii)
  const receipts = []
  for (let n = 0; n < 10; n++) receipts.push(await enqueue(iii, 'default', function_id, { n }))
  for (const { messageReceiptId } of receipts) assert.match(messageReceiptId, UUID)
  assert.equal(new Set(receipts.map((receipt) => receipt.messageReceiptId)).size, 10)
  const jobs = await inbox.count(10)
  assert.deepEqual(jobs.map((data) => JSON.stringify(data)).sort(), Array.from({ length: 10 }, (_, n) => `{"n":${n}}`))
})

scenario('a call may be enqueued before anybody serves it', async () => {
  const iii = worker()
  const function_id = unique('later')
  await enqueue(iii, 'default', function_id, { early: true })
  const inbox = new Inbox()
  const server = worker()
  server.registerFunction(function_id, async (data) => inbox.take(data))
  assert.deepEqual((await inbox.count(1))[0], { early: true })
})

scenario('an enqueued call that fails is made again', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('flaky')
  iii.registerFunction(function_id, async (data) => {
    inbox.take(data)
    if (inbox.items.length < 2) throw new Error('not yet')
  })
  await settled(iii)
  await enqueue(iii, 'default', function_id, { n: 1 })
  await inbox.count(2)
})

scenario('one that always fails is a dead letter, which can be redriven', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('poison')
  let healed = false
  iii.registerFunction(function_id, async (data) => {
    inbox.take(data)
    if (!healed) throw new Error('never')
  })
  await settled(iii)
  const queue = unique('doomed').replaceAll('.', '-')
  await enqueue(iii, queue, function_id, { id: 'the poison' })
  const letters = () => call(iii, 'engine::queue::dlq_messages', { topic: queue })
  const letter = await eventually(async () => (await letters())[0], 30_000)
  assert.deepEqual(letter.payload, { id: 'the poison' })
  assert.match(JSON.stringify(letter.error), /never/)
  const attempts = inbox.items.length
  assert.equal(attempts, 3)
  healed = true
  assert.deepEqual(await call(iii, 'iii::queue::redrive', { queue }), { queue, redriven: 1 })
  await inbox.count(attempts + 1)
  await eventually(async () => (await letters()).length === 0)
})

scenario('a fifo queue keeps the order within a group', async () => {
  const iii = worker()
  const inbox = new Inbox()
  const function_id = unique('ordered')
  const failed = new Set()
  iii.registerFunction(function_id, async ({ group, n }) => {
    if (n === 3 && !failed.has(group)) {
      failed.add(group)
      throw new Error('once')
    }
    inbox.take({ group, n })
  })
  await settled(iii)
  for (let n = 0; n < 10; n++) {
    for (const group of ['a', 'b']) await enqueue(iii, 'ordered', function_id, { group, n })
  }
  await inbox.count(20)
  for (const group of ['a', 'b']) {
    const mine = inbox.items.filter((item) => item.group === group)
    assert.deepEqual(mine.map(({ n }) => n), Array.from({ length: 10 }, (_, n) => n))
  }
  const error = await refusal(enqueue(iii, 'ordered', function_id, { n: 1 }))
  assert.equal(error.code, 'enqueue_error')
})

scenario('what is published durably reaches each subscribed function once', async () => {
  const iii = worker()
  const topic = unique('durable').replaceAll('.', '-')
  const inboxes = []
  for (const name of ['one', 'two']) {
    const inbox = new Inbox()
    const function_id = unique(`durable-${name}`)
    iii.registerFunction(function_id, async (data) => inbox.take(data))
    iii.registerTrigger({ type: 'durable:subscriber', function_id, config: { topic } })
    inboxes.push(inbox)
  }
  await settled(iii)
  for (let n = 0; n < 5; n++) assert.equal(await call(iii, 'iii::durable::publish', { topic, data: { n } }), undefined)
  for (const inbox of inboxes) {
    await inbox.count(5)
    assert.deepEqual(inbox.items.map(({ n }) => n).sort(), [0, 1, 2, 3, 4])
  }
  assert.equal((await refusal(call(iii, 'iii::durable::publish', { topic: '', data: 1 }))).code, 'topic_not_set')
})
