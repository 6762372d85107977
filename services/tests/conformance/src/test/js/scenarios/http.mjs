import assert from 'node:assert/strict'
import { http } from '../sdk.mjs'
import { at, call, Inbox, request, scenario, settled, unique, worker } from '../kit/kit.mjs'

const base = `/${unique('http')}`

/** Serves a path with a handler. */
async function route(iii, method, path, handler, config = {}, metadata = undefined) {
  const function_id = unique(`${method}${path}`)
  iii.registerFunction(function_id, handler)
  iii.registerTrigger({ type: 'http', function_id, config: { api_path: base + path, http_method: method, ...config }, metadata })
  await settled(iii)
  return base + path
}

scenario('a request arrives with all its parts', async () => {
  const iii = worker()
  const inbox = new Inbox()
  await route(iii, 'POST', '/users/:id/:rest', async (data) => {
    inbox.take(data)
    return { status_code: 201, headers: { 'x-mine': 'yes' }, body: { ok: true } }
  })
  const response = await request('POST', `${base}/users/a%20b/c?q=1%202&q=last&empty=`, {
    json: { title: 'x' },
    headers: { 'X-Custom': 'v' },
  })
  assert.equal(response.status, 201)
  assert.equal(response.headers.get('x-mine'), 'yes')
  assert.match(response.headers.get('content-type'), /^application\/json/)
  assert.deepEqual(response.json, { ok: true })
  const [data] = inbox.items
  assert.deepEqual(data.query_params, { q: 'last', empty: '' })
  assert.deepEqual(data.path_params, { id: 'a%20b', rest: 'c' })
  assert.equal(data.headers['x-custom'], 'v')
  assert.equal(data.path, `${base}/users/:id/:rest`)
  assert.equal(data.method, 'POST')
  assert.deepEqual(data.body, { title: 'x' })
  assert.deepEqual(data.trigger, { type: 'http', path: `${base}/users/:id/:rest`, method: 'POST' })
  assert.ok(!('_caller_worker_id' in data))
})

scenario('what a handler gives becomes the response', async () => {
  const iii = worker()
  const results = {
    text: { headers: { 'content-type': 'text/plain' }, body: 'just text' },
    quoted: { body: 'quoted' },
    cookies: { headers: ['Set-Cookie: a=1', 'Set-Cookie: b=2'], body: null },
    status: { status_code: 204 },
    plain: { id: 7 },
    list: [1, 2],
    number: 3,
  }
  const path = await route(iii, 'GET', '/result/:name', async ({ path_params }) => results[path_params.name])
  const get = (name) => request('GET', path.replace(':name', name))
  assert.equal((await get('text')).text, 'just text')
  assert.equal((await get('quoted')).text, '"quoted"')
  assert.deepEqual((await get('cookies')).headers.getSetCookie(), ['a=1', 'b=2'])
  assert.equal((await get('status')).status, 204)
  const plain = await get('plain')
  assert.deepEqual([plain.status, plain.json], [200, { id: 7 }])
  assert.deepEqual((await get('list')).json, [1, 2])
  assert.deepEqual((await get('number')).json, 3)
})

scenario('a body that is not JSON is in the request channel', async () => {
  const iii = worker()
  const path = await route(iii, 'PUT', '/raw', async ({ body, request_body }) => {
    const bytes = await request_body.readAll()
    return { body: { body, length: bytes.length, text: bytes.subarray(0, 5).toString() } }
  })
  const response = await request('PUT', path, { body: 'hello' + 'x'.repeat(400_000), headers: { 'content-type': 'text/plain' } })
  assert.deepEqual(response.json, { body: null, length: 400_005, text: 'hello' })
  const json = await request('PUT', path, { json: { a: 1 } })
  assert.deepEqual(json.json, { body: { a: 1 }, length: 7, text: '{"a":' })
  const broken = await request('PUT', path, { body: '{"a":', headers: { 'content-type': 'application/json' } })
  assert.deepEqual(broken.json, { body: null, length: 5, text: '{"a":' })
})

scenario('a response is streamed as the handler writes it', async () => {
  const iii = worker()
  let release
  const held = new Promise((resolve) => (release = resolve))
  const path = await route(
    iii,
    'GET',
    '/stream',
    http(async (_, response) => {
      response.status(202)
      response.headers({ 'content-type': 'text/event-stream' })
      response.stream.write('one\n')
      await held
      response.stream.end('two\n')
    }),
  )
  const response = await fetch(at.http + path)
  assert.equal(response.status, 202)
  assert.equal(response.headers.get('content-type'), 'text/event-stream')
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  assert.equal(decoder.decode((await reader.read()).value), 'one\n')
  release()
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) rest += decoder.decode(part.value)
  assert.equal(rest, 'two\n')
})

scenario('an upload is streamed back while it comes in', async () => {
  const iii = worker()
  const path = await route(
    iii,
    'POST',
    '/echo',
    http(async (request, response) => {
      response.headers({ 'content-type': 'application/octet-stream' })
      for await (const chunk of request.request_body.stream) response.stream.write(chunk)
      response.stream.end()
    }),
  )
  const bytes = Buffer.alloc(3_000_000, 'abcdefg')
  const response = await fetch(at.http + path, { method: 'POST', body: bytes, headers: { 'content-type': 'application/octet-stream' } })
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes))
})

