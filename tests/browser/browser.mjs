// Debian's Chromium, headless, with a profile of its own; signing in by the page.
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
