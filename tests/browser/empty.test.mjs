// The first day: a district with its people, and no case, no message, no meeting yet. Every list says so and is fit for use.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fitsEnlarged, inLanguage, launch, openAs, unfit } from './browser.mjs'
import { town } from './district.mjs'
import { startServer } from './server.mjs'

let server, browser

before(async () => {
  server = await startServer()
  browser = await launch()
}, { timeout: 120_000 })
after(async () => {
  await browser?.close()
  assert.equal(await server.stop(), 0)
})

const lists = ['/', '/work', '/work?box=done', '/work?box=started', '/work?box=watching', '/cases', '/prescriptions', '/inbox', '/account']
const pages = {
  [`v-${town}201`]: lists, [`s-${town}`]: [...lists, '/meetings', '/rounds'], panel1: [...lists, '/meetings', '/rounds', '/open/village_lifecycle'], secretary: [...lists, '/meetings'],
  member1: ['/', '/work', '/meetings'], auditor: [...lists, '/meetings', '/rounds', '/refused'],
  sysadmin: ['/', '/inbox', '/admin', '/admin/deliveries', '/admin/health'], secadmin: ['/', '/admin'], auditadmin: ['/', '/admin', '/admin/access-log', '/admin/log'],
}

for (const locale of ['zh-CN', 'en'])
  for (const width of [360, 1280])
    test(`a district without cases is fit for use in ${locale} at ${width} px`, { timeout: 300_000 }, async () => {
      const wrong = []
      for (const [login, paths] of Object.entries(pages)) {
        const page = await openAs(browser, server.url, login, { width, locale })
        await inLanguage(page, server.url, locale)
        for (const path of paths) {
          const answer = await page.goto(server.url + path)
          if (answer.status() !== 200) wrong.push(`${login} ${path}: ${answer.status()}`)
          wrong.push(...(await unfit(page)).map((finding) => `${login} ${path}: ${finding}`))
          if (width === 1280 && !(await fitsEnlarged(page))) wrong.push(`${login} ${path} scrolls sideways at 200 %`)
        }
        await page.context().close()
      }
      assert.deepEqual(wrong, [])
    })
