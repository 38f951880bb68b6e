// In the middle of the work: every form in every state that asks for it, the pages of those who decide, and how many clicks it takes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { fitsEnlarged, inLanguage, launch, openAs, unfit } from './browser.mjs'
import { districtAtWork, town, villageOf } from './district.mjs'
import { signIn, startServer } from './server.mjs'

let server, browser, at, forms
const actors = [`v-${villageOf(6)}`, `o-${town}`, `s-${town}`, 'commander1', 'coordinator-party1', 'reviewer-organisation', 'panel1', 'secretary', 'member2']

before(async () => {
  server = await startServer()
  browser = await launch()
  at = await districtAtWork(server.url)
  forms = await formsOfEach()
}, { timeout: 240_000 })
after(async () => {
  await browser?.close()
  assert.equal(await server.stop(), 0)
})

// One form of each command, with a person who may give it. If nobody may give it now, a form that shows the reasons.
async function formsOfEach() {
  const cases = [at.self_check, at.town_screening, at.department_review, at.awaiting, at.committee_approval, at.managed, at.exit_review, at.follow_up, at.meeting, ...Object.values(at.prescriptions)]
  const found = new Map()
  for (const login of actors) {
    const person = await signIn(server.url, login)
    for (const id of cases) {
      const { items } = await person.get(`/cases/${id}/commands`).catch((error) => { if (!/ 404 /.test(error)) throw error; return { items: [] } })
      for (const { command: name, allowed, fields } of items) {
        const known = found.get(name)
        if (!known || (allowed && !known.allowed)) found.set(name, { login, path: `/cases/${id}/do/${name}`, allowed, asks: fields.some((field) => field.required && field.key !== 'answers') }) // answers have a page of their own
      }
    }
  }
  return [...found.values()]
}

// Every question of every workflow, with who decides and the answers from which they choose.
const questions = () => [
  [`s-${town}`, at.town_screening, 'screening', ['nominate', 'return_to_village', 'decline']],
  ['panel1', at.department_review, 'review', ['endorse', 'return_to_town', 'decline']],
  ['panel1', at.exit_review, 'exit', ['endorse_exit', 'deny_exit']],
  [`v-${villageOf(6)}`, at.prescriptions.issued, 'acceptance', ['accept', 'decline_responsibility']],
  [`s-${town}`, at.prescriptions.extension, 'extension', ['grant_extension', 'refuse_extension']],
  ['coordinator-party1', at.prescriptions.awaiting_check, 'result', ['accept_result', 'reject_result']],
]

const pagesOf = () => ({
  [`v-${villageOf(1)}`]: ['/', '/work', `/cases/${at.self_check}`, `/cases/${at.self_check}/indicators`, `/cases/${at.self_check}/indicators/check`],
  [`s-${town}`]: ['/', '/work', `/work/bulk/village_lifecycle/nominate?case=${at.town_screening}`, `/cases/${at.managed}`, `/prescriptions?place=${villageOf(6)}`, `/prescriptions?place=${town}`, `/prescriptions/${at.late}/sheet`, `/cases/${at.late}`, '/open/village_lifecycle'],
  panel1: ['/', `/cases/${at.department_review}`, `/cases/${at.exit_review}`, '/open/village_lifecycle', `/open/village_lifecycle/${villageOf(9)}/open`, '/rounds/new'],
  secretary: ['/', '/meetings', `/meetings/${at.meeting}`, '/open/committee_meeting/990100/convene'],
  member2: ['/', `/meetings/${at.meeting}`],
})

for (const locale of ['zh-CN', 'en'])
  for (const width of [360, 1280])
    test(`forms and pages in the middle of the work are fit for use in ${locale} at ${width} px`, { timeout: 420_000 }, async () => {
      const by = new Map(Object.entries(pagesOf()).map(([login, paths]) => [login, paths.map((path) => ({ path }))]))
      for (const [login, id, question, answers] of questions())
        by.set(login, [...(by.get(login) ?? []), { path: `/cases/${id}/decide/${question}`, asks: true }, ...answers.map((answer) => ({ path: `/cases/${id}/decide/${question}?answer=${answer}` }))])
      for (const form of forms) by.set(form.login, [...(by.get(form.login) ?? []), form])
      const wrong = []
      for (const [login, visits] of by) {
        const page = await openAs(browser, server.url, login, { width, locale })
        const look = async (what) => wrong.push(...(await unfit(page)).map((finding) => `${login} ${what}: ${finding}`))
        await inLanguage(page, server.url, locale)
        for (const { path, asks } of visits) {
          const answer = await page.goto(server.url + path)
          assert.equal(answer.status(), 200, `${login} ${path}`)
          const size = gzipSync(await answer.body()).length
          if (size > 15_000) wrong.push(`${path}: ${size} bytes`)
          await look(path)
          if (width === 1280 && !(await fitsEnlarged(page))) wrong.push(`${path} scrolls sideways at 200 %`)
          if (!asks) continue
          await page.evaluate(() => { // empties all inputs, also those that the form has prefilled
            for (const field of document.querySelectorAll('main form :is(input, textarea, select):not([type=hidden])')) if (field.type === 'checkbox') field.checked = false; else if (field.type !== 'radio') field.value = ''
          })
          await page.locator('main form .actions button[type=submit]').last().click()
          await page.locator('.error-summary').waitFor().catch(() => assert.fail(`${path} takes an empty form`))
          await look(`${path} with errors`)
        }
        await page.context().close()
      }
      assert.deepEqual(wrong, [])
    })