scenario('a streamed response may be a status alone', async () => {
  const iii = worker()
  const path = await route(iii, 'GET', '/status-alone', http(async (_, response) => {
    response.status(418)
    response.close()
  }))
  const response = await request('GET', path)
  assert.deepEqual([response.status, response.text], [418, ''])
})

scenario('no route is 404, another method 405, a failing handler 500', async () => {
  const iii = worker()
  const path = await route(iii, 'GET', '/fails', async () => {
    throw new Error('boom')
  })
  const missing = await request('GET', `${base}/nowhere`)
  assert.deepEqual([missing.status, missing.json], [404, { error: { code: 'NOT_FOUND', message: 'Not Found' } }])
  const method = await request('DELETE', path)
  assert.deepEqual([method.status, method.text], [405, ''])
  assert.match(method.headers.get('allow'), /GET/)
  const failed = await request('GET', path)
  assert.equal(failed.status, 500)
  assert.deepEqual({ ...failed.json.error, error_id: '' }, { code: 'invocation_failed', message: 'boom', error_id: '' })
  assert.match(failed.json.error.error_id, /^[0-9a-f]{1,12}$/)
  assert.equal((await request('GET', `${path}/`)).status, 404)
})

scenario('a handler that never answers is 504', async () => {
  const iii = worker()
  const path = await route(iii, 'GET', '/never', () => new Promise(() => {}))
  const response = await request('GET', path)
  assert.deepEqual([response.status, response.text], [504, ''])
})

scenario('a condition that gives false is 422, one that fails 500', async () => {
  const iii = worker()
  const condition_function_id = unique('condition-of-http')
  iii.registerFunction(condition_function_id, async ({ query_params, request_body }) => {
    if (request_body) throw new Error('conditions have no channels')
    if (query_params.q === 'throw') throw new Error('broken')
    return query_params.q !== 'no'
  })
  const path = await route(iii, 'GET', '/condition', async () => ({ body: 'through' }), { condition_function_id })
  assert.equal((await request('GET', `${path}?q=yes`)).json, 'through')
  const refused = await request('GET', `${path}?q=no`)
  assert.equal(refused.status, 422)
  assert.deepEqual(refused.json, {
    error: { code: 'CONDITION_NOT_MET', message: 'Request condition not met' },
    skipped: true,
  })
  assert.equal((await request('GET', `${path}?q=throw`)).status, 500)
})

scenario('middleware may let a request through or answer it', async () => {
  const iii = worker()
  const id = unique('middleware')
  iii.registerFunction(id, async ({ phase, request }) =>
    request.headers.authorization
      ? { action: 'continue' }
      : { action: 'respond', response: { status_code: 401, body: { phase }, headers: { 'x-by': 'middleware' } } },
  )
  const path = await route(iii, 'GET', '/guarded', async () => ({ body: 'in' }), { middleware_function_ids: [id] })
  const refused = await request('GET', path)
  assert.deepEqual([refused.status, refused.json, refused.headers.get('x-by')], [401, { phase: 'preHandler' }, 'middleware'])
  assert.equal((await request('GET', path, { headers: { authorization: 'me' } })).json, 'in')
})

scenario('metadata of a route is the second argument of its handler', ['0.22.1'], async () => {
  const iii = worker()
  const path = await route(iii, 'GET', '/metadata', async (_, metadata) => ({ body: metadata }), {}, { a: [1] })
  assert.deepEqual((await request('GET', path)).json, { a: [1] })
})

scenario('a route goes with its trigger, and an exact one beats a parameter', async () => {
  const iii = worker()
  await route(iii, 'GET', '/things/:id', async ({ path_params }) => ({ body: path_params.id }))
  const function_id = unique('exact')
  iii.registerFunction(function_id, async () => ({ body: 'exactly' }))
  const config = { api_path: `${base}/things/new`.slice(1), http_method: 'get' }
  const exact = iii.registerTrigger({ type: 'http', function_id, config })
  await settled(iii)
  assert.equal((await request('GET', `${base}/things/7`)).json, '7')
  assert.equal((await request('GET', `${base}/things/new`)).json, 'exactly')
  exact.unregister()
  await settled(iii)
  assert.equal((await request('GET', `${base}/things/new`)).json, 'new')
  const head = await request('HEAD', `${base}/things/7`)
  assert.deepEqual([head.status, head.text], [200, ''])
  const options = await fetch(`${at.http}${base}/things/7`, { method: 'OPTIONS' })
  assert.equal(options.status, 200)
  assert.equal(options.headers.get('access-control-allow-methods'), '*')
})

scenario('a handler may call the state while it answers, many at a time', async () => {
  const iii = worker()
  const scope = unique('http-state')
  const ops = [{ type: 'increment', path: 'n', by: 1 }]
  const path = await route(iii, 'POST', '/count', async () => {
    const { new_value } = await call(iii, 'state::update', { scope, key: 'k', ops })
    return { body: new_value }
  })
  const answers = await Promise.all(Array.from({ length: 50 }, () => request('POST', path, { json: {} })))
  const counted = answers.map(({ json }) => json.n).sort((a, b) => a - b)
  assert.deepEqual(counted, Array.from({ length: 50 }, (_, i) => i + 1))
})
