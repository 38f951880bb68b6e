// Every form of every page, in every role: found by walking the pages, filled in and sent by the browser. A filter shows what the API
// finds. A refused form comes back with all that was typed, says what is wrong at the fields, and is accepted when it was corrected;
// the same holds when the case moved meanwhile. No page, form, button or command may be left out. Run by hand with `node --test everyform.mjs`
// until it was seen whole.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { launch, openAs } from './browser.mjs'
import { districtAtWork, town, villageOf } from './district.mjs'
import { fill, formsOn, send, wrongFields } from './form.mjs'
import { filters } from './filters.mjs'
import { answersFor, oneTimeCode } from './answers.mjs'
import { binary, password, signIn, startServer } from './server.mjs'
import { cookieOf, formsIn, keysOf, linksIn, routeOf, routes, shapeOf, walk } from './walk.mjs'

let server, browser, at, folder, definitions, roles
const reviewers = ['organisation', 'discipline', 'political_legal', 'civil_affairs', 'agriculture'].map((one) => `reviewer-${one}`)
const logins = [`v-${villageOf(1)}`, `v-${villageOf(6)}`, `v-${villageOf(7)}`, `v-${villageOf(12)}`, `o-${town}`, 'o-990100002', `s-${town}`, 's-990100002', 'commander1', 'coordinator-party1', ...reviewers, 'panel1', 'secretary', 'member2', 'member3', 'chair', 'auditor', 'sysadmin', 'secadmin', 'auditadmin']
const nobody = '' // a visitor who is not signed in
const pages = new Map() // login → a page of the browser
const forms = new Map() // key → [{login, path}], the pages on which it stands
const done = new Map() // key → the values with which it was accepted
const visited = new Map() // pattern of a page → one of its addresses
const shapes = new Set() // every page that was looked at, by its pattern and its forms
const dead = [] // links that lead nowhere

const page = async (login) => {
  if (!pages.has(login)) {
    const one = login === nobody ? await (await browser.newContext({ locale: 'zh-CN' })).newPage() : await openAs(browser, server.url, login)
    one.on('dialog', (dialog) => dialog.accept())
    one.setDefaultTimeout(120_000)
    pages.set(login, one)
  }
  return pages.get(login)
}
const people = new Map() // login → the API as that person has it
const api = async (login) => people.get(login) ?? people.set(login, await signIn(server.url, login)).get(login)

before(async () => {
  server = await startServer(['--demo'], { CUNMAI_MAIL_HOST: '127.0.0.1', CUNMAI_MAIL_PORT: '1', CUNMAI_MAIL_FROM: 'cunmai@demo.invalid' }) // nothing listens there, so mails fail
  browser = await launch()
  folder = await mkdtemp(join(tmpdir(), 'cunmai-files-'))
  await writeFile(join(folder, 'evidence.txt'), 'minutes of the meeting\n')
  at = await districtAtWork(server.url, async ({ give, screened, reviewed, enter, evaluate, opine, leave }) => { // one case for each possible answer
    await reviewed(9)
    const leaving = await enter(10)
    await evaluate(leaving, 10)
    await opine(leaving)
    await leave(await enter(11), 11)
    await give('s-990100002', await enter(12), 'issue_prescription', { problem: '（演示）只写了问题' })
    for (const n of [13, 14]) await screened(n, 40)
  })
  const secretary = await api('secretary')
  await secretary.post('/cases', { definition: 'committee_meeting', place: '990100', command: 'convene', payload: { title: '（演示）下次会议', meeting_on: '2099-01-01', chair: 'demo-chair' } })
  const auditor = await api('auditor')
  at.today = (await auditor.get('/me')).today
  const due = Object.fromEntries(['self_check_due_on', 'screening_due_on', 'review_due_on'].map((step, n) => [step, new Date(Date.parse(at.today) + (n + 1) * 10 * 86_400_000).toISOString().slice(0, 10)]))
  await (await api('panel1')).post('/cases', { definition: 'screening_round', place: '990100', command: 'announce', payload: { title: '（演示）上一批次', towns: ['990100101'], ...due } })
  at.indicators = Object.fromEntries((await auditor.get('/catalogue')).indicators.map((one) => [one.code, one]))
  definitions = await Promise.all((await auditor.get('/definitions')).items.map(({ key }) => auditor.get(`/definitions/${key}`)))
  const keeper = await api('secadmin')
  roles = new Map(await Promise.all(logins.map(async (login) => [login, (await keeper.get(`/people/demo-${login}`)).grants.map(({ role }) => role)])))
  // another administrator proposed a catalogue, so that the form for approving it is there
  const catalogue = { ...await auditor.get('/catalogue') }
  delete catalogue.id
  await promisify(execFile)(binary, ['rule', 'set', 'catalogue', JSON.stringify({ ...catalogue, version: catalogue.version + 1 }), '--data', server.data])
}, { timeout: 1_200_000 })
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
  assert.equal(await server.stop(), 0)
})

