// docs/examples/leave_request, a workflow that no page knows, in the real program that hosts it: from the worktop to the record,
// in both languages and on a phone.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { inLanguage, launch, openAs, unfit } from './browser.mjs'
import { binary, signIn, startServer } from './server.mjs'
import { sheetsOf } from './xlsx.mjs'

const town = '990100001', village = `${town}201`, other = `${town}202`
const employee = `v-${village}`, colleague = `v-${other}`, superior = `s-${town}`
const hosts = process.env.CUNMAI_EXAMPLES_BINARY ?? new URL('../../build/cunmai_with_examples', import.meta.url).pathname
const phone = { width: 360, javaScriptEnabled: false }

let server, browser, auditor
before(async () => {
  server = await startServer(['--demo'], {}, hosts)
  browser = await launch()
  const security = await signIn(server.url, 'secadmin')
  const grant = async (login, role, place) => security.post('/grants', { person: `demo-${login}`, role, place })
  await grant(employee, 'employee', village)
  await grant(colleague, 'employee', other)
  await grant(superior, 'superior', town)
  await grant(superior, 'employee', village)
  await grant('o-990100001', 'superior', town) // nobody decides on their own leave: there is another
  auditor = await signIn(server.url, 'auditor')
}, { timeout: 120_000 })
after(async () => {
  await browser?.close()
  assert.equal(await server.stop(), 0)
})

const day = async (days) => new Date(Date.parse((await auditor.get('/me')).today) + days * 86_400_000).toISOString().slice(0, 10)
const send = async (page) => { await page.locator('main form .actions button[type=submit]').last().click(); await page.waitForLoadState() }
const text = (page) => page.locator('main').innerText()
const requests = async () => (await auditor.get('/cases?definition=leave_request&limit=100')).items
const asked = async (login, from, until, place = village) => (await (await signIn(server.url, login)).post('/cases', { definition: 'leave_request', place, command: 'request_leave', payload: { from_on: await day(from), until_on: await day(until), reason: '（演示）回乡探亲。' } })).case_id
const decided = (id) => `${server.url}/cases/${id}/decide/answer`

test('the program that users run knows no leave; the one that hosts the example draws it', { timeout: 60_000 }, async () => {
  const run = promisify(execFile)
  const { stdout } = await run(hosts, ['diagram', 'leave_request', '--format', 'svg', '--lang', 'en'])
  for (const words of ['Requested', 'Granted', 'Withdrawn', 'Grant the leave']) assert.ok(stdout.includes(words), words)
  await assert.rejects(run(binary, ['diagram', 'leave_request', '--format', 'svg']))
})

test('an employee asks for leave from the worktop: straight to the form of their place, several at a time', { timeout: 120_000 }, async () => {
  const page = await openAs(browser, server.url, employee, phone)
  const ask = async (from, until) => {
    await page.goto(server.url)
    await page.locator('main a', { hasText: '申请请假' }).click()
    assert.equal(new URL(page.url()).pathname, `/open/leave_request/${village}/request_leave`)
    await page.fill('[name=from_on]', from)
    await page.fill('[name=until_on]', until)
    await page.fill('[name=reason]', '（演示）照顾病人。')
    await send(page)
  }
  await ask(await day(5), await day(3))
  assert.match(await page.locator('.error-summary').innerText(), /结束日期不能早于/)
  assert.equal(await page.inputValue('[name=reason]'), '（演示）照顾病人。', 'what was typed is kept')
  assert.match(await page.locator('.field--error').innerText(), /^结束日期/, 'in the words of this workflow')
  await page.fill('[name=until_on]', await day(6))
  await send(page)
  assert.equal(await page.locator('.receipt').count(), 1)
  await ask(await day(20), await day(21)) // the first one is still open
  assert.equal(await page.locator('.receipt').count(), 1)
  assert.equal((await requests()).filter((one) => one.place.code === village).length, 2)

  const seen = await text(page)
  for (const words of ['请假时间和事由', '开始日期', await day(20), '事由', '（演示）照顾病人。', '待批准', '申请人']) assert.ok(seen.includes(words), words)
  await page.context().close()
})

