// The core jobs by hand in a browser without JavaScript, on a phone's screen; and the wrong things people do.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inLanguage, launch, openAs, unfit } from './browser.mjs'
import { signIn, startServer } from './server.mjs'

let server, browser, api, catalogue, folder
const town = '990100001'
const village = `${town}201`
const plain = { width: 360, javaScriptEnabled: false }

before(async () => {
  server = await startServer()
  browser = await launch()
  folder = await mkdtemp(join(tmpdir(), 'cunmai-files-'))
  await writeFile(join(folder, 'evidence.txt'), 'minutes of the meeting\n')
  await writeFile(join(folder, 'program.jpg'), 'MZ this is no picture')
  await writeFile(join(folder, 'large.txt'), Buffer.alloc(21 << 20, 'a'))
  const logins = ['panel1', 'panel2', 'secretary', 'auditor', `s-${town}`, 'reviewer-organisation', 'reviewer-discipline', 'reviewer-political', 'chair', 'member1', 'member2', 'member3', 'member4', 'member5']
  api = {}
  for (const login of logins) api[login] = await signIn(server.url, login).catch((error) => error)
  catalogue = (await api.panel1.get('/catalogue')).indicators
}, { timeout: 120_000 })
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
  assert.equal(await server.stop(), 0)
})

const submit = async (page) => { await page.locator('main form .actions button[type=submit]').last().click(); await page.waitForLoadState() }
const caseOf = async (place) => (await api.auditor.get(`/cases?definition=village_lifecycle&place=${place}`)).items[0]
const history = async (id) => (await api.auditor.get(`/cases/${id}/history?limit=100`)).items

test('a village officer fills 45 indicators on a phone without JavaScript, with drafts and evidence', { timeout: 180_000 }, async () => {
  const { created, case_id } = await api.panel1.post('/cases', { definition: 'village_lifecycle', place: village, command: 'open', payload: {} })
  const id = created || case_id
  const page = await openAs(browser, server.url, `v-${village}`, plain)
  await page.locator(`main a[href*="/cases/${id}"]`).first().click() // home leads to the next task
  if (!page.url().includes('indicators')) await page.goto(`${server.url}/cases/${id}/indicators`)
  const best = (indicator) => (indicator.direction === 'higher_is_better' ? indicator.max : indicator.min)
  for (const [n, indicator] of catalogue.entries()) {
    const field = page.locator(`[name="value_${indicator.code}"]`)
    const value = String(best(indicator))
    if (n === 44) continue
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT') await field.selectOption(value)
    else await field.fill(value)
    if (indicator.evidence === 'always') {
      await page.locator(`[name="file_${indicator.code}"]`).setInputFiles(join(folder, 'evidence.txt'))
    }
  }
  await page.locator('button[name=then][value=save]').click()
  await page.waitForLoadState()
  assert.match(await page.locator('main').innerText(), /44/, 'the draft is kept and counted')

  const again = await openAs(browser, server.url, `v-${village}`, plain) // another phone
  await again.goto(`${server.url}/cases/${id}/indicators`)
  assert.equal(await again.locator(`[name="value_${catalogue[0].code}"]`).inputValue(), String(best(catalogue[0])))
  await again.goto(`${server.url}/cases/${id}/indicators/check`)
  assert.ok((await again.locator('main').innerText()).includes(catalogue[44].code), 'the check names what is missing')
  assert.equal(await again.locator('main form button[type=submit]').count(), 0, 'and can not be submitted')

  await again.goto(`${server.url}/cases/${id}/indicators`)
  const last = again.locator(`[name="value_${catalogue[44].code}"]`)
  if ((await last.evaluate((element) => element.tagName)) === 'SELECT') await last.selectOption(String(best(catalogue[44])))
  else await last.fill(String(best(catalogue[44])))
  await again.locator('button[name=then][value=check]').click()
  await again.waitForLoadState()
  await submit(again)
  assert.equal((await caseOf(village)).state, 'town_screening')
  assert.ok((await again.content()).includes((await history(id)).at(-1).hash.slice(0, 12)), 'the receipt shows the hash of the event')
  await page.context().close()
  await again.context().close()
})

