import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { call, eventually, later, refusal, scenario, unique, worker } from '../kit/kit.mjs'

/** An HTTP service of somebody else's. */
async function service(answer) {
  const requests = []
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    requests.push({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() })
    const { status = 200, body = '' } = answer(requests.at(-1))
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  later(() => server.close())
  return { url: `http://127.0.0.1:${server.address().port}/hook`, requests }
}

scenario('a function may be an HTTP endpoint', async () => {
  const { url, requests } = await service(({ body }) => ({ body: JSON.stringify({ got: JSON.parse(body).n }) }))
  const iii = worker()
  const id = unique('endpoint')
  iii.registerFunction(id, { url, method: 'PUT', headers: { 'x-mine': 'v' } })
  const result = await eventually(() => call(iii, id, { n: 5 }))
  assert.deepEqual(result, { got: 5 })
  const { method, headers, body } = requests.at(-1)
  assert.equal(method, 'PUT')
  assert.equal(headers['x-mine'], 'v')
  assert.equal(headers['x-iii-function-path'], id)
  assert.match(headers['x-iii-invocation-id'], /^[0-9a-f-]{36}$/)
  assert.equal(JSON.parse(body).n, 5)
})

scenario('its failures become errors of the call', async () => {
  const answers = {
    coded: { status: 422, body: '{"error":{"code":"no_stock","message":"sold out"}}' },
    bare: { status: 503, body: 'down' },
    text: { body: 'not json' },
    empty: { body: '' },
  }
  const { url } = await service(({ body }) => answers[JSON.parse(body).give])
  const iii = worker()
  const id = unique('failing-endpoint')
  iii.registerFunction(id, { url })
  assert.equal(await eventually(() => call(iii, id, { give: 'empty' }).then(() => true)), true)
  const coded = await refusal(call(iii, id, { give: 'coded' }))
  assert.deepEqual([coded.code, coded.message], ['no_stock', 'no_stock: sold out'])
  assert.equal((await refusal(call(iii, id, { give: 'bare' }))).code, 'http_error')
  assert.equal((await refusal(call(iii, id, { give: 'text' }))).code, 'invalid_response')
})

scenario('a call of an endpoint is signed with a secret of the environment', async () => {
  const { url, requests } = await service(() => ({ body: '1' }))
  const iii = worker()
  const id = unique('signed-endpoint')
  iii.registerFunction(id, { url, auth: { type: 'hmac', secret_key: 'SECRET_OF_A_SCENARIO' } })
  assert.equal(await eventually(() => call(iii, id, { n: 1 })), 1)
  const { headers, body } = requests.at(-1)
  const signed = `${headers['x-iii-timestamp']}:${Buffer.from(body).toString('base64')}`
  const expected = createHmac('sha256', process.env.SECRET_OF_A_SCENARIO).update(signed).digest('hex')
  assert.equal(headers['x-iii-signature'], `sha256=${expected}`)
})
