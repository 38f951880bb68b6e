// The record, seen from outside: a whole pilot runs, then every case is checked by a verifier written from
// docs/record-format.md. And each kind of tampering is found by it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { binary, signIn, startServer } from './server.mjs'
import { decode, documentsOf, resultOf, strictJson, verify } from './verifier.mjs'

let server, auditor
before(async () => {
  server = await startServer()
  await promisify(execFile)(binary, ['demo', 'pilot', '--server', server.url], { timeout: 600_000 })
  auditor = await signIn(server.url, 'auditor')
}, { timeout: 660_000 })
after(async () => { assert.equal(await server.stop(), 0) })

async function everyCase() {
  const list = []
  for (let cursor = ''; ;) {
    const page = await auditor.get(`/cases?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
    list.push(...page.items)
    if (!page.next_cursor) return list
    cursor = page.next_cursor
  }
}

async function history(id) {
  const events = []
  for (let after = 0; after !== null;) {
    const page = await auditor.get(`/cases/${id}/history?limit=100&after_seq=${after}`)
    events.push(...page.items)
    after = page.next_after_seq
  }
  return events
}

test('every case of the pilot verifies, and its row is what its events make', async () => {
  const cases = await everyCase()
  assert.ok(cases.length > 221, `only ${cases.length} cases`)
  for (const one of cases) {
    const made = verify(one.id, await history(one.id))
    const row = await auditor.get(`/cases/${one.id}`)
    assert.deepEqual({ state: row.state, version: row.version, head_hash: row.head_hash }, { state: made.state, version: made.version, head_hash: made.head_hash }, one.id)
    assert.deepEqual(row.facts, made.facts, one.id)
  }
})

test('events of which something is withheld keep their place in the chain', async () => {
  const voted = (events) => events.some((event) => event.command === 'cast_vote' && event.payload.choice)
  let id, whole
  for (const one of await everyCase()) if (voted(whole = await history(id = one.id))) break
  const withhold = (events) => events.filter((event) => event.command === 'cast_vote')
    .forEach((event) => Object.assign(event, { withheld: 'until_ballot_closes', record: null, request_id: null, payload: {}, changes: [] }))
  const seen = structuredClone(whole)
  withhold(seen)
  const made = verify(id, seen), expected = verify(id, whole)
  assert.deepEqual(made.unchecked, seen.filter((event) => event.withheld).map((event) => event.seq))
  assert.ok(made.unchecked.length > 0)
  assert.deepEqual([made.state, made.version, made.head_hash, made.facts], [expected.state, expected.version, expected.head_hash, undefined])
  const damaged = structuredClone(seen)
  damaged.find((event) => event.withheld).hash = '0'.repeat(64)
  assert.throws(() => verify(id, damaged), /previous hash/)
})

test('the fields beside a record say the same as its bytes', async () => {
  const [one] = await everyCase()
  for (const item of await history(one.id)) {
    const { event } = decode(item.record)
    for (const field of ['seq', 'actor', 'command', 'from', 'to', 'definition', 'definition_version', 'request_id'])
      assert.deepEqual(item[field], event[field], field)
    assert.equal(item.on_behalf_of ?? '', event.on_behalf_of)
    assert.equal(item.at_micros, event.at)
    assert.equal(item.at, new Date(event.at / 1000).toISOString().slice(0, 20) + String(event.at % 1_000_000).padStart(6, '0') + 'Z')
    for (const field of ['payload', 'context', 'changes']) assert.deepEqual(item[field], JSON.parse(event[field]))
  }
})

test('what a decision read from outside stands in the document, member by member', async () => {
  const text = await readFile(new URL('../../docs/record-format.md', import.meta.url), 'utf8')
  const words = (cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map(([, word]) => word)
  const everywhere = ['roles', 'qualifiers', 'relations', 'today'], atFirst = ['place', 'parent', 'batch']
  const named = {} // "workflow command" → members
  let workflow
  for (const line of text.slice(text.indexOf('Where a command needs it'), text.indexOf('### Documents')).split('\n').filter((row) => row.startsWith('| ')).slice(2)) {
    const [, first, commands, members] = line.split('|')
    workflow = words(first)[0] ?? workflow
    for (const command of words(commands)) (named[`${workflow} ${command}`] ??= []).push(...words(members))
  }
  const unnamed = new Set()
  let read = 0
  for (const one of await everyCase())
    for (const { definition, command, context, seq } of await history(one.id))
      for (const member of Object.keys(context)) {
        read += 1
        const known = [...everywhere, ...seq === 1 ? atFirst : [], ...command === 'issue_prescription' ? ['new_case_id'] : [], ...named[`${definition} ${command}`] ?? []]
        if (!known.includes(member)) unnamed.add(`${definition} ${command} ${member}`)
      }
  assert.ok(read > 10_000, `only ${read} members`)
  assert.deepEqual([...unnamed], [])
})

test('every document that an event names is there and whole, those that answers name too', async () => {
  const checked = new Map()
  const content = async (sha256) => {
    if (!checked.has(sha256)) checked.set(sha256, await auditor.bytes(`/attachments/${sha256}`))
    return checked.get(sha256)
  }
  for (const one of await everyCase())
    for (const item of await history(one.id))
      for (const sha256 of await documentsOf(decode(item.record).event, async (answers) => (await content(answers)).toString()))
        assert.equal(createHash('sha256').update(await content(sha256)).digest('hex'), sha256, `${one.id}, event ${item.seq}`)
  assert.ok(checked.size > 20, `only ${checked.size} documents`)
})

test('tampering of each kind is found and named', async () => {
  const cases = await everyCase()
  const long = cases.find((one) => one.version >= 5)
  const whole = await history(long.id)
  const damaged = (change) => { const copy = structuredClone(whole); change(copy); return () => verify(long.id, copy) }
  const flip = (item, at) => { const bytes = Buffer.from(item.record, 'base64'); bytes[at] ^= 1; item.record = bytes.toString('base64') }
  assert.doesNotThrow(damaged(() => {}))
  const length = Buffer.from(whole[2].record, 'base64').length
  for (let at = 0; at < length; at += 7) assert.throws(damaged((events) => flip(events[2], at)), undefined, `byte ${at}`)
  assert.throws(damaged((events) => { events[2].hash = events[2].hash.toUpperCase() }), /event 3: hash/)
  assert.throws(damaged((events) => events.splice(2, 1)), /event 3/)
  assert.throws(damaged((events) => events.splice(2, 0, events[1])), /event 3/)
  assert.throws(damaged((events) => { [events[1], events[2]] = [events[2], events[1]] }), /event 2/)
  assert.notEqual(verify(long.id, whole.slice(0, -1)).version, long.version, 'a cut-off end shows against the row')
})

test('texts in which two programs could read two things are not taken', () => {
  for (const text of ['', 'NaN', '{"a":NaN}', '\uFEFF{}', '{}{}', '{} x', '{}\v', '[1,]', '[01]', '[+1]', '[.5]', '[1.]', '["\\ud800"]', '["\t"]', '{"a":1,"a":2}',
    '{"b":[{"a":1,"\\u0061":1}]}', '1e999', '1e-999', '18446744073709551616', '9007199254740993.0', '0.1000000000000000055'])
    assert.throws(() => strictJson(text), undefined, text)
  for (const text of ['{}', '[]', '{"a":{"b":[1,-2,0.5,1e-7,true,null,"示例"]},"b":1}', ' {"a" : 1}\r\n', '100.50', '18446744073709551615'])
    assert.doesNotThrow(() => strictJson(text), text)
})

test('a result follows from the counts and the shares of the rule in the ballot', () => {
  const named = { quorum: [2, 3], pass: [1, 2] }
  const of = (approve, reject, present = 9, entitled = 9) => resultOf(named, { entitled, present, approve, reject, abstain: 0 })
  assert.deepEqual([of(5, 0), of(4, 0), of(4, 5), of(4, 4), of(5, 0, 5), of(0, 0, 0, 0)], ['passed', 'deferred', 'rejected', 'deferred', 'no_quorum', 'no_quorum'])
  const secret = { ...named, secret: true, voted: ['a', 'b'] }
  assert.equal(resultOf(secret, { entitled: 2, present: 2, approve: 2, reject: 0, abstain: 0 }, { approve: 2 }), 'passed')
  assert.equal(resultOf(secret, { entitled: 2, present: 2, approve: 1, reject: 0, abstain: 0 }, { approve: 1 }), 'votes_lost')
  assert.equal(resultOf(secret, { entitled: 2, present: 2, approve: 0, reject: 0, abstain: 0 }, null), 'votes_lost')
  assert.equal(resultOf(secret, { entitled: 9, present: 2, approve: 0, reject: 0, abstain: 0 }, null), 'no_quorum')
})

test('a case as it stood after each of its events is what the events make of it', async () => {
  const one = (await everyCase()).find((row) => row.version >= 5)
  const events = await history(one.id)
  for (let seq = 1; seq <= events.length; seq += 1) {
    const then = await auditor.get(`/cases/${one.id}?as_of_event=${seq}`)
    const made = verify(one.id, events.slice(0, seq))
    assert.deepEqual([then.state, then.version, then.head_hash, then.facts], [made.state, made.version, made.head_hash, made.facts], `event ${seq}`)
  }
})

test('the worked vectors of the document are right', async () => {
  const text = await readFile(new URL('../../docs/record-format.md', import.meta.url), 'utf8')
  const records = [...text.matchAll(/^[0-9a-f]{200,}$/gm)].map(([hex]) => Buffer.from(hex, 'hex').toString('base64'))
  const hashes = [...text.matchAll(/^hash `([0-9a-f]{64})`$/gm)].map(([, hash]) => hash)
  assert.equal(records.length, 2)
  const events = records.map((record, i) => ({ record, hash: hashes[i], previous_hash: i ? hashes[i - 1] : '0'.repeat(64) }))
  assert.equal(verify('01jnexample00001', events).state, 'refused')
})
