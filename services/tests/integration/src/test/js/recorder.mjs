// Says every change of a scope that it is given, in order: node recorder.mjs <scope> <subscription> [millis to take for each]
import { registerWorker } from 'iii-sdk'

const [scope, subscription, millis] = process.argv.slice(2)
const say = (message) => process.stdout.write(`@@ ${JSON.stringify(message)}\n`)
const iii = registerWorker(process.env.III_URL, {
  otel: { enabled: false },
  reconnectionConfig: { initialDelayMs: 100, maxDelayMs: 500 },
})

iii.registerFunction(`recorder::${subscription}`, async ({ key, new_value, version }) => {
  const now = Math.round((performance.timeOrigin + performance.now()) * 1000)
  // A pipe takes this before the next line runs, so what was answered was also said, whoever kills us.
  say({ key, n: new_value.n, micros: now - version })
  if (new_value.poison) throw new Error('poison')
  if (millis) {
    await new Promise((resolve) => setTimeout(resolve, Number(millis)))
    say({ key, left: new_value.n })
  }
})
iii.registerTrigger({ type: 'state', function_id: `recorder::${subscription}`, config: { scope, subscription } })
await iii.trigger({ function_id: 'state::list_groups', payload: {}, timeoutMs: 60_000 })
say({ ready: true })