test('one page asks "grant or refuse", shows what it is about, keeps what was typed, and needs no script', { timeout: 120_000 }, async () => {
  const id = await asked(employee, 30, 33), next = await asked(colleague, 40, 41, other)
  const page = await openAs(browser, server.url, superior, phone)
  await page.goto(`${server.url}/work`)
  await page.locator(`a[href^="/cases/${id}/decide/answer"]`, { hasText: '审批请假' }).click()
  const basis = await page.locator('section:has(> #basis)').innerText()
  for (const words of [await day(30), await day(33), '（演示）回乡探亲。']) assert.ok(basis.includes(words), words)
  assert.deepEqual(await page.locator('input[name=answer]').evaluateAll((all) => all.map((one) => one.value)), ['grant', 'refuse'])
  assert.equal(await page.locator('input[name=answer]:checked').count(), 0, 'nothing is chosen for the decider')
  const reason = page.locator('[name=refuse-reason]')
  assert.equal(await reason.isVisible(), false, 'the reason of a refusal is asked for with the refusal')

  await send(page)
  assert.match(await page.locator('.error-summary').innerText(), /请先选择/)
  await page.locator('input[name=answer][value=refuse]').check()
  assert.equal(await reason.isVisible(), true)
  await send(page)
  assert.match(await page.locator('.error-summary a').innerText(), /事由/)
  assert.equal(await page.locator('.error-summary a').getAttribute('href'), '#f-refuse-reason')
  assert.equal(await page.locator('input[name=answer][value=refuse]').isChecked(), true)
  await reason.fill('（演示）同日有会议。')
  await page.locator('input[name=answer][value=grant]').check()
  await page.locator('input[name=answer][value=refuse]').check()
  assert.equal(await reason.inputValue(), '（演示）同日有会议。', 'a change of mind loses nothing')
  await send(page)
  assert.match(await page.locator('.receipt').innerText(), /不批准/)
  const row = await auditor.get(`/cases/${id}`)
  assert.equal(row.state, 'refused')

  await page.goto(`${server.url}/cases/${next}`)
  assert.equal(await page.locator(`.task a[href="/cases/${next}/decide/answer"]`).count(), 1, 'from the case, too, to one page')
  assert.equal(await page.locator('.task a[href*="/do/grant"], .task a[href*="/do/refuse"]').count(), 0)
  await page.goto(decided(next))
  await page.locator('input[name=answer][value=grant]').check()
  await send(page)
  assert.match(await page.locator('.receipt').innerText(), /批准/)
  assert.equal((await auditor.get(`/cases/${next}`)).state, 'granted')
  await page.goto(decided(next))
  assert.match(await page.locator('.banner--warn').innerText(), /已不能办理/, 'it was decided')
  await page.context().close()
})

test('who was overtaken is told what changed, and what was typed is still there', { timeout: 60_000 }, async () => {
  const id = await asked(employee, 50, 51)
  const page = await openAs(browser, server.url, superior, phone)
  await page.goto(decided(id))
  await (await signIn(server.url, employee)).give(id, 'withdraw')
  await page.locator('input[name=answer][value=refuse]').check()
  await page.fill('[name=refuse-reason]', '（演示）人手不够。')
  await send(page)
  assert.match(await text(page), /撤回/)
  assert.equal(await page.inputValue('[name=refuse-reason]'), '（演示）人手不够。')
  assert.equal(await page.locator('main form button[type=submit]').count(), 0, 'there is nothing left to decide')
  await page.context().close()
})

