import assert from 'node:assert/strict'
import { call, fields, refusal, scenario, unique, worker } from '../kit/kit.mjs'

const scope = unique('state')

scenario('a value that is set is told with the one before it, and read back', async () => {
  const iii = worker()
  const first = await call(iii, 'state::set', { scope, key: 'a', value: { n: 1 } })
  assert.deepEqual(fields(first, 'old_value', 'new_value'), { old_value: null, new_value: { n: 1 } })
  const second = await call(iii, 'state::set', { scope, key: 'a', value: [1, 'two', null] })
  assert.deepEqual(fields(second, 'old_value', 'new_value'), { old_value: { n: 1 }, new_value: [1, 'two', null] })
  assert.deepEqual(await call(iii, 'state::get', { scope, key: 'a' }), [1, 'two', null])
})

scenario('what is missing reads as undefined, a null that was set as null', async () => {
  const iii = worker()
  assert.equal(await call(iii, 'state::get', { scope, key: 'never' }), undefined)
  await call(iii, 'state::set', { scope, key: 'null', value: null })
  assert.equal(await call(iii, 'state::get', { scope, key: 'null' }), null)
})

scenario('a delete gives the bare value that was there', async () => {
  const iii = worker()
  await call(iii, 'state::set', { scope, key: 'gone', data: 'by its other name' })
  assert.equal(await call(iii, 'state::delete', { scope, key: 'gone' }), 'by its other name')
  assert.equal(await call(iii, 'state::get', { scope, key: 'gone' }), undefined)
  assert.equal(await call(iii, 'state::delete', { scope, key: 'gone' }), undefined)
})

scenario('an update does its ops in order and tells those that failed', async () => {
  const iii = worker()
  const done = await call(iii, 'state::update', {
    scope,
    key: 'doc',
    ops: [
      { type: 'set', path: 'name', value: 'x' },
      { type: 'increment', path: 'name', by: 1 },
      { type: 'increment', path: 'n', by: 5 },
      { type: 'decrement', path: 'n', by: 2 },
      { type: 'append', path: 'log', value: { at: 1 } },
      { type: 'merge', path: ['a', 'b'], value: { c: true } },
      { type: 'remove', path: 'name' },
    ],
  })
  assert.equal(done.old_value, null)
  assert.deepEqual(done.new_value, { n: 3, log: [{ at: 1 }], a: { b: { c: true } } })
  assert.deepEqual(done.errors.map(({ op_index, code }) => [op_index, code]), [[1, 'increment.not_number']])
  const fine = await call(iii, 'state::update', { scope, key: 'doc', ops: [] })
  assert.ok(!('errors' in fine))
})

scenario('a hundred increments at once all count', async () => {
  const iii = worker()
  const ops = [{ type: 'increment', path: 'count', by: 1 }]
  await Promise.all(Array.from({ length: 100 }, () => call(iii, 'state::update', { scope, key: 'hits', ops })))
  assert.deepEqual(await call(iii, 'state::get', { scope, key: 'hits' }), { count: 100 })
})

scenario('a list has the values of its scope only, and scopes are listed', async () => {
  const iii = worker()
  const mine = unique('listed')
  assert.deepEqual(await call(iii, 'state::list', { scope: mine }), [])
  for (const id of ['1', '2', '3']) await call(iii, 'state::set', { scope: mine, key: id, value: { id } })
  const values = await call(iii, 'state::list', { scope: mine })
  assert.deepEqual(values.map((value) => value.id).sort(), ['1', '2', '3'])
  const { groups } = await call(iii, 'state::list_groups', {})
  assert.ok(groups.includes(mine))
})

scenario('input that does not fit is refused and changes nothing', async () => {
  const iii = worker()
  const ops = [{ type: 'set', path: 'a', value: 1 }, { type: 'increment', path: 'a', by: 1.5 }]
  const error = await refusal(call(iii, 'state::update', { scope, key: 'refused', ops }))
  assert.equal(error.code, 'deserialization_error')
  assert.match(error.message, /Failed to deserialize input for state::update: /)
  assert.equal(error.function_id, 'state::update')
  assert.equal((await refusal(call(iii, 'state::set', { scope, key: 'refused' }))).code, 'deserialization_error')
  assert.equal((await refusal(call(iii, 'state::get', null))).code, 'deserialization_error')
  assert.equal(await call(iii, 'state::get', { scope, key: 'refused' }), undefined)
})

scenario('any name and any text come back as they were', async () => {
  const iii = worker()
  const odd = `${scope}/ü:"\\\u0001 😀`
  for (const key of ['', 'a:b', '\u2028', '😀']) {
    await call(iii, 'state::set', { scope: odd, key, value: { key, text: 'a\u0000b\ud83d\ude00"\\' } })
    assert.deepEqual(await call(iii, 'state::get', { scope: odd, key }), { key, text: 'a\u0000b\ud83d\ude00"\\' })
  }
})
