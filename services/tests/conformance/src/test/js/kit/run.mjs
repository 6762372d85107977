// Runs the scenarios of one file and tells the test about each: node run.mjs <file>
import { pathToFileURL } from 'node:url'
import { scenarios, leave } from './kit.mjs'
import { say } from './talk.mjs'

const PATIENCE = Number(process.env.PATIENCE_MS)

// A client's socket that fails beside a scenario must not end it; the scenario itself says what it expects.
process.on('unhandledRejection', (error) => console.log('unhandled rejection:', error))

await import(pathToFileURL(process.argv[2]).href)
for (const { name, run } of scenarios) {
  let timer
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still not done after ${PATIENCE} ms`)), PATIENCE)
  })
  const began = performance.now()
  let error
  try {
    await Promise.race([run(), tooLong])
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.stack : `thrown: ${JSON.stringify(thrown)}`
  }
  clearTimeout(timer)
  await leave()
  say({ scenario: name, millis: Math.round(performance.now() - began), error })
}
say({ end: true })
process.exit(0)