// Notes the page and its forms.
let asked = 0
function noted(login, { path, by, status, to, html }) {
  asked++
  const route = routeOf('GET', path)
  shapes.add(shapeOf('GET', path))
  if (route && status < 400) visited.set(route.pattern, path)
  if (status >= 400 || !(route || path.startsWith('/api/v1/'))) dead.push(`${login || 'nobody'}: ${by} leads to ${path}, ${status}`)
  if (to) return
  for (const form of formsIn(html))
    for (const key of keysOf(form)) {
      const known = forms.get(key) ?? forms.set(key, []).get(key)
      if (known.length < 12 && !known.some((one) => one.login === login && one.path === path)) known.push({ login, path })
    }
}

const wide = /^GET \/(cases|meetings|rounds)\/\{id\}$|\/do\/|\/decide\/|^GET \/open\/\w+\/\{place\}|\/admin\/rules /
const few = (shape) => (wide.test(shape) ? 4 : 1)
const look = async (login, from, most = few) => await walk(server.url, await cookieOf(await page(login)), from, { most, see: (found) => noted(login, found) })

test('every link of every page, in every role, leads somewhere, and no role is left out', { timeout: 1_200_000 }, async () => {
  for (const login of [nobody, ...logins]) await page(login)
  const places = { [nobody]: ['/sign-in', '/help'], panel1: ['/', `/open/village_lifecycle/${villageOf(14)}`], sysadmin: ['/admin/people?text=member8', '/admin/people/demo-auditadmin', '/'], secadmin: ['/admin/people?text=member8', '/admin/people/demo-auditadmin', '/'] }
  const ahead = [nobody, ...logins]
  await Promise.all([1, 2, 3].map(async () => { for (let login; (login = ahead.shift()) !== undefined;) await look(login, places[login] ?? ['/']) }))
  if (process.env.TIMES) console.log('# pages', asked, process.resourceUsage().userCPUTime)
  assert.deepEqual(dead, [])
  const all = (await formsOn(await opened('sysadmin', '/admin/people'))).find(({ method }) => method === 'GET').controls.find(({ name }) => name === 'role').options
  assert.deepEqual(all.map(({ value }) => value).filter((role) => role && ![...roles.values()].flat().includes(role)), [])
})

async function opened(login, path) {
  const one = await page(login)
  await one.goto(server.url + path)
  return one
}
const formOf = async (one, key) => (await formsOn(one)).find((form) => keysOf(form).includes(key))
const buttonOf = (form, key) => form.buttons[keysOf(form).indexOf(key)]

