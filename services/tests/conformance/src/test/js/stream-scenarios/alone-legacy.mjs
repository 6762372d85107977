// The legacy clients of streams come back by themselves, 2 s after they have lost the node.
import assert from 'node:assert/strict'
import { legacy } from '../sdk.mjs'
import { at, call, eventually, later, scenario, unique, worker } from '../kit/kit.mjs'
import { proxy } from '../kit/proxy.mjs'
import { ask } from '../kit/talk.mjs'

const LONG = 60_000

scenario('all of them have what the store has when the node is back', async () => {
  const place = { stream_name: unique('survives'), group_id: 'g' }
  const iii = worker()
  const set = (item_id, n) =>
    eventually(() => call(iii, 'stream::set', { ...place, item_id, data: { id: item_id, n } }, { timeoutMs: 5_000 }), LONG)
  await set('a', 1)
  // The one for Node.js does not survive being refused; whoever uses it has something in front that waits.
  const patient = await proxy({ address: at.gateway, waits: true })
  const views = Object.entries(legacy).map(([name, Stream]) => {
    const stream = new Stream(name.startsWith('node') ? patient.url : at.gateway)
    later(() => stream.close())
    return [stream.subscribeGroup(place.stream_name, 'g', 'id'), stream.subscribeItem(place.stream_name, 'g', 'a')]
  })
  const become = (a, all) =>
    eventually(() => {
      views.forEach(([group, item]) => assert.deepEqual([item.getState(), group.getState()], [a, all]))
      return true
    }, LONG)
  await become({ id: 'a', n: 1 }, [{ id: 'a', n: 1 }])

  await ask('restart the node')

  await set('a', 2)
  await set('b', 3)
  await become({ id: 'a', n: 2 }, [{ id: 'a', n: 2 }, { id: 'b', n: 3 }])
  await set('b', 4)
  await become({ id: 'a', n: 2 }, [{ id: 'a', n: 2 }, { id: 'b', n: 4 }])
})
