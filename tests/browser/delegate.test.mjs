// A person acts for a colleague, using only links, buttons and what the forms ask for; no address is typed. The record names both
// persons.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { answersFor } from './answers.mjs'
import { launch, openAs } from './browser.mjs'
import { districtAtWork, town, villageOf } from './district.mjs'
import { fill, formsOn, send } from './form.mjs'
import { signIn, startServer } from './server.mjs'

let server, browser, at, auditor, folder
const supervisor = `s-${town}`, deputy = `o-${town}`

before(async () => {
  server = await startServer()
  browser = await launch()
  folder = await mkdtemp(join(tmpdir(), 'cunmai-files-'))
  await writeFile(join(folder, 'evidence.txt'), 'minutes of the meeting\n')
  at = await districtAtWork(server.url)
  auditor = await signIn(server.url, 'auditor')
  at.today = (await auditor.get('/me')).today
  at.indicators = Object.fromEntries((await auditor.get('/catalogue')).indicators.map((one) => [one.code, one]))
}, { timeout: 600_000 })
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
  assert.equal(await server.stop(), 0)
})

const click = async (page, link) => { await Promise.all([page.waitForNavigation(), link.first().click()]) }
const command = async (page, name) => await click(page, page.locator(`main a[href*="/do/${name}"]`))
const formOf = async (page) => (await formsOn(page)).find(({ action, method }) => method === 'POST' && !/language|sign-out|claim/.test(action))
const chosen = (form) => form.controls.find(({ name }) => name === 'on_behalf_of')?.value

// Fills in the form of the page, except the field for whom the person acts, where the proposal of the page stays. Where it asks a question,
// `over.answer` is given, with its own fields.
async function complete(page, over = {}, button) {
  const form = await formOf(page)
  const prefix = over.answer ? `${over.answer}-` : ''
  const mine = form.controls.filter(({ name }) => name !== 'on_behalf_of' && (!prefix || name === 'answer' || name.startsWith(prefix)))
  const values = Object.fromEntries(mine.map((control) => [control.name, over[control.name] ?? answersFor({ ...control, name: control.name.replace(prefix, '') }, { key: `POST ${form.action}`, login: '', today: at.today, at, form, file: join(folder, 'evidence.txt') })[0]]))
  await fill(page, form, values)
  const answer = await send(page, form, form.buttons.find(({ value }) => value === button) ?? form.buttons[0])
  assert.equal(answer.status, 200, `${form.action}: ${await page.locator('.error-summary').allInnerTexts()}`)
}

// One person delegates a role to the other, on their own account page.
async function handOver(from, role, to) {
  const page = await openAs(browser, server.url, from)
  await page.locator('details.menu summary').click()
  await click(page, page.locator('details.menu a[href="/account"]'))
  const form = (await formsOn(page)).find(({ action }) => action === '/account/delegations')
  const until = new Date(Date.parse(at.today) + 9 * 86_400_000).toISOString().slice(0, 10)
  await fill(page, form, { role, delegate: `demo-${to}`, until_on: until, reason: '（演示）出差学习' })
  const answer = await send(page, form)
  assert.match(answer.url, /done=delegated/, await page.locator('.error-summary').allInnerTexts().then(String))
  return page
}

const last = async (id, name) => (await auditor.get(`/cases/${id}/history?limit=100`)).items.findLast((event) => event.command === name)
async function recorded(id, name, actor, principal) {
  const event = await last(id, name)
  assert.deepEqual([event?.actor, event?.on_behalf_of], [`demo-${actor}`, `demo-${principal}`], name)
  return event
}
const idOf = (page) => new URL(page.url()).pathname.split('/')[2]
const isFor = async (page, principal) => assert.equal(new URL(page.url()).searchParams.get('as'), `demo-${principal}`, page.url())