test('every filter, alone and with all others, finds what the API finds', { timeout: 1_200_000 }, async () => {
  const wrong = []
  for (const [key, [{ login, path }]] of forms) {
    if (!key.startsWith('GET ')) continue
    const list = filters(routeOf('GET', path).pattern)
    if (!list) { wrong.push(`${key}: nobody knows what it filters`); continue }
    const person = await api(login)
    const expected = async (values) => await list.expected(person, new URLSearchParams(Object.entries(values).flatMap(([name, value]) => (Array.isArray(value) ? value.map((one) => [name, one]) : value ? [[name, value]] : []))), routeOf('GET', path).params)
    const form = await formOf(await opened(login, path), key)
    const plain = Object.fromEntries(form.controls.map(({ name, value }) => [name, value]))
    const words = await list.words(await page(login))
    const all = (await expected({ ...form.hidden, ...plain })).length
    // of the choices the first that shows some rows and hides others, or else the first
    const value = async (control, beside, full) => {
      if (control.type === 'checkbox') return ['true']
      if (control.type !== 'select-one') return words[control.name] ?? assert.fail(`${key}: no word for ${control.name}`)
      const choices = control.options.map((one) => one.value).filter((one) => one && one !== plain[control.name])
      for (const choice of choices) {
        const count = (await expected({ ...form.hidden, ...beside, [control.name]: choice })).length
        if (count > 0 && count < full) return choice
      }
      return choices[0]
    }
    const tries = []
    for (const control of form.controls) tries.push({ [control.name]: await value(control, plain, all) })
    let each = { ...plain }
    for (const control of form.controls.filter(({ name }) => !list.apart?.includes(name))) each = { ...each, [control.name]: await value(control, each, Infinity) }
    tries.push(each)
    for (const chosen of tries) {
      const one = await opened(login, path)
      const values = { ...plain, ...chosen }, said = `${login} ${path} ${JSON.stringify(chosen)}`
      try {
        const here = await formOf(one, key)
        await fill(one, here, chosen)
        await send(one, here)
        const shown = await list.rows(one)
        let wanted = await expected({ ...form.hidden, ...values })
        if (list.grows) wanted = wanted.slice(Math.max(wanted.indexOf(shown[0]), 0))
        assert.deepEqual(shown, wanted.slice(0, Math.max(shown.length, 1)), said)
        assert.ok(shown.length === wanted.length || (shown.length === list.size && wanted.length > list.size), `${said}: ${shown.length} of ${wanted.length}`)
        const again = (await formsOn(one)).find(({ method, action }) => method === 'GET' && action.split('?')[0] === here.action.split('?')[0])
        for (const { name, value: stands } of again.controls) assert.deepEqual(stands, values[name], `${said}: ${name} stands in the form`)
        assert.deepEqual(again.hidden, here.hidden, said)
      } catch (error) { wrong.push(`${said}: ${error.message}`) }
    }
  }
  assert.deepEqual(wrong, [])
})

// ---- what is sent --------------------------------------------------------------------------------------------------

const commandsOf = (definition) => definition.commands.filter(({ key }) => definition.rows.some((row) => row.command === key && row.who.every((who) => who !== 'engine')))
const commandNamed = (route, answer) => definitions.flatMap(({ commands }) => commands).find(({ key }) => key === (answer ?? route.params.command ?? (route.pattern === '/rounds/new' ? 'announce' : '')))
// Of a page that asks a question, the fields of one answer begin with its name; those of the others are not filled in.
const bare = (name, answer) => (answer && name.startsWith(`${answer}-`) ? name.slice(answer.length + 1) : name)
const ownOf = (form, answer) => form.controls.filter(({ name }) => !answer || !name.includes('-') || name.startsWith(`${answer}-`))

// Compares the values of a form that came back with what was sent. Passwords and one-time codes do not come back; a file comes back as its name, with a box to remove it.
function missingIn(form, sent) {
  const wrong = []
  for (const [name, value] of Object.entries(sent)) {
    const control = form.controls.find((one) => one.name === name)
    if (value?.file !== undefined) {
      const kept = form.controls.find((one) => one.name === `${name}_kept` || one.name === name.replace(/^file_/, 'drop_'))
      if (value.file.length && !kept?.options.length) wrong.push(`${name}: the file is gone`)
    } else if (control?.type === 'password' || control?.autocomplete === 'one-time-code' ? control.value !== '' : JSON.stringify(control?.value) !== JSON.stringify(value)) {
      wrong.push(`${name}: ${JSON.stringify(control?.value)} instead of ${JSON.stringify(value)}`)
    }
  }
  return wrong
}

