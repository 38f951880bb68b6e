// Takes README's pictures: the case page of a village in the middle of its work, on a desk and on a phone.
// Started by `./dev pictures`, whenever the page looks different from its picture.
import { launch, openAs } from './browser.mjs'
import { districtAtWork } from './district.mjs'
import { startServer } from './server.mjs'

const server = await startServer()
const browser = await launch()
try {
  const district = await districtAtWork(server.url)
  for (const [width, height] of [[1280, 1500], [360, 900]]) {
    const page = await openAs(browser, server.url, 's-990100001', { width })
    await page.setViewportSize({ width, height })
    await page.goto(`${server.url}/cases/${district.managed}`)
    await page.screenshot({ path: new URL(`../../docs/images/case-${width}.png`, import.meta.url).pathname })
  }
} finally {
  await browser.close()
  await server.stop()
}
