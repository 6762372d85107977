// Drops, resets, repetitions and snapshots at random: the items end up as the log has them, and no event is lost or doubled
// that need not be.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeNode, change, event, frame, sync, until } from './fake-node.js'

const SEEDS = Number(process.env.SEEDS ?? 20)
const STEPS = 300

function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One group as a node keeps it. A cursor is the number of frames before it. */
class Log {
  frames = []
  state = new Map()
  resets = 0
  /** Cursors before this one are too old. */
  floor = 0
  events = 0

  append(chance) {
    const at = this.frames.length + 1
    const rest = { at, cursor: String(at) }
    const id = 'abcdef'[Math.floor(chance() * 6)]
    const value = { id, at }
    if (chance() < 0.3) {
      this.frames.push(event('count', this.events++, rest))
    } else if (this.state.has(id) && chance() < 0.3) {
      this.frames.push(change('delete', this.state.get(id), rest))
      this.state.delete(id)
    } else {
      this.frames.push(change(this.state.has(id) ? 'update' : 'create', value, rest))
      this.state.set(id, value)
    }
    return this.frames.at(-1)
  }

  /** What a join is answered with. */
  answer(cursor, chance) {
    const at = this.frames.length
    if (cursor !== undefined && Number(cursor) >= this.floor) return this.frames.slice(Number(cursor))
    const snapshot = sync([...this.state.values()], { at, cursor: String(at) })
    // What others brought before the snapshot may come again behind it, but no event.
    const again = this.frames.slice(-3).filter((each) => each.event.type !== 'event' && chance() < 0.5)
    if (cursor === undefined) return [snapshot, ...again]
    this.resets++
    return [frame({ type: 'reset', reason: 'too_old' }, { at }), snapshot, ...again]
  }
}

async function run(node, seed) {
  const chance = random(seed)
  const log = new Log()
  let joined
  node.onMessage = ({ data }, socket) => {
    joined = socket
    for (const each of log.answer(data.cursor, chance)) socket.send(JSON.stringify(each))
  }
  const client = node.connect({ backoff: { min: 1, max: 3, random: chance } })
  const counted = []
  const repeated = []
  const last = new Map()
  const subscription = client.subscribe('s', 'g', {
    onEvent: ({ data }) => counted.push(data),
    onChange: ({ id, timestamp }) => {
      if (timestamp <= (last.get(id) ?? 0)) repeated.push(`${id}: ${timestamp} after ${last.get(id)}`)
      last.set(id, timestamp)
    },
  })
  await subscription.ready
  const before = log.events
  for (let step = 0; step < STEPS; step++) {
    const told = log.append(chance)
    if (joined?.readyState === 1) joined.send(JSON.stringify(told))
    const what = chance()
    if (what < 0.04) joined.terminate()
    else if (what < 0.06) joined.close(1001)
    if (what < 0.03 && seed % 2 === 0) log.floor = log.frames.length + 1
    if (what > 0.8) await new Promise((resolve) => setTimeout(resolve, chance() * 3))
  }
  const end = String(log.frames.length)
  await until(() => subscription.cursor === end)
  const sorted = (items) => [...items].sort(([a], [b]) => a.localeCompare(b))
  assert.deepEqual(sorted(subscription.items), sorted(log.state))
  assert.deepEqual(repeated, [])
  assert.ok(counted.every((number, i) => i === 0 || number > counted[i - 1]), 'an event came twice, or out of order')
  if (log.resets === 0) assert.equal(counted.length, log.events - before, 'an event is missing')
  assert.equal(log.resets > 0, seed % 2 === 0, 'resets')
}

for (let seed = 1; seed <= SEEDS; seed++) {
  test(`the view is the log's, seed ${seed}`, { timeout: 60_000 }, async () => {
    const node = await FakeNode.start()
    try {
      await run(node, seed)
    } finally {
      node.close()
    }
  })
}
