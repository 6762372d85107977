// A reactive todo backend: todos are state, everything else follows from their changes.
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { registerWorker } from 'iii-sdk'

const iii = registerWorker(process.env.III_URL ?? 'ws://localhost:49134', { workerName: 'todo' })
const call = (function_id, payload) => iii.trigger({ function_id, payload })

const TODOS = 'todos'
const METRICS = { scope: 'todo-metrics', key: 'global' }

const answer = (status_code, body) => ({ status_code, body })
const refuse = (status_code, message) => answer(status_code, { error: message })

/** Registers a function that answers HTTP requests. */
function serve(http_method, api_path, id, handler) {
  iii.registerFunction(id, handler)
  iii.registerTrigger({ type: 'http', function_id: id, config: { api_path, http_method } })
}

/** Registers a function that is called for every change of the todos. */
function onChange(id, handler) {
  iii.registerFunction(id, handler)
  // The subscription is the trigger's name for ever: it resumes where it stopped, whatever becomes of this worker.
  iii.registerTrigger({ type: 'state', function_id: id, config: { scope: TODOS, subscription: id.replace('::', '.') } })
}

serve('POST', '/todos', 'todos::create', async ({ body }) => {
  const title = typeof body?.title === 'string' ? body.title.trim() : ''
  if (title === '') return refuse(400, 'title: missing (expected: some text)')
  const todo = { id: randomUUID(), title, completed: false, created_at: new Date().toISOString() }
  await call('state::set', { scope: TODOS, key: todo.id, value: todo })
  return answer(201, todo)
})

serve('GET', '/todos', 'todos::list', async () => {
  const todos = await call('state::list', { scope: TODOS })
  return answer(200, todos.sort((a, b) => a.created_at.localeCompare(b.created_at)))
})

serve('POST', '/todos/toggle', 'todos::toggle', async ({ body }) => {
  if (typeof body?.id !== 'string') return refuse(400, 'id: missing (expected: the id of a todo)')
  const address = { scope: TODOS, key: body.id }
  const todo = await call('state::get', address)
  if (!todo) return refuse(404, 'there is no such todo')
  const { old_value, new_value } = await call('state::update', {
    ...address,
    ops: [
      { type: 'set', path: 'completed', value: !todo.completed },
      { type: 'set', path: 'updated_at', value: new Date().toISOString() },
    ],
  })
  if (old_value) return answer(200, new_value)
  // Deleted in between: an update creates what is missing, so what it made of nothing goes again.
  await call('state::delete', address)
  return refuse(404, 'there is no such todo')
})

serve('POST', '/todos/delete', 'todos::delete', async ({ body }) => {
  if (typeof body?.id !== 'string') return refuse(400, 'id: missing (expected: the id of a todo)')
  const todo = await call('state::delete', { scope: TODOS, key: body.id })
  return todo ? answer(200, todo) : refuse(404, 'there is no such todo')
})

serve('GET', '/todos/metrics', 'todos::get-metrics', async () => {
  const metrics = await call('state::get', METRICS)
  return answer(200, { total: 0, completed: 0, ...metrics })
})

onChange('todos::on-change', async ({ event_type, key, old_value, new_value, version }) => {
  // Deleting what is not there is a change, too, of nothing into nothing.
  if (!old_value && !new_value) return
  const action = event_type.slice('state:'.length)
  // Waited for: were the node to die in between, this would be called again, and no browser misses it.
  await call('stream::send', {
    stream_name: 'todos-live',
    group_id: 'all',
    id: key,
    type: 'todo_changed',
    data: { action, key, version, todo: new_value ?? old_value },
  })
})

onChange('todos::update-metrics', async ({ old_value, new_value, version }) => {
  const count = (todo) => ({ total: todo ? 1 : 0, completed: todo?.completed ? 1 : 0 })
  const [before, after] = [count(old_value), count(new_value)]
  const ops = ['total', 'completed']
    .map((path) => ({ type: 'increment', path, by: after[path] - before[path] }))
    .filter(({ by }) => by !== 0)
  if (ops.length === 0) return
  // A change may be delivered twice. Its version is its name, so the second time this update counts for nothing.
  await call('state::update', { ...METRICS, ops, mutation_id: `todo-metrics-${version}` })
})

/** Registers a function that answers with a file of the repository. */
function serveFile(api_path, id, file, type) {
  serve('GET', api_path, id, async () => ({
    status_code: 200,
    headers: { 'content-type': `${type}; charset=utf-8` },
    body: await readFile(new URL(file, import.meta.url), 'utf8'),
  }))
}

serveFile('/todos/app', 'todos::app', 'index.html', 'text/html')
serveFile('/todos/millrace.js', 'todos::client', '../../clients/js/millrace.js', 'text/javascript')
serveFile('/todos/feed.js', 'todos::client-feed', '../../clients/js/feed.js', 'text/javascript')

console.log('todo worker: http://localhost:3111/todos/app')

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await iii.shutdown()
    process.exit(0)
  })
}
