// What 0.11.6 offers, under the names that the scenarios use.
export { registerWorker, TriggerAction, EngineFunctions, EngineTriggers, http, Logger } from 'iii-sdk'

export const createChannel = (iii, bufferSize) => iii.createChannel(bufferSize)
export const createStream = (iii, name, stream) => iii.createStream(name, stream)

export const version = '0.11.6'
