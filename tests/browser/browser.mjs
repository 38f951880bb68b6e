// Debian's Chromium, headless, with a profile of its own; signing in by the page; and what makes a page unfit for use.
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { password } from './server.mjs'

export async function launch() {
  return await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}

export async function openAs(browser, url, login, { width = 1280, locale = 'zh-CN', javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 800 }, locale, javaScriptEnabled })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  await page.goto(`${url}/sign-in`)
  await page.fill('[name=login]', login)
  await page.fill('[name=password]', password)
  await page.locator('main form button[type=submit]').first().click()
  await page.waitForURL((now) => !now.pathname.startsWith('/sign-in'))
  return page
}

export async function inLanguage(page, url, locale) {
  if ((await page.getAttribute('html', 'lang')) === locale) return
  await page.goto(`${url}/`)
  await page.evaluate((wanted) => { const form = document.querySelector('form[action="/language"]'); form.querySelector('[name=lang]').value = wanted; form.submit() }, locale)
  await page.waitForFunction((wanted) => document.documentElement.lang === wanted, locale)
}

const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')

// Accessibility violations (WCAG 2.2 A and AA), with all that is folded away opened.
async function violations(page) {
  // The content policy refuses scripts of others; the debugger may run one.
  const client = await page.context().newCDPSession(page)
  await client.send('Runtime.evaluate', { expression: axe })
  const run = `document.querySelectorAll('main details').forEach((d) => { d.open = true }); axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))])))`
  const { result } = await client.send('Runtime.evaluate', { expression: run, awaitPromise: true })
  await client.detach()
  return JSON.parse(result.value)
}

// Everything that makes the page, as it stands, unfit: [] is good.
export async function unfit(page) {
  const found = (await violations(page)).map((violation) => JSON.stringify(violation))
  found.push(...await page.evaluate(() => {
    const list = []
    if (document.documentElement.scrollWidth > window.innerWidth) list.push('scrolls sideways')
    const bare = document.body.innerText.match(/\b(page|ui|state|command|field|reason|error|choice|notice|role|condition)\.[a-z_]+(\.[a-z_]+)*\b/g)
    if (bare) list.push(`shows message keys: ${bare}`)
    for (const target of document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')) {
      const area = (target.closest('label') ?? target).getBoundingClientRect()
      const seen = target.checkVisibility() && area.width > 1 && !target.closest('.visually-hidden, svg')
      if (seen && area.height < 43.5) list.push(`a finger misses it, ${Math.round(area.height)} px: ${target.outerHTML.slice(0, 120)}`)
    }
    return list
  }))
  return found
}

// Whether the page fits when it is enlarged to 200 %: a window of 1280 px then has 640 px for it.
export async function fitsEnlarged(page) {
  const size = page.viewportSize()
  await page.setViewportSize({ ...size, width: size.width / 2 })
  const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)
  await page.setViewportSize(size)
  return fits
}