// Compares what stands in the record after a command with what was typed.
function unlike(payload, sent, answer) {
  return Object.entries(sent).filter(([name, value]) => {
    if (name === 'on_behalf_of' || (answer && name === 'answer')) return false
    const kept = payload[bare(name, answer)]
    if (value?.file !== undefined) return !kept || (Array.isArray(kept) && kept.length !== 1)
    if (Array.isArray(value)) return typeof kept === 'boolean' ? kept !== value.includes('true') : JSON.stringify([...(kept ?? [])].sort()) !== JSON.stringify([...value].sort())
    return typeof kept === 'number' ? kept !== Number(value) : (kept ?? '') !== value
  }).map(([name, value]) => `${name}: ${JSON.stringify(payload[name])} in the record, ${JSON.stringify(value)} was sent`)
}

// What a person has in hand when they come to the form.
const prepared = {
  'POST /activate': async () => { // the slip for which one administrator asked, and which another one gives out
    const { id } = await (await api('sysadmin')).post('/people/demo-member7/activation')
    at.slip = (await (await api('secadmin')).post(`/confirmations/${id}/confirm`)).secret
  },
  'POST /account/factor': async (login) => { // the authenticator that was told the secret
    const secret = await (await opened(login, '/account/factor')).locator('main p.mono strong').innerText()
    at.code = oneTimeCode(secret, (await (await api('sysadmin')).get('/demo/clock')).now)
  },
}
// Forms after which a person signs in otherwise than the others: sent by people whom nobody needs any more.
const sender = { 'POST /account/password': { login: 'member3', path: '/account' }, 'POST /account/factor': { login: 'member2', path: '/account/factor' } }

