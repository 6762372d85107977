// What 0.22.1 offers, under the names that the scenarios use.
export { registerWorker, TriggerAction } from 'iii-sdk'
export { createChannel, createStream } from 'iii-sdk/helpers'
export { EngineFunctions, EngineTriggers } from 'iii-sdk/engine'
export { http } from '@iii-dev/helpers/http'
export { Logger } from '@iii-dev/helpers/observability'

export const version = '0.22.1'