test('a deputy nominates, prescribes and opens for their supervisor; each page goes on for the same person', { timeout: 600_000 }, async () => {
  const principal = await handOver(supervisor, 'town_supervisor', deputy)
  const names = Object.fromEntries(await Promise.all([supervisor, deputy].map(async (login) => [login, (await (await signIn(server.url, 'secadmin')).get(`/people/demo-${login}`)).name])))
  const page = await openAs(browser, server.url, deputy)
  await click(page, page.locator('nav a[href="/work"]'))
  const item = page.locator(`.work__item:has(a[href*="/cases/${at.town_screening}/decide/screening"])`)
  assert.ok((await item.innerText()).includes(names[supervisor]), 'the task says for whom it is')
  await click(page, item.locator('.work__title a'))
  let form = await formOf(page)
  assert.equal(chosen(form), `demo-${supervisor}`)
  await send(page, form) // nothing filled in
  form = await formOf(page)
  assert.equal(chosen(form), `demo-${supervisor}`, 'it comes back for the same person')
  assert.ok(await page.locator('.error-summary a').count() > 0)
  await complete(page, { answer: 'nominate' })
  await isFor(page, supervisor)
  const event = await recorded(at.town_screening, 'nominate', deputy, supervisor)
  assert.ok((await page.locator('.receipt').innerText()).includes(event.hash))
  assert.ok((await page.locator('.timeline').innerText()).includes(names[deputy]) && (await page.locator('.timeline').innerText()).includes(names[supervisor]), 'the page names both')
  await click(page, page.locator(`main .tabs a[href$="/record"]`))
  const record = await page.locator('main').innerText()
  assert.ok(record.includes(names[deputy]) && record.includes(names[supervisor]), 'and so does the record')

  await click(page, page.locator('nav a[href^="/cases"]')) // find a case, then choose the tab of the person for whom they act
  await click(page, page.locator(`main a[href="/cases/${at.managed}"]`))
  assert.equal(await page.locator('main a[href*="/do/adopt_plan"]').count(), 0, 'not their own')
  await click(page, page.locator(`main .tabs a[href*="as=demo-${supervisor}"]`))
  assert.deepEqual((await page.locator('main a[href*="/do/"]').evaluateAll((all) => all.map((one) => one.search))).filter((query) => !query.includes(`as=demo-${supervisor}`)), [], 'every way to a form goes on for them')
  await command(page, 'issue_prescription')
  await complete(page)
  await isFor(page, supervisor)
  const child = idOf(page)
  await recorded(at.managed, 'issue_prescription', deputy, supervisor)
  await command(page, 'issue')
  await complete(page)
  await recorded(child, 'issue', deputy, supervisor)
  await isFor(page, supervisor)

  await click(page, page.locator('.brand'))
  await click(page, page.locator('main a[href="/open/village_lifecycle"]'))
  await click(page, page.locator('main a[href*="/open_targeted"]'))
  assert.equal(chosen(await formOf(page)), `demo-${supervisor}`)
  await complete(page)
  await recorded(idOf(page), 'open_targeted', deputy, supervisor)

  // the delegation is withdrawn while a form is open: nothing is done, and what was typed is still there
  await click(page, page.locator('nav a[href="/work"]'))
  await click(page, page.locator(`.work__title a[href*="as=demo-${supervisor}"][href*="/do/"]`))
  const before = (await auditor.get(`/cases/${idOf(page)}/history?limit=100`)).items.length
  await principal.reload()
  await click(principal, principal.locator('form[action^="/account/delegations/"] button'))
  form = await formOf(page)
  const values = Object.fromEntries(form.controls.filter(({ type }) => type === 'textarea').map(({ name }) => [name, `（演示）${name}`]))
  await fill(page, form, values)
  assert.equal((await send(page, form)).status, 403)
  form = await formOf(page)
  for (const [name, value] of Object.entries(values)) assert.equal(form.controls.find((one) => one.name === name).value, value)
  assert.equal((await auditor.get(`/cases/${idOf(page)}/history?limit=100`)).items.length, before)
  for (const one of [page, principal]) await one.context().close()
})