test('a returned self-check comes back whole, with the reason and a new date; only what changed is typed', { timeout: 180_000 }, async () => {
  const { id } = await caseOf(village)
  const given = await api.auditor.get(`/cases/${id}/documents`)
  const day = (await api.auditor.get('/me')).today
  const clerk = await openAs(browser, server.url, `o-${town}`, plain)
  await clerk.goto(`${server.url}/cases/${id}/do/return_to_village`)
  await clerk.locator('[name=new_due_on]').fill('2020-01-01')
  await clerk.locator('[name=reason]').fill('（演示）第一项与台账不符，\n请核实。')
  await submit(clerk)
  assert.equal(await clerk.locator('a[href="#f-new_due_on"]').count(), 1, 'a day that is over')
  const later = new Date(Date.parse(day) + 20 * 86400_000).toISOString().slice(0, 10)
  await clerk.locator('[name=new_due_on]').fill(later)
  await submit(clerk)
  assert.match(clerk.url(), /receipt=/)
  assert.deepEqual(await caseOf(village).then((one) => [one.state, one.due_on]), ['self_check', later])
  await clerk.context().close()

  for (const [locale, words] of [['zh-CN', '退回'], ['en', 'returned']]) { // and fit for a phone, in both languages
    const page = await openAs(browser, server.url, `v-${village}`, { width: 360 })
    await inLanguage(page, server.url, locale)
    await page.goto(`${server.url}/cases/${id}/indicators`)
    const banner = await page.locator('section.banner').innerText()
    for (const part of ['第一项与台账不符', words, day]) assert.ok(banner.includes(part), `${part} in ${banner}`)
    assert.deepEqual(await unfit(page), [])
    await inLanguage(page, server.url, 'zh-CN')
    await page.context().close()
  }

  const page = await openAs(browser, server.url, `v-${village}`, plain)
  await page.goto(`${server.url}/cases/${id}/indicators`)
  assert.match(await page.locator('main').innerText(), /45\/45/)
  const [first, second] = catalogue.filter((one) => one.kind === 'number' && one.evidence === 'never')
  const kept = await page.locator(`[name="value_${second.code}"]`).inputValue()
  assert.notEqual(kept, '')
  const evidenced = catalogue.find((one) => one.evidence === 'always')
  assert.equal(await page.locator(`[name="drop_${evidenced.code}"]`).count(), 1, 'its file is there')
  await page.locator(`[name="value_${first.code}"]`).fill(String(first.thresholds.yellow))
  await page.locator('button[name=then][value=check]').click()
  await page.waitForLoadState()
  await submit(page)
  assert.equal((await caseOf(village)).state, 'town_screening')
  const now = await api.auditor.get(`/cases/${id}`)
  const answers = JSON.parse(await api.auditor.bytes(`/attachments/${now.facts.self_check.document}`)).answers
  assert.equal(answers[first.code].value, first.thresholds.yellow)
  assert.equal(String(answers[second.code].value), kept)
  assert.equal(answers[evidenced.code].evidence.length, 1)
  assert.equal(Object.keys(answers).length, 45)
  assert.equal((await api.auditor.get(`/cases/${id}/documents`)).items.length, given.items.length + 1, 'one more answers document, the same evidence')
  await page.context().close()
})

test('an empty form names each field, keeps what was typed, and then nominates', { timeout: 60_000 }, async () => {
  const { id } = await caseOf(village)
  const page = await openAs(browser, server.url, `s-${town}`, plain)
  await page.goto(`${server.url}/cases/${id}/do/nominate`)
  await page.locator('textarea').first().fill('研究记录：一致同意')
  await submit(page)
  assert.equal(await page.locator('a[href^="#f-"]').count() > 0, true, 'the summary links to the field')
  assert.equal(await page.locator('textarea').first().inputValue(), '研究记录：一致同意')
  await page.locator('input[type=radio][value=disputes]').first().check()
  await submit(page)
  assert.equal((await caseOf(village)).state, 'department_review')
  await page.context().close()
})