// Sends the form with mistakes, sees it come back, corrects it, and sees it accepted. Returns null, or why the command can't be given now.
async function give(key, login, path, answer) {
  await prepared[key]?.(login)
  const one = await opened(login, path)
  let form = await formOf(one, key)
  if (!form || !buttonOf(form, key)) return 'the form is gone'
  const said = `${login || 'nobody'} ${path} ${key} ${answer ?? ''}`
  const route = routeOf('POST', form.action), command = commandNamed(route, answer), first = form, mine = ownOf(first, answer)
  const choices = Object.fromEntries(mine.map((control) => [control.name, answer && control.name === 'answer' ? [answer] : answersFor({ ...control, name: bare(control.name, answer) }, { key, login, today: at.today, at, form: first, file: join(folder, 'evidence.txt') })]))
  const which = Object.fromEntries(mine.map(({ name }) => [name, 0]))
  const whole = () => Object.fromEntries(form.controls.filter(({ name }) => name in choices).map(({ name }) => [name, choices[name][which[name]]]))
  const submit = async (values) => {
    await fill(one, form, values)
    return await send(one, form, buttonOf(form, key))
  }
  const comesBack = async (reply, sent, status, what) => {
    assert.equal(reply.status, status, `${said}: ${what}`)
    const used = form.hidden.idempotency_key
    form = await formOf(one, key)
    assert.ok(form, `${said}: ${what}: the form does not come back`)
    assert.deepEqual(missingIn(form, sent), [], `${said}: ${what}`)
    if (used) assert.notEqual(form.hidden.idempotency_key, used, `${said}: ${what}: the key is used`)
    if (status === 409) assert.ok(await one.locator(key.includes('/indicators/') ? '.error-summary' : 'section:has(> #changed) .timeline > li').count(), `${said}: it says what changed meanwhile`)
  }
  if (answer && first.controls.find(({ name }) => name === 'answer').value === '') { // nothing is chosen for who decides
    const reply = await submit({})
    if (reply.status === 403) return 'not theirs'
    await comesBack(reply, {}, 422, 'no answer')
    assert.deepEqual((await wrongFields(one)).names, ['answer'], `${said}: an answer is missing`)
  }

  // exactly the fields that the form marks as required are missed when they are empty; of a command first those that its schema requires, then those of its conditions
  const asks = mine.filter((control) => control.required && !(control.type === 'radio' && (control.value || (answer && control.name === 'answer'))))
  const shape = asks.filter(({ name }) => !command || command.fields.some((field) => field.key === bare(name, answer) && field.required))
  for (const left of [shape, asks.filter((control) => !shape.includes(control) && !control.value.length)]) {
    if (!left.length) continue
    const sent = { ...whole(), ...Object.fromEntries(left.map(({ name, type }) => [name, type === 'file' ? { file: [] } : ''])) }
    const reply = await submit(sent)
    if (reply.status === 403) return 'not theirs'
    await comesBack(reply, sent, 422, 'nothing of what it asks for')
    const { names } = await wrongFields(one)
    assert.deepEqual([...new Set(names)].sort(), left.map(({ name }) => name).sort(), `${said}: what it says is missing`)
  }
  // the case moved while the form was filled in; a form without a case is sent without its last required field
  const number = mine.find(({ inputmode }) => inputmode === 'decimal' || inputmode === 'numeric')
  if (Number(form.hidden.version) > 0 && !command?.commutes && route.pattern.startsWith('/cases/{id}/') && !route.pattern.endsWith('/indicators')) {
    await one.evaluate(({ at, version }) => { document.forms[at].elements.version.value = version }, { at: form.at, version: String(form.hidden.version - 1) })
    const sent = whole()
    await comesBack(await submit(sent), sent, 409, 'the case moved')
  } else if ((asks.length || number) && !key.endsWith('then=check')) { // the page that checks the answers lists wrong ones itself
    const spoilt = asks.at(-1) ?? number
    const sent = { ...whole(), [spoilt.name]: spoilt.type === 'file' ? { file: [] } : asks.length ? '' : 'abc' }
    await comesBack(await submit(sent), sent, 422, `without ${spoilt.name}`)
    const { names } = await wrongFields(one)
    assert.deepEqual([...new Set(names)], [spoilt.name], said)
  }
  // send it corrected; when a choice does not fit, try the next
  for (;;) {
    const sent = whole()
    const kept = Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, value?.file && form.controls.some((control) => control.name === `${name}_kept`) ? { file: [] } : value]))
    const reply = await submit(kept)
    const { names, whole: reasons } = await wrongFields(one)
    if (reply.status === 200 && !names.length && !reasons.length) {
      if (/[?&]not_done=/.test(reply.url)) return reply.url
      if (key === 'POST /work/bulk what=do' && !linksIn(await one.content()).some((href) => href.startsWith('/work/bulk/'))) return 'none of these is done together'
      await accepted(one, said, { login, path, key, first, sent, command, route, answer })
      return null
    }
    form = await formOf(one, key)
    if (!form || reasons.length || !names.length) return reasons.join() || `${reply.status} at ${reply.url}`
    for (const name of names) {
      which[name] += 1
      if (which[name] >= choices[name]?.length) return `${name}: none of ${JSON.stringify(choices[name])} is taken`
    }
  }
}

async function accepted(one, said, { login, path, key, first, sent, command, route, answer }) {
  const landed = new URL(one.url())
  done.set(key, sent)
  if (login !== nobody && !landed.pathname.startsWith('/sign-in')) await look(login, [landed.pathname + landed.search], (shape) => (shapes.has(shape) ? 0 : 1)) // what it leads to that nobody saw yet
  if (landed.search.includes('done=confirmation_asked')) for (const administrator of ['sysadmin', 'secadmin', 'auditadmin']) await look(administrator, ['/admin/confirmations'], () => 0)
  if (key === 'POST /account/factor') await look('sysadmin', [`/admin/people/demo-${login}`], () => 0)
  const id = route.params.id && /\/(do|decide)\//.test(route.pattern) ? route.params.id : command ? landed.pathname.split('/')[2] : ''
  if (id && command && !route.pattern.startsWith('/work/bulk')) {
    // what was voted is withheld from others until the ballot is closed
    const event = (await (await api(command.commutes ? login : 'auditor')).get(`/cases/${id}/history?limit=100`)).items.findLast((one) => one.command === command.key && one.actor === `demo-${login}`)
    assert.ok(event, `${said}: it stands in the record`)
    assert.deepEqual(unlike(event.payload, sent, answer), [], said)
    return
  }
  const edited = first.controls.filter(({ type, value }) => value.length && type !== 'password')
  if (command || !edited.length || key.includes('catalogue') || landed.pathname.startsWith('/sign-in')) return
  const now = await formOf(await opened(login, path), key) // the form shows the new values from now on
  if (now) assert.deepEqual(missingIn(now, Object.fromEntries(edited.map(({ name }) => [name, sent[name]]))), [], `${said}: after it was saved`)
}