test('a refusal that can be mended links to where', { timeout: 60_000 }, async () => {
  const id = await asked(superior, 60, 61)
  const page = await openAs(browser, server.url, superior, phone)
  for (const path of [`/cases/${id}`, `/cases/${id}/decide/answer`]) {
    await page.goto(server.url + path)
    assert.match(await page.locator('.reasons').first().innerText(), /不能审批本人/)
    await page.locator(`.reasons a[href="/cases/${id}/do/withdraw"]`).first().click()
    await page.locator('main form .button--warning').waitFor()
  }
  await page.goto(decided(id))
  await page.locator('input[name=answer][value=grant]').check()
  await send(page)
  assert.match(await page.locator('.error-summary').innerText(), /不能审批本人/)
  assert.equal(await page.locator('input[name=answer][value=grant]').isChecked(), true)
  await page.locator(`.reasons a[href="/cases/${id}/do/withdraw"]`).first().click()
  await send(page)
  assert.equal((await auditor.get(`/cases/${id}`)).state, 'withdrawn')
  await page.context().close()
})

test('its list has its own columns and counts, on the page and as Excel', { timeout: 60_000 }, async () => {
  const waiting = (await requests()).filter((one) => one.state === 'requested').length
  const page = await openAs(browser, server.url, superior, { width: 1280 })
  await page.locator('nav a', { hasText: '请假' }).first().click()
  await page.waitForURL(/\/cases\?definition=leave_request/)
  assert.deepEqual(await page.locator('main thead th').allInnerTexts(), ['事项', '申请人', '开始日期', '结束日期', '环节'])
  const name = (await (await signIn(server.url, employee)).get('/me')).name
  assert.ok((await text(page)).includes(name), 'a person, not an id')
  const counter = page.locator('.counter', { hasText: '待批准' })
  assert.equal(Number(await counter.locator('.counter__number').innerText()), waiting)
  await counter.click()
  assert.equal(await page.locator('main tbody tr').count(), waiting)
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[href*="/cases.xlsx"]').click()])
  const [list, about] = await sheetsOf(await download.path())
  for (const words of ['申请人', '开始日期', '结束日期', name, '待批准']) assert.ok(list.includes(words), words)
  assert.ok(about.includes('请假'), 'the filter that made it')
  await page.goto(server.url)
  assert.equal(Number(await page.locator('.counter', { hasText: '待批请假' }).locator('.counter__number').innerText()), waiting)
  await page.context().close()
})

test('every page of it is fit for use in both languages, narrow and wide, and prints', { timeout: 300_000 }, async () => {
  const id = await asked(employee, 70, 72)
  const paths = ['/', '/work', '/cases?definition=leave_request', `/cases/${id}`, `/cases/${id}/record`, `/cases/${id}/diagram`, `/cases/${id}/evidence`, `/cases/${id}/decide/answer`,
    `/cases/${id}/decide/answer?answer=refuse`, `/cases/${id}/do/refuse`, '/open/leave_request', `/open/leave_request/${village}/request_leave`]
  const wrong = []
  for (const locale of ['zh-CN', 'en'])
    for (const width of [360, 1280]) {
      const page = await openAs(browser, server.url, superior, { width, locale })
      await inLanguage(page, server.url, locale)
      for (const path of paths) {
        const answer = await page.goto(server.url + path)
        assert.equal(answer.status(), 200, path)
        assert.equal(await page.getAttribute('html', 'lang'), locale, path)
        wrong.push(...(await unfit(page)).map((finding) => `${locale} ${width} ${path}: ${finding}`))
        if (locale === 'en' && /[\u4e00-\u9fff]/.test((await page.locator('main thead, main .summary dt, main h2, main .tag, main .label').allInnerTexts()).join())) wrong.push(`${path} has Chinese words in English`)
      }
      await page.goto(`${server.url}/cases/${id}`)
      await page.emulateMedia({ media: 'print' })
      assert.equal(await page.locator('header nav').first().isVisible(), false, 'no navigation on paper')
      assert.ok((await text(page)).includes(await day(70)))
      await page.context().close()
    }
  assert.deepEqual(wrong, [])
})
