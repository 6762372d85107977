// Follows a group and says what it has of it whenever it is asked: node follow.mjs <url> <stream> <group>
import { createInterface } from 'node:readline'
import { connect } from 'millrace-client'
import { WebSocket } from 'ws'

const [url, stream, group] = process.argv.slice(2)
const say = (message) => process.stdout.write(`@@ ${JSON.stringify(message)}\n`)
const events = []
const told = { syncs: 0, resets: 0, losses: 0, unordered: [] }
const versions = new Map()

const client = connect(url, { WebSocket, backoff: { max: 500 } })
client.on('close', () => told.losses++)
const subscription = client.subscribe(stream, group, {
  onSync: () => told.syncs++,
  onReset: () => told.resets++,
  onEvent: ({ data }) => events.push(data),
  onChange: ({ type, id, value, version }) => {
    if (version <= (versions.get(id) ?? 0)) told.unordered.push({ type, id, value, version })
    versions.set(id, version)
  },
})

for await (const _ of createInterface({ input: process.stdin })) {
  const items = [...subscription.items.values()]
  say({ ...told, events, state: subscription.state, items, cursor: subscription.cursor ?? null })
}
client.close()
