// Every page, as people see it after a whole pilot: 2 languages × 360 and 1280 px. No accessibility violation (WCAG 2.2 A and
// AA), no sideways scrolling (at 200 % neither), nothing too small for a finger, no text without a message.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { fitsEnlarged, inLanguage, launch, openAs, unfit } from './browser.mjs'
import { binary, signIn, startServer } from './server.mjs'

let server, browser, examples

before(async () => {
  server = await startServer()
  await promisify(execFile)(binary, ['demo', 'pilot', '--server', server.url], { timeout: 600_000 })
  browser = await launch()
  const auditor = await signIn(server.url, 'auditor')
  const one = async (filter) => (await auditor.get(`/cases?limit=1&${filter}`)).items[0]
  const village = await one('definition=village_lifecycle&state=graduated')
  examples = {
    village, managed: await one('definition=village_lifecycle&state=managed'), prescription: await one('definition=prescription'),
    meeting: await one('definition=committee_meeting'), round: await one('definition=screening_round'),
    document: (await auditor.get(`/cases/${village.id}/documents`)).items[0],
  }
}, { timeout: 660_000 })
after(async () => {
  await browser?.close()
  assert.equal(await server.stop(), 0)
})

const pagesOf = () => ({
  auditor: ['/', '/work', '/work?box=done', '/cases', '/refused', '/cases?text=nothing-has-this-name', `/cases/${examples.village.id}`, `/cases/${examples.managed.id}`, `/cases/${examples.village.id}/answers`,
    `/cases/${examples.village.id}/evidence`, `/cases/${examples.village.id}/record`, `/cases/${examples.village.id}/diagram`, `/cases/${examples.prescription.id}`,
    '/meetings', `/meetings/${examples.meeting.id}`, `/meetings/${examples.meeting.id}/minutes`, '/prescriptions', `/prescriptions/${examples.prescription.id}/sheet`, '/rounds', `/rounds/${examples.round.id}`,
    `/documents/${examples.document.sha256}`, '/inbox', '/account', '/help', '/help/record', '/cases/0000000000000000'],
  panel1: ['/', '/rounds/new', '/open/village_lifecycle', `/cases/${examples.managed.id}/do/terminate`],
  's-990100001': ['/', '/work', '/prescriptions'],
  sysadmin: ['/admin', '/admin/people', '/admin/people/new', '/admin/rules', '/admin/places', '/admin/deliveries', '/admin/health'],
  secadmin: ['/admin/people', '/admin/people/demo-panel1'],
  auditadmin: ['/admin/access-log', '/admin/log'],
})

for (const locale of ['zh-CN', 'en'])
  for (const width of [360, 1280])
    test(`every page is fit for use in ${locale} at ${width} px`, { timeout: 300_000 }, async () => {
      const wrong = []
      for (const [login, paths] of Object.entries(pagesOf())) {
        const page = await openAs(browser, server.url, login, { width, locale })
        await inLanguage(page, server.url, locale)
        for (const path of paths) {
          const answer = await page.goto(server.url + path)
          assert.ok(answer.status() < 400 || path.endsWith('0000000000000000'), `${login} ${path}: ${answer.status()}`)
          assert.equal(await page.getAttribute('html', 'lang'), locale, path)
          wrong.push(...(await unfit(page)).map((finding) => `${login} ${path}: ${finding}`))
          if (width === 1280 && !(await fitsEnlarged(page))) wrong.push(`${login} ${path} scrolls sideways at 200 %`)
        }
        await page.context().close()
      }
      assert.deepEqual(wrong, [])
    })

test('the sign-in page weighs at most 60 kB with its style and script, a later page at most 15 kB', async () => {
  const weigh = async (path, headers = {}) => gzipSync(Buffer.from(await (await fetch(server.url + path, { headers })).arrayBuffer())).length
  const html = await (await fetch(`${server.url}/sign-in`)).text()
  const assets = [...new Set([...html.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)].map(([, path]) => path))]
  let total = await weigh('/sign-in')
  for (const path of assets) total += await weigh(path)
  assert.ok(total <= 60_000, `${total} bytes`)
  const page = await openAs(browser, server.url, 'auditor')
  for (const path of ['/', '/cases', `/cases/${examples.village.id}`]) {
    const answer = await page.goto(server.url + path)
    const size = gzipSync(await answer.body()).length
    assert.ok(size <= 15_000, `${path}: ${size} bytes`)
  }
  await page.context().close()
})

test('a person of another town finds nothing of a village: not by address, list, count or search', async () => {
  const stranger = examples.village.place.parent === '990100001' ? 's-990100002' : 's-990100001'
  const page = await openAs(browser, server.url, stranger)
  for (const tail of ['', '/record', '/answers', '/evidence', '/diagram', '/do/terminate']) {
    const answer = await page.goto(`${server.url}/cases/${examples.village.id}${tail}`)
    assert.equal(answer.status(), 404, tail)
    assert.ok(!(await page.content()).includes(examples.village.title), tail)
  }
  await page.goto(`${server.url}/cases?text=${encodeURIComponent(examples.village.title)}`)
  assert.equal(await page.locator(`a[href="/cases/${examples.village.id}"]`).count(), 0)
  await page.context().close()
})

test('the record page shows a whole chain, and every event of it', async () => {
  const page = await openAs(browser, server.url, 'auditor')
  await page.goto(`${server.url}/cases/${examples.village.id}`)
  const head = (await (await signIn(server.url, 'auditor')).get(`/cases/${examples.village.id}`)).head_hash
  assert.ok((await page.locator('main').innerText()).replace(/\s/g, '').includes(head))
  await page.context().close()
})