test('a double click and a reload do nothing twice', { timeout: 60_000 }, async () => {
  const { id } = await caseOf(village)
  const before = (await history(id)).length
  const page = await openAs(browser, server.url, 'reviewer-organisation')
  await page.goto(`${server.url}/cases/${id}/do/record_interview`)
  await fillVisit(page)
  await page.locator('main form .actions button[type=submit]').last().dblclick()
  await page.waitForURL(/receipt=|\/cases\/[^/]+$/)
  await page.goBack().catch(() => {})
  await page.goForward().catch(() => {})
  await page.reload()
  assert.equal((await history(id)).length, before + 1)
  await page.context().close()
})

async function fillVisit(page) {
  const day = (await api.auditor.get('/me')).today
  for (const field of await page.locator('main form input[type=date]').all()) await field.fill(day)
  for (const field of await page.locator('main form input[type=text]').all()) await field.fill('（演示）村委会')
  for (const field of await page.locator('main form textarea').all()) await field.fill('（演示）情况属实')
}

test('a form from a stale tab is not lost: it shows what changed and keeps what was typed', { timeout: 60_000 }, async () => {
  const { id } = await caseOf(village)
  const page = await openAs(browser, server.url, 'reviewer-organisation', plain)
  await page.goto(`${server.url}/cases/${id}/do/record_courtyard_meeting`)
  await fillVisit(page)
  await api['reviewer-discipline'].give(id, 'sign_opinion', { department: 'discipline', opinion: 'endorse', text: '同意' })
  const before = (await history(id)).length
  await submit(page)
  assert.equal((await history(id)).length, before, 'nothing was done on the old version')
  assert.equal(await page.locator('main form textarea').first().inputValue(), '（演示）情况属实')
  await submit(page)
  assert.equal((await history(id)).length, before + 1, 'and once more on the new one')
  await page.context().close()
})

test('a file that is not what its name says, and one that is too large, are refused with a sentence', { timeout: 90_000 }, async () => {
  const { case_id: id } = await api.panel1.post('/cases', { definition: 'village_lifecycle', place: `${town}202`, command: 'open', payload: {} })
  const page = await openAs(browser, server.url, `v-${town}202`, plain)
  for (const file of ['program.jpg', 'large.txt']) {
    await page.goto(`${server.url}/cases/${id}/indicators`)
    await page.locator(`details:has([name="file_${catalogue[0].code}"]) summary`).click()
    await page.locator(`[name="file_${catalogue[0].code}"]`).setInputFiles(join(folder, file))
    await page.locator('button[name=then][value=save]').click()
    await page.waitForLoadState()
    assert.match(await page.locator('main').innerText(), file === 'large.txt' ? /20|过大|太大|超过/ : /不符|不一致|类型|不是/, file)
    assert.equal((await api.auditor.get(`/cases/${id}/documents`)).items.length, 0, file)
  }
  await page.context().close()
})

test('a forged form, without the token or from another site, changes nothing', { timeout: 60_000 }, async () => {
  const { id } = await caseOf(village)
  const before = (await history(id)).length
  const page = await openAs(browser, server.url, 'panel1')
  await page.goto(`${server.url}/cases/${id}/do/return_to_town`)
  await page.evaluate(() => { document.querySelector('main form [name=csrf]').value = 'forged' })
  await page.locator('main form textarea').first().fill('x')
  await submit(page)
  assert.equal((await history(id)).length, before)
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
  const answer = await fetch(`${server.url}/cases/${id}/do/return_to_town`, { method: 'POST', headers: { cookie: cookies, origin: 'http://evil.invalid', 'content-type': 'application/x-www-form-urlencoded' }, body: 'reason=x', redirect: 'manual' })
  assert.equal(answer.status, 403)
  await page.context().close()
})

