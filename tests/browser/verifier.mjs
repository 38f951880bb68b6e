// A verifier of the record, written from docs/record-format.md alone.
import { createHash } from 'node:crypto'

// ---- strict JSON (§3, 6): JSON.parse takes a member twice, and numbers that it can't hold ----

function decimal(literal) { // digits without zeros at the ends, and where the point is
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal)
  const digits = (whole + fraction).replace(/^0+/, '')
  const lead = (whole + fraction).length - digits.length
  const short = digits.replace(/0+$/, '')
  return short === '' ? '0' : `${sign}${short}e${Number(exponent) + whole.length - lead}`
}

const is64 = (literal) => /^-?\d+$/.test(literal) && BigInt(literal) >= -(2n ** 63n) && BigInt(literal) < 2n ** 64n

// Whole numbers that a double can't hold stay BigInt, so that values are compared exactly.
function numberOf(literal) {
  const number = Number(literal)
  if (is64(literal)) return Number.isSafeInteger(number) ? number : BigInt(literal)
  if (!Number.isFinite(number) || decimal(String(number)) !== decimal(literal)) throw new Error(`the number ${literal} is not exact`)
  return number
}

export function strictJson(text) {
  let at = 0
  const bad = (what) => new Error(`not strict JSON at ${at}: ${what}`)
  const blank = () => { while (at < text.length && ' \t\r\n'.includes(text[at])) at += 1 }
  const token = (pattern) => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (!found) throw bad(JSON.stringify(text.slice(at, at + 10)))
    at += found[0].length
    return found[0]
  }
  const string = () => {
    const value = JSON.parse(token(/"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y))
    if (!value.isWellFormed()) throw bad('half a character')
    return value
  }
  const value = () => {
    blank()
    let result
    if (text[at] === '{') {
      result = {}
      at += 1
      blank()
      if (text[at] !== '}') for (;;) {
        blank()
        const name = string()
        if (Object.hasOwn(result, name)) throw bad(`${name} twice`)
        blank()
        token(/:/y)
        Object.defineProperty(result, name, { value: value(), writable: true, enumerable: true, configurable: true })
        if (text[at] !== ',') break
        at += 1
      }
      token(/\}/y)
    } else if (text[at] === '[') {
      result = []
      at += 1
      blank()
      if (text[at] !== ']') for (;;) {
        result.push(value())
        if (text[at] !== ',') break
        at += 1
      }
      token(/\]/y)
    } else if (text[at] === '"') result = string()
    else if ('tfn'.includes(text[at] ?? '-')) result = { true: true, false: false, null: null }[token(/true|false|null/y)]
    else result = numberOf(token(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y))
    blank()
    return result
  }
  const whole = value()
  if (at !== text.length) throw bad('more behind it')
  return whole
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

class Reader {
  constructor(bytes) { this.bytes = bytes; this.at = 0 }
  int() {
    const value = Number(this.bytes.readBigInt64BE(this.at))
    if (!Number.isSafeInteger(value)) throw new Error('a number beyond 2^53')
    this.at += 8
    return value
  }
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

function step(pointer) {
  if (typeof pointer !== 'string' || !/^(?:\/(?:[^~]|~[01])*)?$/s.test(pointer)) throw new Error(`${pointer} is no pointer`)
  return pointer.split('/').slice(1).map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function index(part, length, path) {
  if (part === '-') return length
  if (!/^(?:0|[1-9]\d{0,8})$/.test(part)) throw new Error(`${path}: an array has no ${part}`)
  return Number(part)
}

function below(place, part, path) {
  if (Array.isArray(place) && index(part, place.length, path) < place.length) return place[Number(part)]
  if (isObject(place) && Object.hasOwn(place, part)) return place[part]
  throw new Error(`no ${path}`)
}

function patch(document, operations) { // RFC 6902: add, remove, replace are all that the program writes
  if (!Array.isArray(operations)) throw new Error('changes are no array')
  for (const operation of operations) {
    if (!isObject(operation)) throw new Error('a change is no object')
    const { op, path, value } = operation
    if (!['add', 'remove', 'replace'].includes(op)) throw new Error(`operation ${op}`)
    if (op !== 'remove' && !Object.hasOwn(operation, 'value')) throw new Error(`${path} without value`)
    const parts = step(path)
    if (parts.length === 0) { if (op !== 'replace') throw new Error(`${op} of the whole`); document = value; continue }
    const last = parts.pop()
    let place = document
    for (const part of parts) place = below(place, part, path)
    if (op !== 'add') below(place, last, path) // must be there
    if (Array.isArray(place)) {
      const at = index(last, place.length, path)
      if (at > place.length) throw new Error(`no ${path}`)
      if (op === 'add') place.splice(at, 0, value)
      else if (op === 'remove') place.splice(at, 1)
      else place[at] = value
    } else if (!isObject(place)) throw new Error(`no ${path}`)
    else if (op === 'remove') delete place[last]
    else place[last] = value
  }
  if (!isObject(document)) throw new Error('the facts are no object')
  return document
}

// The result that follows from the counts (§5), with the shares that were in force when the ballot opened.
export function resultOf(ballot, counts, tally) {
  const more = (part, [n, d]) => part * d > counts.entitled * n
  const quorum = counts.entitled > 0 && counts.present * ballot.quorum[1] >= counts.entitled * ballot.quorum[0]
  if (ballot.secret) {
    const box = counts.approve + counts.reject + counts.abstain
    if (tally === null ? quorum : box !== ballot.voted.length) return 'votes_lost'
  }
  if (!quorum) return 'no_quorum'
  if (more(counts.approve, ballot.pass)) return 'passed'
  return more(counts.reject, ballot.pass) ? 'rejected' : 'deferred'
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
  const counted = { ...ballot, ...(ballot.secret && { voted: votes }) }
  const result = resultOf(counted, closed.counts, ballot.secret ? context.tally ?? (uncounted ? null : {}) : undefined)
  if (closed.result !== result) throw new Error(`the result is ${closed.result}, the counts say ${result}`)
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
    const payload = strictJson(event.payload), context = strictJson(event.context), changes = strictJson(event.changes)
    if (!isObject(payload) || !isObject(context)) throw bad('payload or context')
    const goesOn = event.command === 'migrate' ? version < event.definition_version && payload.from_version === version : event.definition_version === (version ?? event.definition_version)
    if (!goesOn) throw bad(`under version ${event.definition_version}, after ${version}`)
    version = event.definition_version
    const ballot = event.command === 'close_ballot' && facts ? structuredClone(facts.ballot) : undefined
    if (facts) facts = patch(facts, changes)
    if (ballot) checkCounts(ballot, facts.ballots.at(-1), context)
    state = event.to
    previous = hash
  }
  return { facts, state, version: seq, head_hash: previous.toString('hex'), unchecked }
}
