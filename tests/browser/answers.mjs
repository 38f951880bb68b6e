// What a person might fill in: for each input of a form a list of values, the most suitable first.
import { createHmac } from 'node:crypto'
import { password } from './server.mjs'

const day = (today, days) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10)
const again = 'Another-Pass-1'

// By name of the field; `here` is {key, login, today, at, form}.
const named = {
  held_on: ({ today }) => [today],
  meeting_on: ({ today }) => [day(today, 1)],
  self_check_due_on: ({ today }) => [day(today, 10)],
  screening_due_on: ({ today }) => [day(today, 20)],
  review_due_on: ({ today }) => [day(today, 30)],
  committee_due_on: ({ today }) => [day(today, 40)],
  deadline_on: ({ today }) => [day(today, 60)],
  until_on: ({ today, key }) => [day(today, key.includes('delegations') ? 10 : 200)],
  login: ({ key }) => [{ 'POST /sign-in': 'member4', 'POST /activate': 'member7' }[key] ?? 'newcomer'],
  code: ({ key, at }) => [key === 'POST /account/factor' ? at.code : ''],
  secret: (here, control) => (control.type === 'checkbox' ? byKind(control, here) : [here.at.slip]),
  old_password: () => [password],
  password: ({ key }) => [key.startsWith('POST /sign-in') ? password : again],
  password_again: () => [again],
  place: ({ key }) => [key.includes('grants') ? '990100001' : '990100001203'],
  role: ({ key }, control) => (key.includes('grants') ? ['town_officer'] : offered(control)),
  qualifier: () => [''],
  email: () => ['someone@demo.invalid'],
  phone: () => ['0571 1234'],
  department: ({ login }) => [login.replace('reviewer-', '')],
  percent: () => ['40'],
  score: () => ['92.5'],
  respondents: () => ['50'],
  funds_committed: () => ['900000'],
  monitoring_cycle_days: () => ['15'],
  indicators: () => ['ECO-02'],
  secondary_categories: (_, control) => [[control.options.at(-1).value]],
  coordinator: () => ['demo-coordinator-party1'],
  catalogue: (_, control) => { const value = JSON.parse(control.value); return [JSON.stringify({ ...value, version: value.version + 2 })] },
  new_code: ({ form }) => [`${form.hidden.at}99`],
  towns: (_, control) => [[control.options[0].value]],
  agenda: (_, control) => [control.options.map(({ value }) => value), ...control.options.map(({ value }) => [value])],
  attendance: (_, control) => [control.options.map(({ value }) => value)],
  task: (_, control) => [control.type === 'textarea' ? '（演示）整改任务' : control.options.map(({ value }) => value)],
  case: (_, control) => [control.options.map(({ value }) => value)],
  language: () => ['zh-CN'],
}

const offered = (control) => control.options.map(({ value }) => value).filter((value) => value)

function byKind(control, { key, today, file }) {
  const { name, type, value } = control, edits = /^POST \/(admin|account)/.test(key)
  const others = offered(control).filter((one) => one !== value)
  switch (type) {
    case 'file': return [{ file }]
    case 'select-one': return value ? [value] : offered(control)
    case 'radio': return !value ? offered(control) : edits ? [...others, value] : [value]
    case 'checkbox':
      if (name.endsWith('_kept')) return [offered(control)]
      if (control.options.length === 1) return value.length ? [[], value] : [['true'], offered(control), []]
      return !value.length ? [[offered(control)[0]], offered(control)] : edits && value.length > 1 ? [value.slice(0, -1), value] : [value]
    case 'date': return [value || day(today, 20)]
  }
  if (control.inputmode === 'numeric' || control.inputmode === 'decimal') return value ? [String(Number(value) + 1), value] : ['5', '60']
  return [value ? (edits && name === 'name' ? `${value}改` : value) : `（演示）${name}`]
}

// The six digits that a person's authenticator shows at that instant (RFC 6238).
export function oneTimeCode(secret, at) {
  const bits = [...secret.replace(/\s/g, '').toUpperCase()].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.parse(at) / 30_000)))
  const mac = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)))).update(step).digest()
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export function answersFor(control, here) {
  const indicator = control.name.match(/^(value|na|reason|drop)_(.+)$/)
  if (indicator && here.at.indicators[indicator[2]]) {
    const { min, max, direction } = here.at.indicators[indicator[2]]
    return [{ value: String(direction === 'higher_is_better' ? max : min), na: [], reason: '', drop: [] }[indicator[1]]]
  }
  const known = here.key.startsWith('POST /admin/rules') && control.name !== 'catalogue' ? null : named[control.name]
  return known ? known(here, control) : byKind(control, here)
}
