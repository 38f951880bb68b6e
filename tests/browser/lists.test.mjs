// Lists longer than a page, walked by their own links: the filter stays, no row is left out, none comes twice. And a number that is a
// link equals the count of the rows to which it leads.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, openAs } from './browser.mjs'
import { districtAtWork, town, villageOf } from './district.mjs'
import { listAt } from './filters.mjs'
import { formsOn } from './form.mjs'
import { signIn, startServer } from './server.mjs'
import { routeOf } from './walk.mjs'

let server, browser, round
const treated = villageOf(12) // a village with more prescriptions than any page holds

before(async () => {
  server = await startServer()
  browser = await launch()
  await districtAtWork(server.url, async ({ give, enter }) => {
    const id = await enter(12)
    for (let n = 0; n < 45; n++) await give('s-990100002', id, 'issue_prescription', { problem: `（演示）问题 ${n}` })
  })
  const leader = await signIn(server.url, 'panel1'), secretary = await signIn(server.url, 'secretary')
  for (let n = 0; n < 110; n++) {
    const { id } = await leader.post('/interests', { place: villageOf(1), reason: `（演示）${n}` })
    await leader.delete(`/interests/${id}`)
  }
  for (let n = 0; n < 31; n++) await secretary.post('/cases', { definition: 'committee_meeting', place: '990100', command: 'convene', payload: { title: `（演示）会议 ${n}`, meeting_on: '2099-01-01', chair: 'demo-chair' } })
  const dates = Object.fromEntries(['self_check_due_on', 'screening_due_on', 'review_due_on'].map((name, at) => [name, `2099-01-0${at + 1}`]))
  round = (await leader.post('/rounds', { place: '990100', title: '（演示）摸排', towns: [town, '990100101'], ...dates })).case_id
  for (let n = 0; n < 20; n++) await leader.post('/rounds', { place: '990100', title: `（演示）摸排 ${n}`, towns: ['990100101'], ...dates })
}, { timeout: 1_200_000 })
after(async () => {
  await browser?.close()
  assert.equal(await server.stop(), 0)
})

const list = (page) => listAt(routeOf('GET', new URL(page.url()).pathname).pattern)

// All rows from this page on, and the number of pages.
async function walked(page, see = async () => {}) {
  const all = []
  for (let pages = 1; ; pages++) {
    all.push(...await list(page).rows(page))
    await see(pages, all)
    const next = page.locator('main a[rel=next]')
    if (!(await next.count())) return { all, pages }
    await Promise.all([page.waitForNavigation(), next.click()])
  }
}

const filtered = {
  's-990100002': [`/cases?definition=prescription&place=${treated}&sort=-opened`, `/prescriptions?place=${treated}&state=drafted`, '/work?definition=prescription'],
  sysadmin: ['/admin/people?role=village_officer'],
  panel1: ['/open/village_lifecycle?text=%E7%A4%BA%E4%BE%8B', '/rounds'],
  auditadmin: ['/admin/access-log?person=panel1&status=201', '/admin/log?what=interest_declared'],
  secretary: ['/meetings'],
  member2: ['/inbox?show=unread'],
}

for (const [login, paths] of Object.entries(filtered))
  for (const path of paths)
    test(`${login} walks ${path} by its links and sees what the API has`, { timeout: 300_000 }, async () => {
      const page = await openAs(browser, server.url, login), person = await signIn(server.url, login)
      await page.goto(server.url + path)
      const asked = new URL(path, 'http://x').searchParams
      const first = await list(page).rows(page)
      const { all, pages } = await walked(page, async (number, sofar) => {
        const form = (await formsOn(page)).find(({ method }) => method === 'GET')
        for (const [name, value] of asked) {
          if (form) assert.deepEqual({ ...form.hidden, ...Object.fromEntries(form.controls.map((one) => [one.name, one.value])) }[name], value, `${name} on page ${number}`)
          assert.equal(new URL(page.url()).searchParams.get(name), value)
        }
        const range = page.locator('main nav.pages p')
        if (await range.count()) assert.ok((await range.innerText()).includes(String(sofar.length)), `page ${number} says that it ends at ${sofar.length}: ${await range.innerText()}`)
        const file = page.locator('main a[download]')
        if (await file.count()) assert.deepEqual([...new URL(await file.getAttribute('href'), server.url).searchParams].sort(), [...asked].sort(), 'the file is of the same filter, from the beginning')
      })
      assert.ok(pages > 1, 'it is longer than a page')
      const wanted = await list(page).expected(person, asked, routeOf('GET', path).params)
      assert.deepEqual(list(page).grouped ? all.sort() : all, list(page).grouped ? wanted.sort() : wanted)
      const back = page.locator('main a[rel=prev]')
      if (await back.count()) {
        await Promise.all([page.waitForNavigation(), back.click()])
        assert.deepEqual(await list(page).rows(page), first)
        for (const [name, value] of asked) assert.equal(new URL(page.url()).searchParams.get(name), value)
      }
      await page.context().close()
    })

test('a number that is a link counts what it leads to', { timeout: 900_000 }, async () => {
  const numbers = async (page) => await page.evaluate(() => {
    const of = (all, link, number) => [...document.querySelectorAll(`main ${all}`)].map((one) => ({ href: one.querySelector(link)?.getAttribute('href') ?? one.getAttribute('href'), number: one.querySelector(number)?.textContent ?? one.textContent }))
    return [...of('.counter', '.none', '.counter__number'), ...of('.summary--numbers > div', 'a', 'dd'), ...of('.tabs a:has(.tabs__count)', '.none', '.tabs__count'), ...of('td.num a', '.none', '.none'), ...of('.num a', '.none', '.none')]
  })
  const wrong = [], seen = new Set()
  for (const [login, paths] of Object.entries({ panel1: ['/', '/work', '/prescriptions', `/rounds/${round}`], 's-990100002': ['/', '/work?box=done', '/prescriptions?text=1', '/inbox'], secretary: ['/', '/work'], [`v-${villageOf(6)}`]: ['/', '/prescriptions'], auditor: ['/', `/rounds/${round}`] })) {
    const page = await openAs(browser, server.url, login)
    for (const path of paths) {
      await page.goto(server.url + path)
      for (const { href, number } of await numbers(page)) {
        if (seen.has(`${login} ${href}`)) continue
        seen.add(`${login} ${href}`)
        await page.goto(server.url + path)
        await Promise.all([page.waitForNavigation(), page.locator(`main a[href="${href}"]`).first().click()])
        const { all } = await walked(page)
        if (all.length !== Number(number)) wrong.push(`${login} ${path}: ${number} at ${href}, which has ${all.length}`)
      }
    }
    await page.context().close()
  }
  assert.ok(seen.size > 30, `${seen.size} numbers`)
  assert.deepEqual(wrong, [])
})
