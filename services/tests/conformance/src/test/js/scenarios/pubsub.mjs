import assert from 'node:assert/strict'
import { call, Inbox, refusal, scenario, settled, unique, worker } from '../kit/kit.mjs'

async function subscribed(iii, topic) {
  const inbox = new Inbox()
  const function_id = unique(`on-${Math.random()}`)
  iii.registerFunction(function_id, inbox.take)
  const trigger = iii.registerTrigger({ type: 'subscribe', function_id, config: { topic } })
  await settled(iii)
  return { inbox, trigger }
}

scenario('what is published reaches every subscriber of the topic as it is', async () => {
  const [one, two] = [worker(), worker()]
  const topic = unique('news')
  const subscribers = [await subscribed(one, topic), await subscribed(one, topic), await subscribed(two, topic)]
  const other = await subscribed(two, unique('elsewhere'))
  assert.equal(await call(two, 'publish', { topic, data: { n: 1, deep: [null] } }), undefined)
  await call(two, 'publish', { topic, data: 'text' })
  for (const { inbox } of subscribers) {
    await inbox.count(2)
    await inbox.one((data) => data === 'text')
    assert.deepEqual(await inbox.one((data) => data.n === 1), { n: 1, deep: [null] })
  }
  assert.equal(other.inbox.items.length, 0)
})

scenario('one who unsubscribes leaves the others', async () => {
  const iii = worker()
  const topic = unique('leaving')
  const [goes, stays] = [await subscribed(iii, topic), await subscribed(iii, topic)]
  goes.trigger.unregister()
  await settled(iii)
  await call(iii, 'publish', { topic, data: 1 })
  await stays.inbox.count(1)
  assert.equal(goes.inbox.items.length, 0)
})

scenario('publishing without a topic is refused', async () => {
  const error = await refusal(call(worker(), 'publish', { topic: '', data: 1 }))
  assert.equal(error.code, 'topic_not_set')
})
