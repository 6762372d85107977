// Messages to the test that runs this program, and its answers: one line each.
import { createInterface } from 'node:readline'

const answers = []
const waiting = []
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => (waiting.length > 0 ? waiting.shift()(line) : answers.push(line)))
lines.on('close', () => process.exit(3))

export const say = (message) => process.stdout.write(`@@ ${JSON.stringify(message)}\n`)

/** Asks the test for something it alone can do, and waits until it is done. */
export function ask(question) {
  say({ ask: question })
  return new Promise((resolve) => (answers.length > 0 ? resolve(answers.shift()) : waiting.push(resolve)))
}