test('the committee votes on a phone without JavaScript, and nobody votes after the close', { timeout: 180_000 }, async () => {
  const { id } = await caseOf(village)
  const day = (await api.auditor.get('/me')).today
  for (const [login, department] of [['reviewer-organisation', 'organisation'], ['reviewer-discipline', 'discipline']])
    await api[login].give(id, 'sign_opinion', { department, opinion: 'endorse', text: '同意' })
  const reviewers = (await (await signIn(server.url, 'secadmin')).get('/people?role=department_reviewer&limit=50')).items
  for (const department of ['political_legal', 'civil_affairs', 'agriculture']) {
    const who = await signIn(server.url, (await holderOf(reviewers, department)))
    await who.give(id, 'sign_opinion', { department, opinion: 'endorse', text: '同意' })
  }
  await api.panel1.give(id, 'endorse')
  const members = await Promise.all(['chair', 'member1', 'member2', 'member3', 'member4', 'member5'].map(async (login) => (await signIn(server.url, login)).id))
  const meeting = (await api.secretary.post('/cases', { definition: 'committee_meeting', place: '990100', payload: { title: '（演示）常委会', on: day, date: day, chair: members[0], agenda: [id] } }).catch(async (error) => {
    const fields = (await api.secretary.get('/definitions/committee_meeting')).commands.find((one) => one.key === 'convene').fields
    const payload = { title: '（演示）常委会', chair: members[0], agenda: [id] }
    for (const field of fields) if (field.type === 'date' || /date|_on$/.test(field.key)) payload[field.key] = day
    return await api.secretary.post('/cases', { definition: 'committee_meeting', place: '990100', payload })
  })).case_id
  await api.secretary.give(meeting, 'start_session', { attendance: members })
  await api.secretary.give(id, 'open_ballot', { meeting })
  for (const login of ['member1', 'member2']) {
    const page = await openAs(browser, server.url, login, plain)
    await page.goto(`${server.url}/cases/${id}/do/cast_vote`)
    await page.locator('input[type=radio][value=approve]').check()
    await submit(page)
    assert.match(page.url(), /receipt=/, 'a vote has a receipt')
    await page.context().close()
  }
  for (const login of ['member3', 'member4', 'chair']) await (await signIn(server.url, login)).give(id, 'cast_vote', { choice: 'approve' })
  const late = await openAs(browser, server.url, 'member5', plain)
  await late.goto(`${server.url}/cases/${id}/do/cast_vote`)
  await late.locator('input[type=radio][value=approve]').check()
  await api.secretary.give(meeting, 'record_attendance', { attendance: members.slice(0, 5) }) // member5 has left: nobody waits for them
  await api.secretary.give(id, 'close_ballot', { minutes: '（演示）会议决定' })
  const before = (await history(id)).length
  await submit(late)
  assert.equal((await history(id)).length, before, 'a vote after the close is not counted')
  assert.equal((await caseOf(village)).state, 'managed')
  await late.context().close()
})

async function holderOf(people, department) {
  const secadmin = await signIn(server.url, 'secadmin')
  for (const person of people) {
    const detail = await secadmin.get(`/people/${person.id}`)
    if (detail.grants.some((grant) => grant.qualifier === department)) return detail.login
  }
  throw new Error(`nobody for ${department}`)
}

test('a wrong password says no more than a wrong name', { timeout: 60_000 }, async () => {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  const say = async (login) => {
    await page.goto(`${server.url}/sign-in`)
    await page.fill('[name=login]', login)
    await page.fill('[name=password]', 'wrong-password')
    await page.locator('main form button[type=submit]').first().click()
    await page.waitForLoadState()
    return (await page.locator('main').innerText()).replaceAll(login, '')
  }
  assert.equal(await say('member8'), await say('nobody-of-this-name'))
  await context.close()
})

test('the system administrator adds and renames a place; a wrong one says what is wrong and keeps what was typed', { timeout: 60_000 }, async () => {
  const page = await openAs(browser, server.url, 'sysadmin', plain)
  const add = page.locator('section:has(> #add) form')
  await page.goto(`${server.url}/admin/places?code=${town}`)
  await add.locator('[name=new_code]').fill('990100 001')
  await add.locator('[name=new_name]').fill('（演示）新村')
  await add.locator('button').click()
  assert.match(await add.innerText(), /字母|letters/)
  assert.equal(await add.locator('[name=new_name]').inputValue(), '（演示）新村')
  await add.locator('[name=new_code]').fill(`${town}999`)
  await add.locator('button').click()
  await page.waitForURL(/done=place_saved/)
  await page.goto(`${server.url}/admin/places?code=${town}999`)
  await page.locator('section:has(> #rename) [name=name]').fill('（演示）改名村')
  await page.locator('section:has(> #rename) button').click()
  await page.waitForURL(/done=place_saved/)
  assert.match(await page.locator('h1').innerText(), /改名村/)
  await page.context().close()
})
