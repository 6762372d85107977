// Never run, only compiled: what the types have to allow, and what not.
import { connect, MillraceError, type Change, type ClientState, type Subscription } from 'millrace-client'

declare const console: { log(...what: unknown[]): void }

interface Todo {
  id: string
  title: string
}

const client = connect('ws://localhost:3112', { protocols: ['a'], backoff: { min: 1 }, silence: 0 })
const off: () => void = client.on('close', ({ code, reason }) => console.log(code.toFixed(), reason.trim()))
client.on('reconnecting', ({ attempt, delay }) => console.log(attempt + delay))
client.on('error', (error) => console.log(error.code satisfies string, error instanceof MillraceError))
const state: ClientState = client.state

const todos: Subscription<Todo, { by: string }> = client.subscribe<Todo, { by: string }>('todos', 'all', {
  mode: 'latest',
  interval: 200,
  onChange: (change: Change<Todo>) => console.log(change.value.title, change.version?.toFixed()),
  onEvent: ({ type, data }) => console.log(type, data.by),
  onReset: (reason) => console.log(reason === 'too_old'),
})
const one = client.subscribe('todos', 'all', { item: 'a' })

async function follow(): Promise<void> {
  const items = await todos.ready
  console.log(items.get('a')?.title, todos.unnamed.length, todos.cursor?.length, state, one.items.size)
  for await (const told of todos) {
    switch (told.type) {
      case 'sync':
        console.log(told.items.size)
        break
      case 'event':
        console.log(told.event.data.by)
        break
      case 'reset':
        return
      default:
        console.log(told.id, told.value.title)
    }
  }
  off()
  todos.leave()
  client.close()
}

void follow()

// @ts-expect-error there is no such mode
client.subscribe('todos', 'all', { mode: 'some' })
// @ts-expect-error it is live, but not yours to change
todos.items.set('a', { id: 'a', title: 'b' })
// @ts-expect-error there is no such event
client.on('opened', () => {})
