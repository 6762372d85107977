// A TCP proxy in front of one of the node's ports, whose connections can be cut.
import { connect, createServer } from 'node:net'
import { at, later, pause } from './kit.mjs'

const AGAIN_MILLIS = 100

/**
 * Opens one. It gives its address, `cut()` for what is connected now, `close()` for good.
 *
 * @param address what it is in front of
 * @param waits whether connections wait for a node that is away, instead of being closed
 */
export async function proxy({ address = at.workers, waits = false } = {}) {
  const target = new URL(address)
  const sockets = new Set()
  let accepted = 0
  const server = createServer(async (near) => {
    accepted++
    if (waits) {
      near.on('error', () => {})
      near.pause()
      await reachable(near)
    }
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
  /** Returns when there is somebody to connect to, or nobody who waits for it. */
  async function reachable(near) {
    while (!near.destroyed) {
      const there = await new Promise((resolve) => {
        const probe = connect(Number(target.port), target.hostname, () => resolve(true))
        probe.once('error', () => resolve(false)).once('connect', () => probe.destroy())
      })
      if (there) return
      await pause(AGAIN_MILLIS)
    }
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = () => sockets.forEach((socket) => socket.resetAndDestroy())
  const close = () => {
    server.close()
    cut()
  }
  later(close)
  return { url: `ws://127.0.0.1:${server.address().port}`, cut, close, accepted: () => accepted }
}
