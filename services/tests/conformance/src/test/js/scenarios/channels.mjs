import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createChannel } from '../sdk.mjs'
import { WebSocket } from 'ws'
import { at, call, eventually, Inbox, scenario, settled, unique, worker } from '../kit/kit.mjs'

scenario('bytes written to a channel are read by a function of another worker', async () => {
  const id = unique('reads')
  const reader = worker()
  reader.registerFunction(id, async ({ input, name }) => {
    const bytes = await input.readAll()
    return { name, length: bytes.length, first: bytes[0], last: bytes[bytes.length - 1] }
  })
  await settled(reader)
  const iii = worker()
  const channel = await createChannel(iii)
  const answer = call(iii, id, { name: 'n', input: channel.readerRef })
  const bytes = Buffer.alloc(1_000_000, 7)
  bytes[0] = 1
  bytes[bytes.length - 1] = 2
  channel.writer.stream.end(bytes)
  assert.deepEqual(await answer, { name: 'n', length: 1_000_000, first: 1, last: 2 })
})

scenario('bytes written by a function are read by its caller', async () => {
  const id = unique('writes')
  const writer = worker()
  const bytes = randomBytes(300_000)
  writer.registerFunction(id, async ({ output }) => {
    for (let from = 0; from < bytes.length; from += 100_000) output.stream.write(bytes.subarray(from, from + 100_000))
    output.stream.end()
  })
  await settled(writer)
  const iii = worker()
  const channel = await createChannel(iii)
  const called = call(iii, id, { output: channel.writerRef })
  const read = await channel.reader.readAll()
  assert.ok(read.equals(bytes))
  assert.equal(await called, undefined)
})

scenario('text messages keep their order and stay apart from bytes', async () => {
  const id = unique('texts')
  const iii = worker()
  iii.registerFunction(id, async ({ output }) => {
    for (let n = 0; n < 200; n++) output.sendMessage(JSON.stringify({ n }))
    output.stream.end(Buffer.from('the end'))
  })
  const channel = await createChannel(iii, 16)
  const inbox = new Inbox()
  channel.reader.onMessage((text) => inbox.take(JSON.parse(text)))
  const called = call(iii, id, { output: channel.writerRef })
  const read = await channel.reader.readAll()
  assert.equal(read.toString(), 'the end')
  assert.deepEqual(inbox.items.map(({ n }) => n), Array.from({ length: 200 }, (_, n) => n))
  await called
})

scenario('a reader that comes late still has all that was written', async () => {
  const iii = worker()
  const channel = await createChannel(iii)
  for (let n = 0; n < 10; n++) channel.writer.sendMessage(`${n}`)
  channel.writer.close()
  await eventually(() => channel.writer.ws?.readyState === WebSocket.CLOSED)
  const inbox = new Inbox()
  channel.reader.onMessage(inbox.take)
  await channel.reader.readAll()
  assert.deepEqual(inbox.items, Array.from({ length: 10 }, (_, n) => `${n}`))
})

scenario('a slow reader holds its writer back and loses nothing', async () => {
  const iii = worker()
  const channel = await createChannel(iii, 4)
  const pieces = 64
  const piece = Buffer.alloc(256 * 1024, 1)
  for (let n = 0; n < pieces; n++) channel.writer.stream.write(piece)
  channel.writer.stream.end()
  let read = 0
  for await (const chunk of channel.reader.stream) {
    read += chunk.length
    if (read % (1024 * 1024) === 0) await new Promise(setImmediate)
  }
  assert.equal(read, pieces * piece.length)
})

scenario('a key that is wrong opens nothing', async () => {
  const iii = worker()
  const { writerRef } = await createChannel(iii)
  const status = (path) =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(at.workers + path)
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
      socket.on('open', () => reject(new Error('it opened')))
      socket.on('error', () => {})
    })
  assert.equal(await status(`/ws/channels/${writerRef.channel_id}?key=wrong&dir=write`), 404)
  assert.equal(await status(`/ws/channels/${writerRef.channel_id}?key=${writerRef.access_key}`), 400)
  assert.equal(await status('/ws/channels/none?key=k&dir=read'), 404)
  assert.equal(await status('/elsewhere'), 404)
})