// What others must do, or how much time must pass, before some commands can be given.
const before_ = {
  close_ballot: async () => { // the remaining members vote
    for (const { id } of (await (await api('auditor')).get('/cases?definition=village_lifecycle&state=committee_approval&limit=100')).items)
      for (const login of ['chair', ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `member${n}`)]) // those who are present
        await (await api(login)).give(id, 'cast_vote', { choice: 'approve' }).catch((error) => { if (!/ 422 /.test(error.message)) throw error })
  },
  complete_follow_up: async () => {
    await (await api('sysadmin')).put('/demo/clock', { advance_days: 366 })
    people.clear() // sessions age with the clock
    await (await api('sysadmin')).post('/demo/settle')
    for (const one of pages.values()) await one.context().close()
    pages.clear()
    at.today = (await (await api('auditor')).get('/me')).today
    await (await api('secretary')).post('/cases', { definition: 'committee_meeting', place: '990100', command: 'convene', payload: { title: '（演示）待取消的会议', meeting_on: at.today, chair: 'demo-chair' } })
    const looks = { 'o-990100002': 'town', 'reviewer-organisation': 'district' }
    for (const { id } of (await (await api('auditor')).get('/cases?definition=village_lifecycle&state=follow_up&limit=100')).items)
      for (const [login, level] of Object.entries(looks)) {
        const { sha256 } = await (await api(login)).post('/attachments?name=look.txt', Buffer.from(`look ${id} ${level}`), { 'content-type': 'text/plain' })
        await (await api(login)).give(id, 'record_look_back', { finding: 'holds', level, evidence: [sha256] })
      }
  },
}

