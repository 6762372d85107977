/** What a client needs of a WebSocket; that of browsers, of Node.js 22 and of the package `ws` have it. */
export interface WebSocketLike {
  readonly readyState: number
  onopen: ((event: any) => void) | null
  onmessage: ((event: any) => void) | null
  onclose: ((event: any) => void) | null
  onerror: ((event: any) => void) | null
  send(text: string): void
  close(code?: number): void
}

export interface ConnectOptions {
  /** Subprotocols to offer. */
  protocols?: string | string[]
  /** The waits between tries, in milliseconds: at random from none to `min` doubled for each try in vain, at most `max`. */
  backoff?: {
    /** Default 100. */
    min?: number
    /** Default 30000. */
    max?: number
    /** From 0 to 1; default `Math.random`. */
    random?: () => number
  }
  /**
   * After how many milliseconds without a frame the socket is given up, if a cursor is known by then; default 75000, 0 for
   * never. Make it more than twice the node's `gateway.ping-interval`.
   */
  silence?: number
  /** Default that of the platform. */
  WebSocket?: new (url: string, protocols?: any) => WebSocketLike
}

/** `closed`: by `close()`, or by the server's refusal; it does not come back. */
export type ClientState = 'connecting' | 'open' | 'reconnecting' | 'closed'

export interface ClientEvents {
  /** A socket is open, and all is joined again. */
  open: {}
  /** A socket is lost. */
  close: { code: number; reason: string }
  /** The next try follows in `delay` milliseconds; `attempt` counts those in vain from 1. */
  reconnecting: { attempt: number; delay: number }
  /** The client has given up: the server refuses it. */
  error: MillraceError
}

/**
 * `unauthorized`, `refused`: the server does not let this subscription be. `rejected`: it closed socket after socket as
 * against its rules. `behind`: too much waits for one who iterates. `closed`: the client is.
 */
export type ErrorCode = 'unauthorized' | 'refused' | 'rejected' | 'behind' | 'closed'

export class MillraceError extends Error {
  constructor(code: ErrorCode, message: string)
  readonly code: ErrorCode
}

/** An item became `value`, or, of type `delete`, was it and is gone. */
export interface Change<T> {
  type: 'create' | 'update' | 'delete'
  id: string
  value: T
  /** Milliseconds of the Unix epoch, rising with each change of the item. */
  timestamp: number
  /** Rising likewise, in microseconds; not for streams that a worker keeps. */
  version?: number
}

/** What somebody sent with `stream::send`. */
export interface StreamEvent<E = unknown> {
  type: string
  data: E
  /** The item it is about, if any. */
  id: string | null
  timestamp: number
}

/** Why a subscription begins again. */
export type ResetReason = 'unknown' | 'too_old' | 'behind' | (string & {})

/** What one who iterates is told. */
export type Told<T, E = unknown> =
  | { type: 'sync'; items: ReadonlyMap<string, T> }
  | Change<T>
  | { type: 'event'; event: StreamEvent<E> }
  | { type: 'reset'; reason: ResetReason }

export interface SubscribeOptions<T, E = unknown> {
  /** One item only; `''` is an item, too. */
  item?: string | null
  /** `latest`: of each item the newest is enough. Default `every`. */
  mode?: 'every' | 'latest'
  /** Of mode `latest`: the least time between two changes of an item, in whole milliseconds. Default 0. */
  interval?: number
  /** All of `items` is new. */
  onSync?(items: ReadonlyMap<string, T>): void
  /** `items` has it already. */
  onChange?(change: Change<T>): void
  onEvent?(event: StreamEvent<E>): void
  /** Something may have been missed: `items` stays as it is until `onSync` is told. */
  onReset?(reason: ResetReason): void
  /** The subscription has ended. */
  onRefused?(error: MillraceError): void
}

/**
 * `waiting`: for a socket. `joining`: for a snapshot. `resuming`: for what came after the cursor; nothing need have.
 * `live`: told since. `refused`, `closed` and `left` are for good.
 */
export type SubscriptionState = 'waiting' | 'joining' | 'resuming' | 'live' | 'refused' | 'closed' | 'left'

export interface Subscription<T, E = unknown> extends AsyncIterable<Told<T, E>> {
  /** Live, one and the same map for all subscriptions of an address. Empty before the first `onSync`. */
  readonly items: ReadonlyMap<string, T>
  /** The values of the last snapshot of a group that have no string `id`, in its order. */
  readonly unnamed: readonly T[]
  /** Resolved with the first snapshot; rejected if there will be none. */
  readonly ready: Promise<ReadonlyMap<string, T>>
  /** The place up to which all has been told; undefined if there is none yet. */
  readonly cursor: string | undefined
  readonly state: SubscriptionState
  /** Ends it. Nothing is told any more, and iterations end. */
  leave(): void
}

export interface Client {
  readonly state: ClientState
  /** @throws RangeError if the terms are none, or not those of an earlier subscription to the same address */
  subscribe<T = any, E = any>(stream: string, group: string, options?: SubscribeOptions<T, E>): Subscription<T, E>
  /** @returns what takes the listener away again */
  on<K extends keyof ClientEvents>(name: K, listener: (detail: ClientEvents[K]) => void): () => void
  /** Ends all subscriptions and the socket. */
  close(): void
}

/** Connects to a node's stream port, say `ws://localhost:3112`, and again whenever the socket is lost. */
export function connect(url: string | { readonly href: string }, options?: ConnectOptions): Client
