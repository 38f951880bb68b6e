// Several tasks at once: ticked in the worklist, filled in once, given to each case by itself.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, openAs, unfit } from './browser.mjs'
import { districtAtWork, town, villageOf } from './district.mjs'
import { signIn, startServer } from './server.mjs'

let server, browser, at, supervisor, waiting
const login = 's-990100002'

before(async () => {
  server = await startServer()
  browser = await launch()
  at = await districtAtWork(server.url)
  supervisor = await signIn(server.url, login)
  waiting = [await at.screened(13), await at.screened(14)]
}, { timeout: 240_000 })
after(async () => {
  await browser?.close()
  assert.equal(await server.stop(), 0)
})

const given = async (id, command) => (await (await signIn(server.url, 'auditor')).get(`/cases/${id}/history?limit=100`)).items.filter((event) => event.command === command)
const boxOf = (id) => `input[name=case][value^="${id}~"]`

test('three villages are nominated by one form: each has its receipt, who was overtaken is asked to look first', { timeout: 120_000 }, async () => {
  const ids = []
  for (const n of [10, 11, 12]) ids.push(await at.screened(n))
  const page = await openAs(browser, server.url, login, { width: 360, javaScriptEnabled: false })
  await page.goto(`${server.url}/work`)
  for (const id of ids) await page.locator(`input[name=task][value$="/nominate/${id}"]`).check()
  await page.locator('#chosen button[value=do]').click()
  await page.waitForURL(/\/work\/bulk\/village_lifecycle\/nominate/)
  assert.equal(await page.locator('input[name=case]:checked').count(), 3)
  await page.locator(boxOf(ids[2])).uncheck()

  const send = () => page.locator('main form .actions button[type=submit]').click()
  await page.fill('[name=study_record]', '（演示）镇党委会研究：一致同意。')
  await send()
  assert.match(await page.locator('.error-summary').innerText(), /类别/, 'the category is missing')
  assert.deepEqual([await page.locator(boxOf(ids[0])).isChecked(), await page.locator(boxOf(ids[2])).isChecked()], [true, false], 'what was unticked stays so')
  assert.equal(await page.inputValue('[name=study_record]'), '（演示）镇党委会研究：一致同意。', 'what was typed is kept')
  for (const id of ids) assert.equal((await given(id, 'nominate')).length, 0)

  await supervisor.give(ids[1], 'return_to_village', { reason: '（演示）第三项缺材料。' }) // from another window
  await page.locator('input[name=category][value=organisation]').check()
  await send()
  assert.match(await page.locator('.receipt').innerText(), /已办理 1 件，共 2 件[\s\S]*#3/)
  assert.match(await page.locator(`.work__item:has(input[name=offered][value^="${ids[1]}~"])`).innerText(), /已有新的变化/)
  assert.equal(await page.locator(boxOf(ids[1])).count(), 0, 'it can not be nominated where it is now')
  assert.equal(await page.locator(boxOf(ids[2])).isChecked(), false)

  await page.reload() // sends the form again
  assert.match(await page.locator('.receipt').innerText(), /已办理 1 件/, 'the same keys, the same answer')
  assert.equal((await given(ids[0], 'nominate')).length, 1)

  await page.locator(boxOf(ids[2])).check()
  await send()
  assert.match(await page.locator('.receipt').innerText(), /已办理 1 件，共 1 件/)
  const [event] = await given(ids[2], 'nominate')
  assert.equal(event.payload.study_record, '（演示）镇党委会研究：一致同意。')
  assert.ok((await page.locator('.receipt').innerText()).includes(event.hash))
  await page.context().close()
})

test('nothing ticked, votes and different tasks: the page says what can be done together', { timeout: 60_000 }, async () => {
  const page = await openAs(browser, server.url, `s-${town}`, { width: 360 })
  await page.goto(`${server.url}/work`)
  await page.locator('#chosen button[value=do]').click()
  assert.match(await page.locator('.banner--warn').innerText(), /没有勾选/)
  await page.locator('[data-tick-all]').click()
  assert.equal(await page.locator('input[name=task]:not(:checked)').count(), 0)
  await page.locator('#chosen button[value=do]').click()
  await page.waitForURL(/\/work\/bulk\?task=/)
  assert.ok(await page.locator('main h2').count() > 1, 'a heading for each task')
  assert.deepEqual(await unfit(page), [])
  await page.context().close()

  const member = await openAs(browser, server.url, 'member2')
  for (const path of [`/work/bulk/village_lifecycle/cast_vote?case=${at.committee_approval}`, '/work/bulk/village_lifecycle/terminate?case=x', '/work/bulk/nothing/nominate?case=x'])
    assert.equal((await member.goto(server.url + path)).status(), 404, path)
  await member.context().close()
})

test('several tasks are claimed and given back', { timeout: 60_000 }, async () => {
  const ids = waiting
  const page = await openAs(browser, server.url, login, { width: 1280, javaScriptEnabled: false })
  const act = async (what) => {
    await page.goto(`${server.url}/work`)
    for (const id of ids) await page.locator(`input[name=task][value$="/nominate/${id}"]`).check()
    await page.locator(`#chosen button[value=${what}]`).click()
    return await page.locator('.banner').innerText()
  }
  assert.match(await act('claim'), /已认领/)
  for (const id of ids) assert.match(await page.locator(`.work__item:has(input[value$="/nominate/${id}"])`).innerText(), /我已认领/)
  assert.match(await act('release'), /已取消认领/)
  assert.match(await act('release'), /已不在待办中/, 'none of them was taken')
  await page.context().close()
})

test('what somebody else may not know of is neither shown nor done', { timeout: 60_000 }, async () => {
  const page = await openAs(browser, server.url, login, { width: 360 })
  const elsewhere = at.town_screening // of the other town
  const [mine, other] = waiting
  await page.goto(`${server.url}/work/bulk/village_lifecycle/nominate?case=${elsewhere}&case=${mine}`)
  assert.equal(await page.locator('.work__item').count(), 1)
  await page.evaluate((id) => { document.querySelector('input[name=case]').value = `${id}~~2` }, elsewhere)
  await page.locator('input[name=category][value=organisation]').check()
  await page.fill('[name=study_record]', '（演示）越权。')
  await page.locator('main form .actions button[type=submit]').click()
  await page.locator('.work__item').waitFor()
  assert.equal(await page.locator('.receipt').count(), 0)
  assert.ok(!(await page.locator('main').innerText()).includes(elsewhere))
  assert.equal((await given(elsewhere, 'nominate')).length, 0)

  await page.goto(`${server.url}/work/bulk/village_lifecycle/nominate?case=${mine}&case=${other}`)
  assert.deepEqual(await unfit(page), [])
  await page.locator(boxOf(other)).uncheck()
  await page.locator('input[name=category][value=organisation]').check()
  await page.fill('[name=study_record]', '（演示）镇党委会研究。')
  await page.locator('main form .actions button[type=submit]').click()
  await page.locator('.receipt').waitFor()
  assert.deepEqual(await unfit(page), [])

  const box = page.locator(boxOf(other))
  await box.evaluate((one, id) => { one.value = `${id}~${'x'.repeat(300)}~2` }, other) // on behalf of somebody who does not exist
  await box.check()
  await page.locator('main form .actions button[type=submit]').click()
  await page.locator('.work__item .reasons').waitFor()
  const [refused] = (await (await signIn(server.url, 'auditor')).get(`/cases/${other}/refusals`)).items
  assert.deepEqual([refused.command, refused.on_behalf_of], ['nominate', '?'])

  await page.goto(`${server.url}/work/bulk/village_lifecycle/nominate?case=${other}`)
  await page.locator('input[name=category][value=organisation]').check()
  await page.fill('[name=study_record]', '（演示）镇党委会研究。')
  await page.locator('main form .actions button[type=submit]').click()
  await page.waitForURL(/\?given=/) // all are done: the receipts have an address of their own
  assert.match(await page.locator('.receipt').innerText(), /已办理 1 件，共 1 件[\s\S]*#3/)
  assert.equal(await page.locator('main form').count(), 0)
  const proof = page.url()
  await page.goto(`${server.url}/work`)
  await page.goBack()
  assert.equal(await page.locator('.receipt').count(), 1, 'Back asks for it anew')
  await page.context().close()

  const auditor = await openAs(browser, server.url, 'auditor', { width: 360 })
  await auditor.goto(proof)
  assert.equal(await auditor.locator('.receipt').count(), 0, "another person's receipt is not theirs")
  await auditor.context().close()
})

test('the counts of the worklist follow what others do', { timeout: 60_000 }, async () => {
  const page = await openAs(browser, server.url, login, { width: 1280 })
  await page.goto(`${server.url}/work`)
  const count = async () => Number(await page.locator('.tabs a[href="/work"] .tabs__count').innerText())
  const before = await count()
  await at.screened(9) // its town is told
  await page.waitForFunction((n) => Number(document.querySelector('.tabs a[href="/work"] .tabs__count').textContent) === n, before + 1)
  await page.context().close()
})
