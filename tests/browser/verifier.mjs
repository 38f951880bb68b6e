// A verifier of the record, written from docs/record-format.md alone.
import { createHash } from 'node:crypto'

class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0 }
  int() { const value = this.bytes.readBigInt64BE(this.at); this.at += 8; return Number(value) }
  text() {
    const length = this.bytes.readUInt32BE(this.at)
    const from = this.at + 4
    if (from + length > this.bytes.length) throw new Error('a text runs over the end')
    this.at = from + length
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes.subarray(from, this.at))
  }
}

export function decode(base64) {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.toString('base64') !== base64) throw new Error('not base64')
  const r = new Reader(bytes)
  const event = {
    format: r.text(), case_id: r.text(), seq: r.int(), at: r.int(), actor: r.text(), on_behalf_of: r.text(),
    definition: r.text(), definition_version: r.int(), command: r.text(), from: r.text(), to: r.text(),
    payload: r.text(), context: r.text(), changes: r.text(), request_id: r.text(),
  }
  if (r.at !== bytes.length) throw new Error('bytes are left over')
  if (event.format !== 'cunmai.event.1') throw new Error(`unknown format ${event.format}`)
  return { event, bytes }
}

function step(pointer) { return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) }

function patch(document, operations) { // RFC 6902: add, remove, replace are all that the program writes
  for (const { op, path, value } of operations) {
    if (!['add', 'remove', 'replace'].includes(op)) throw new Error(`operation ${op}`)
    const parts = step(path)
    if (parts.length === 0) { if (op !== 'replace') throw new Error(`${op} of the whole`); document = value; continue }
    const last = parts.pop()
    let place = document
    for (const part of parts) { place = place?.[part]; if (place === undefined) throw new Error(`no ${path}`) }
    if (Array.isArray(place)) {
      const index = last === '-' ? place.length : Number(last)
      if (op === 'add') place.splice(index, 0, value)
      else if (index >= place.length) throw new Error(`no ${path}`)
      else if (op === 'remove') place.splice(index, 1)
      else place[index] = value
    } else if (op === 'add') place[last] = value
    else if (!(last in place)) throw new Error(`no ${path}`)
    else if (op === 'remove') delete place[last]
    else place[last] = value
  }
  return document
}

// close_ballot: compares the votes before it with the counts after it. Members who gained an interest are recused first.
function checkCounts(ballot, closed, context) {
  const interested = (context.interested ?? []).map((one) => one.person)
  const votes = (ballot.secret ? ballot.voted : Object.keys(ballot.votes)).filter((person) => !interested.includes(person))
  const uncounted = ballot.secret && context.tally === null // a void secret ballot
  const tally = context.tally ?? {}
  const chose = (choice) => (ballot.secret ? tally[choice] ?? 0
    : votes.filter((person) => ballot.votes[person].choice === choice).length)
  const entitled = ballot.electorate.filter((member) => !member.recused).map((member) => member.person).filter((person) => !interested.includes(person))
  const expected = {
    electorate: ballot.electorate.length, entitled: entitled.length,
    present: entitled.filter((person) => ballot.present.includes(person) || votes.includes(person)).length,
    approve: chose('approve'), reject: chose('reject'), abstain: chose('abstain'),
  }
  const total = ballot.secret && !uncounted ? Object.values(tally).reduce((sum, count) => sum + count, 0) : votes.length
  if (uncounted && !['no_quorum', 'votes_lost'].includes(closed.result)) throw new Error('the box was not counted')
  if (new Set(votes).size !== votes.length || total !== votes.length) throw new Error('the tally is not that of the votes')
  for (const [key, count] of Object.entries(expected))
    if (closed.counts[key] !== count) throw new Error(`${key} is ${closed.counts[key]}, the votes say ${count}`)
}

// Documents that an event names. answersOf(sha256): the text of an answers document.
export async function documentsOf(event, answersOf) {
  const payload = JSON.parse(event.payload)
  const names = [...(payload.evidence ?? []), ...(payload.attachments ?? [])]
  if (event.command === 'terminate') names.push(payload.minutes)
  if (event.command === 'submit_self_check') {
    names.push(payload.answers)
    for (const answer of Object.values(JSON.parse(await answersOf(payload.answers)).answers)) names.push(...(answer.evidence ?? []))
  }
  return names
}

// history: the events as the API gives them, in order. Throws an error that names the first bad event. `unchecked` are
// those of which something is withheld: their own hash could not be computed, and `facts` is not known from there on.
export function verify(caseId, history) {
  let previous = Buffer.alloc(32)
  let facts = {}
  let state = 'not_opened'
  let seq = 0
  let definition, version
  const unchecked = []
  for (const item of history) {
    seq += 1
    const bad = (what) => new Error(`case ${caseId}, event ${seq}: ${what}`)
    if (item.withheld) {
      if (item.seq !== seq) throw bad(`has number ${item.seq}`)
      if (item.previous_hash !== previous.toString('hex')) throw bad('previous hash')
      if (item.from !== state) throw bad(`starts in ${item.from}, not ${state}`)
      if (item.definition !== (definition ??= item.definition)) throw bad(`is of ${item.definition}`)
      if (item.definition_version !== (version ??= item.definition_version)) throw bad(`under version ${item.definition_version}, after ${version}`)
      unchecked.push(seq)
      facts = undefined
      state = item.to
      previous = Buffer.from(item.hash, 'hex')
      continue
    }
    const { event, bytes } = decode(item.record)
    if (event.case_id !== caseId) throw bad('of another case')
    if (event.seq !== seq) throw bad(`has number ${event.seq}`)
    if (item.previous_hash !== previous.toString('hex')) throw bad('previous hash')
    const hash = createHash('sha256').update(previous).update(bytes).digest()
    if (item.hash !== hash.toString('hex')) throw bad('hash')
    if (event.from !== state) throw bad(`starts in ${event.from}, not ${state}`)
    definition ??= event.definition
    if (event.definition !== definition) throw bad(`is of ${event.definition}`)
    const payload = JSON.parse(event.payload), context = JSON.parse(event.context)
    const goesOn = event.command === 'migrate' ? version < event.definition_version && payload.from_version === version : event.definition_version === (version ?? event.definition_version)
    if (!goesOn) throw bad(`under version ${event.definition_version}, after ${version}`)
    version = event.definition_version
    if (typeof payload !== 'object' || typeof context !== 'object') throw bad('payload or context')
    const ballot = event.command === 'close_ballot' && facts ? structuredClone(facts.ballot) : undefined
    if (facts) facts = patch(facts, JSON.parse(event.changes))
    if (ballot) checkCounts(ballot, facts.ballots.at(-1), context)
    state = event.to
    previous = hash
  }
  return { facts, state, version: seq, head_hash: previous.toString('hex'), unchecked }
}