// Commands of the workflows first: those that leave the case where it is, those that move it, those that end it, those that end it anywhere.
test('every command form comes back whole when it is refused or overtaken, and is accepted when it is mended', { timeout: 1_800_000 }, async () => {
  const left = new Map()
  for (const definition of definitions)
    for (const { key, internal } of definition.commands) {
      const rows = definition.rows.filter((row) => row.command === key)
      if (internal || !rows.length || rows.every(({ from }) => from === 'not_opened')) continue
      const ends = rows.every(({ to }) => definition.states.some((state) => state.key === to && state.final))
      left.set(`${definition.key} ${key}`, { definition, key, from: rows, rank: ends ? (rows.length > 3 ? 3 : 2) : rows.every(({ from, to }) => from === to) ? 0 : 1 })
    }
  const why = new Map(), wrong = []
  const offers = new Map() // commands that each person is offered on the page of a case
  const offered = async (login, { id, version }) => {
    const seen = `${login} ${id} ${version}`
    if (!offers.has(seen)) {
      const get = async (path) => { const answer = await fetch(server.url + path, { headers: { cookie: await cookieOf(await page(login)) } }); return answer.ok ? await answer.text() : '' }
      const found = {} // command → address
      for (const href of linksIn(await get(`/cases/${id}`))) {
        const [, , of, how, what] = href.split(/[/?#]/)
        if (of !== id) continue
        if (how === 'indicators') found.indicators = href
        if (how === 'do') found[what] = href
        if (how === 'decide') for (const [, answer] of (await get(href)).matchAll(/name="answer" value="(\w+)"/g)) found[answer] = href
      }
      offers.set(seen, found)
    }
    return offers.get(seen)
  }
  const tried = new Set()
  const attempt = async ({ definition, key, from }) => { // on a page of its own, or as one of the answers to a question
    const cases = (await (await api('auditor')).get(`/cases?definition=${definition.key}&limit=100`)).items
    for (const one of cases)
      for (const { who } of from.filter((row) => row.from === one.state))
        for (const login of logins.filter((login) => who.some((role) => roles.get(login).includes(role) || ['responsible_person', 'issuer'].includes(role)))) {
          const path = (await offered(login, one))[key === 'submit_self_check' ? 'indicators' : key]
          const names_others = definition.commands.find((command) => command.key === key).fields.some(({ type }) => type.startsWith('case'))
          const as_it_is = `${login} ${path} ${key} ${one.version} ${names_others ? done.size : ''}` // it may be taken once another case moved
          if (!path || tried.has(as_it_is)) continue
          tried.add(as_it_is)
          const { question } = routeOf('GET', path).params
          let refused
          try {
            refused = key === 'submit_self_check' ? await answerAll(login, path) : question ? await give(`POST /cases/{id}/decide/${question}`, login, path, key) : await give(`POST /cases/{id}/do/${key}`, login, path)
          } catch (error) { wrong.push(error.message); return true }
          if (!refused) return true
          why.set(`${definition.key} ${key}`, `${login} ${path}: ${refused}`)
        }
    return false
  }
  for (const prepare of [null, 'close_ballot', 'complete_follow_up']) {
    if (prepare) await before_[prepare]()
    offers.clear()
    for (let rank = 0; rank < 4;) {
      let given = 0
      for (const [name, command] of left) {
        if (command.rank > rank || !(await attempt(command))) continue
        left.delete(name)
        given++
      }
      rank = given ? 0 : rank + 1
      if (prepare !== 'complete_follow_up' && rank === 2) break // commands that end a case come last
    }
  }
  assert.deepEqual([...wrong, ...[...left.keys()].map((name) => `${name}: ${why.get(name) ?? 'offered to nobody'}`)], [])
})

// The self-check: saved, checked, submitted.
async function answerAll(login, path) {
  for (const then of ['save', 'check']) {
    const refused = await give(`POST /cases/{id}/indicators then=${then}`, login, path)
    if (refused) return refused
  }
  return await give('POST /cases/{id}/indicators/submit', login, path.replace('/indicators', '/indicators/check'))
}

test('every other form comes back whole when it is refused, and is accepted when it is mended', { timeout: 1_800_000 }, async () => {
  const last = ['POST /admin/confirmations', 'POST /activate', '/account/sessions', '/account/password', 'POST /sign-out', 'active=false', 'POST /sign-in'] // they end what was asked for, a session, or an account
  const rank = (key) => last.findIndex((part) => key.includes(part))
  const wrong = new Map()
  for (;;) { // a form may lead to pages with further forms: those come next, while they are still there
    const next = [...forms].reverse().filter(([key]) => key.startsWith('POST ') && !/\/(do|decide)\//.test(key) && !done.has(key) && !wrong.has(key)).sort(([one], [other]) => rank(one) - rank(other))[0]
    if (!next) break
    const key = next[0], where = sender[key] ? [sender[key]] : next[1]
    let refused
    for (const { login, path } of where) {
      refused = await give(key, login, path).catch((error) => `${error.message} `) // a fault is a fault, not a reason to look elsewhere
      if (!refused || refused.endsWith(' ')) break
    }
    if (refused) wrong.set(key, refused)
    if (refused === null && last.some((part) => key.includes(part))) { // the person may have been signed out
      for (const { login } of where.slice(0, 1)) { await pages.get(login)?.context().close(); pages.delete(login) }
    }
  }
  assert.deepEqual(Object.fromEntries(wrong), {})
})

test('no page and no form was left out', () => {
  assert.deepEqual(routes.filter(({ method, pattern }) => method === 'GET' && !visited.has(pattern)).map(({ pattern }) => pattern), [])
  assert.deepEqual(routes.filter(({ method, pattern }) => method === 'POST' && ![...done.keys()].some((key) => routeOf('POST', key.split(' ')[1].replace(/\{\w+\}/g, 'x'))?.pattern === pattern)).map(({ pattern }) => pattern), [])
  assert.deepEqual([...forms.keys()].filter((key) => key.startsWith('POST ') && !done.has(key)), [])
})