test('one decision is one page: case and worklist lead to it, and it offers the answers with their own fields', { timeout: 120_000 }, async () => {
  for (const [login, id, question, answers] of questions()) {
    const page = await openAs(browser, server.url, login, { width: 360, javaScriptEnabled: false })
    const links = async (path) => { await page.goto(server.url + path); return await page.locator(`main a[href^="/cases/${id}/"]`).evaluateAll((all) => all.map((one) => one.pathname)) }
    const decision = `/cases/${id}/decide/${question}`
    const person = await signIn(server.url, login)
    const waits = (await person.get('/worklist?box=todo&limit=100')).items.some((item) => item.case_id === id && answers.includes(item.command))
    assert.ok(waits || question === 'exit', `${question} is in the worklist, but for the exit, which still lacks opinions`)
    for (const path of [`/cases/${id}`, ...(waits ? ['/work?box=todo'] : [])]) {
      const found = await links(path)
      assert.ok(found.includes(decision), `${login} ${path} leads to ${decision}`)
      assert.deepEqual(found.filter((one) => answers.some((answer) => one.endsWith(`/do/${answer}`))), [], `${login} ${path}: no answer stands apart`)
    }
    await page.goto(server.url + decision)
    assert.deepEqual(await page.locator('input[name=answer]').evaluateAll((all) => all.map((one) => one.value)), answers)
    assert.ok((await page.locator('section:has(> #basis)').innerText()).length > 20, `${decision} shows what is decided on`)
    const { items } = await person.get(`/cases/${id}/commands`)
    for (const answer of answers) {
      const fields = items.find(({ command }) => command === answer).fields.map(({ key }) => `${answer}-${key}`)
      assert.deepEqual([...new Set(await page.locator(`[name^="${answer}-"]`).evaluateAll((all) => all.map((one) => one.name.replace(/_kept$/, ''))))].sort(), fields.sort(), `${decision}: the fields of ${answer}`)
      for (const one of answers) {
        await page.locator(`input[name=answer][value=${answer}]`).check()
        const inputs = page.locator(`[name^="${one}-"]`)
        if (await inputs.count()) assert.equal(await inputs.first().evaluate((input) => input.closest('.field').checkVisibility()), one === answer, `${decision}: ${one} beside ${answer}`)
      }
    }
    await page.context().close()
  }
})

test('a form shows what it decides on', { timeout: 120_000 }, async () => {
  const shown = async (login, path) => {
    const page = await openAs(browser, server.url, login, { width: 360, javaScriptEnabled: false })
    await page.goto(server.url + path)
    const basis = page.locator('section:has(> #basis)')
    const text = await basis.innerText(), files = await basis.locator('a[href^="/documents/"]').count()
    await page.context().close()
    return { text, files }
  }
  const check = await shown(`s-${town}`, `/cases/${at.prescriptions.awaiting_check}/do/accept_result`)
  for (const words of ['每月 5 日前公开上月村务', '连续三个月按时公开', '已连续三个月公开']) assert.ok(check.text.includes(words), words)
  assert.equal(check.files, 1, 'and the evidence that was handed in')
  const extension = await shown(`s-${town}`, `/cases/${at.prescriptions.extension}/do/grant_extension`)
  assert.match(extension.text, /雨季停工两周/)
  const endorsed = await shown('panel1', `/cases/${at.department_review}/do/endorse`)
  for (const words of ['组织部', '农业农村委', '情况属实', '村务公开不及时', '一致同意提出建议']) assert.ok(endorsed.text.includes(words), words)
  const exit = await shown('panel1', `/cases/${at.exit_review}/do/deny_exit`)
  assert.equal(exit.files, 3, 'the evidence of three evaluations')
  assert.match((await shown(`s-${town}`, `/cases/${at.managed}/do/issue_prescription`)).text, /ECO-02/, 'the red indicators, by the codes that the form asks for')
  assert.match((await shown('member2', `/cases/${at.committee_approval}/do/cast_vote`)).text, /列入管理[\s\S]*一致同意提出建议/)
  assert.match((await shown(`s-${town}`, `/cases/${at.town_screening}/do/nominate`)).text, /已填 45/)
})

