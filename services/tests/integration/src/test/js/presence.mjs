// Says who joins and leaves a stream, with what is known about each: node presence.mjs <stream>
import { registerWorker } from 'iii-sdk'

const [stream_name] = process.argv.slice(2)
const say = (message) => process.stdout.write(`@@ ${JSON.stringify(message)}\n`)
const iii = registerWorker(process.env.III_URL, {
  otel: { enabled: false },
  reconnectionConfig: { initialDelayMs: 100, maxDelayMs: 500 },
})

iii.registerFunction('presence::auth', async ({ query_params }) => ({ context: { user: query_params.user?.[0] } }))
iii.registerFunction('presence::joined', async (joined) => say({ joined }))
iii.registerFunction('presence::left', async (left) => say({ left }))
iii.registerTrigger({ type: 'stream:join', function_id: 'presence::joined', config: { stream_name } })
iii.registerTrigger({ type: 'stream:leave', function_id: 'presence::left', config: { stream_name } })
await iii.trigger({ function_id: 'state::list_groups', payload: {}, timeoutMs: 60_000 })
say({ ready: true })