test('several tasks at once are done for the person that they are for', { timeout: 600_000 }, async () => {
  const ids = [await at.screened(13), await at.screened(14)]
  const principal = await handOver('s-990100002', 'town_supervisor', 'o-990100002')
  const page = await openAs(browser, server.url, 'o-990100002')
  await click(page, page.locator('nav a[href="/work"]'))
  for (const id of ids) await page.locator(`input[name=task][value^="village_lifecycle/nominate/${id}~"]`).check()
  await click(page, page.locator('#chosen button[value=do]'))
  await complete(page)
  for (const id of ids) await recorded(id, 'nominate', 'o-990100002', 's-990100002')
  for (const one of [page, principal]) await one.context().close()
})

test('the town fills in and hands in the self-check of a village', { timeout: 600_000 }, async () => {
  const from = `v-${villageOf(1)}`, colleague = `o-${town}`
  const principal = await handOver(from, 'village_officer', colleague)
  const page = await openAs(browser, server.url, colleague)
  await click(page, page.locator('nav a[href="/work"]'))
  await click(page, page.locator(`.work__title a[href*="/cases/${at.self_check}/indicators"]`))
  await complete(page, {}, 'save')
  assert.match(page.url(), /done=draft_saved/)
  await isFor(page, from)
  await complete(page, {}, 'check')
  await complete(page)
  await recorded(at.self_check, 'submit_self_check', colleague, from)
  await isFor(page, from)
  for (const one of [page, principal]) await one.context().close()
})

test('a colleague convenes, opens the session and calls the ballot for the secretary', { timeout: 600_000 }, async () => {
  const principal = await handOver('secretary', 'committee_secretary', 'panel2')
  const page = await openAs(browser, server.url, 'panel2')
  await click(page, page.locator('nav a[href="/meetings"]'))
  await click(page, page.locator('main a[href="/open/committee_meeting"]'))
  if (!page.url().includes('/convene')) await click(page, page.locator('main a[href*="/convene"]'))
  assert.equal(chosen(await formOf(page)), 'demo-secretary')
  await complete(page, { agenda: [at.awaiting], secret: [], chair: 'demo-chair' })
  const meeting = idOf(page)
  await recorded(meeting, 'convene', 'panel2', 'secretary')
  await isFor(page, 'secretary')
  await command(page, 'start_session')
  await complete(page)
  await recorded(meeting, 'start_session', 'panel2', 'secretary')
  await command(page, 'open_ballot')
  assert.equal((await formOf(page)).controls.find(({ name }) => name === 'meeting').value, meeting, 'the meeting is known')
  await complete(page)
  await recorded(at.awaiting, 'open_ballot', 'panel2', 'secretary')
  await click(page, page.locator('nav a[href="/meetings"]'))
  await click(page, page.locator(`main a[href="/meetings/${meeting}"]`))
  await click(page, page.locator('main .tabs a[href*="as=demo-secretary"]'))
  await command(page, 'record_attendance')
  await complete(page)
  await recorded(meeting, 'record_attendance', 'panel2', 'secretary')
  for (const one of [page, principal]) await one.context().close()
})

test('a round is announced and closed for the head of the panel', { timeout: 600_000 }, async () => {
  const principal = await handOver('panel1', 'panel_leader', 'reviewer-agriculture')
  const page = await openAs(browser, server.url, 'reviewer-agriculture')
  await click(page, page.locator('nav a[href="/rounds"]'))
  await click(page, page.locator('main a[href="/rounds/new"]'))
  let form = await formOf(page)
  assert.equal(chosen(form), 'demo-panel1')
  await send(page, form)
  form = await formOf(page)
  assert.equal(chosen(form), 'demo-panel1', 'it comes back for the same person')
  await complete(page, { towns: ['990100101'] })
  const round = idOf(page)
  await recorded(round, 'announce', 'reviewer-agriculture', 'panel1')
  await isFor(page, 'panel1')
  const { items } = await auditor.get(`/cases?round=${round}&limit=100`)
  assert.ok(items.length > 0)
  await recorded(items[0].id, 'open', 'reviewer-agriculture', 'panel1')
  await command(page, 'close_round')
  await complete(page)
  await recorded(round, 'close_round', 'reviewer-agriculture', 'panel1')
  for (const one of [page, principal]) await one.context().close()
})