test('villages without an open case are offered for opening, and others are not', { timeout: 60_000 }, async () => {
  const page = await openAs(browser, server.url, 'panel1', { width: 360, javaScriptEnabled: false })
  await page.goto(`${server.url}/open/village_lifecycle?town=${town}`)
  const codes = (await page.locator('main ul.work .mono').allInnerTexts()).map((code) => code.trim())
  assert.ok(codes.length > 0 && codes.every((code) => code.startsWith(town)))
  for (const n of [1, 2, 3, 4, 5, 6, 7]) assert.ok(!codes.includes(villageOf(n)), villageOf(n))
  await page.goto(`${server.url}/rounds/new`)
  assert.match(await page.locator(`label:has(input[value="${town}"])`).innerText(), new RegExp(`可启动 ${codes.length} 个村，在办 7 个`))
  await page.goto(`${server.url}/open/village_lifecycle?town=${town}`)
  await page.locator('main ul.work a').first().click()
  await page.locator('main form .actions button[type=submit]').last().click()
  await page.waitForURL(/\/cases\/[^/]+\?receipt=/)
  await page.context().close()
})

test('what is missing leads to where it can be mended, for those who may', { timeout: 60_000 }, async () => {
  const ways = async (login, id) => {
    const page = await openAs(browser, server.url, login, { width: 360, javaScriptEnabled: false })
    await page.goto(`${server.url}/cases/${id}`)
    const links = await page.locator('.reasons a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    await page.context().close()
    return links
  }
  assert.ok((await ways(`s-${town}`, at.managed)).includes(`/prescriptions?place=${villageOf(6)}`))
  assert.ok((await ways('reviewer-organisation', at.exit_review)).includes(`/cases/${at.exit_review}/do/record_district_assessment`))
  assert.ok(!(await ways('panel1', at.exit_review)).some((href) => href.includes('/do/record_')), 'not for who may not')
})

test('from home: the next task in 1 click, claimed and begun in 2, a vote in 3, from a decision to its evidence in 3', { timeout: 90_000 }, async () => {
  const clerk = await openAs(browser, server.url, `s-${town}`, { width: 360 })
  await clerk.locator('main .work__title a').first().click()
  await clerk.locator('main form .actions').waitFor()
  await clerk.goto(server.url)
  const item = clerk.locator('main .work__item:has(button)').first()
  await item.locator('button').click()
  await clerk.waitForURL(/done=claimed/)
  await clerk.locator('main .work__title a').first().click()
  await clerk.locator('main form .actions').waitFor()
  await clerk.context().close()

  const member = await openAs(browser, server.url, 'member3', { width: 360 })
  await member.locator('main .work__title a').first().click()
  await member.locator('input[value=approve]').check()
  await member.locator('main form .actions button[type=submit]').click()
  await member.waitForURL(/receipt=/)
  await member.context().close()

  const auditor = await openAs(browser, server.url, 'auditor', { width: 360 })
  await auditor.goto(`${server.url}/cases/${at.prescriptions.closed}`) // the decision: accepted and closed
  await auditor.locator('.timeline a[href^="/documents/"]').first().click()
  assert.ok(new URL(auditor.url()).pathname.startsWith('/documents/'))
  await auditor.context().close()
})

test('who looks at a case is told when somebody else moves it', { timeout: 60_000 }, async () => {
  const page = await openAs(browser, server.url, 'panel1', { width: 360 })
  await page.goto(`${server.url}/cases/${at.department_review}`)
  const banner = page.locator('[data-case]')
  assert.equal(await banner.isVisible(), false)
  const reviewer = await signIn(server.url, 'reviewer-agriculture'), { today } = await reviewer.get('/me')
  await reviewer.give(at.department_review, 'record_consultation', { participants: '（演示）老支书', held_on: today, venue: '（演示）家中', findings: '（演示）情况属实。' })
  await banner.waitFor({ state: 'visible' })
  await page.context().close()
})
