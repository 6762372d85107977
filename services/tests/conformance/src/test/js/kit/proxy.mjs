// A TCP proxy in front of the worker port, whose connections can be cut.
import { connect, createServer } from 'node:net'
import { at, later } from './kit.mjs'

/** Opens one. It gives its address, `cut()` for what is connected now, `close()` for good. */
export async function proxy() {
  const target = new URL(at.workers)
  const sockets = new Set()
  let accepted = 0
  const server = createServer((near) => {
    accepted++
    const far = connect(Number(target.port), target.hostname)
    for (const [from, to] of [[near, far], [far, near]]) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => sockets.forEach((socket) => socket.resetAndDestroy())
  const close = () => {
    server.close()
    cut()
  }
  later(close)
  return { url: `ws://127.0.0.1:${server.address().port}`, cut, close, accepted: () => accepted }
}
