// Forms in the hands of a tired clerk: two tabs, an ended session, numbers as an input method makes them, photos of a phone.
// What was typed is never lost, and nothing is saved that was not meant.
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { launch, openAs } from './browser.mjs'
import { password, signIn, startServer } from './server.mjs'

let server, browser, api, catalogue, folder
const town = '990100001'
const plain = { width: 360, javaScriptEnabled: false }
const village = (n) => (n < 8 ? `${town}20${n}` : `99010000220${n - 7}`)
const officer = (n) => `v-${village(n)}`

before(async () => {
  server = await startServer()
  browser = await launch()
  folder = await mkdtemp(join(tmpdir(), 'cunmai-files-'))
  await writeFile(join(folder, 'one.txt'), Buffer.alloc(15 << 20, 'a'))
  await writeFile(join(folder, 'two.txt'), Buffer.alloc(15 << 20, 'b'))
  await writeFile(join(folder, 'large.txt'), Buffer.alloc(21 << 20, 'c'))
  await writeFile(join(folder, 'photo.heic'), Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(100)]))
  api = {}
  for (const login of ['panel1', 'auditor']) api[login] = await signIn(server.url, login)
  catalogue = (await api.panel1.get('/catalogue')).indicators
}, { timeout: 120_000 })
after(async () => {
  await browser?.close()
  await rm(folder, { recursive: true, force: true })
  assert.equal(await server.stop(), 0)
})

const open = async (n) => (await api.panel1.post('/cases', { definition: 'village_lifecycle', place: village(n), command: 'open', payload: {} })).case_id
const targeted = async (n) => (await api.panel1.post('/cases', { definition: 'village_lifecycle', place: village(n), command: 'open_targeted', payload: { reason: '（演示）专项' } })).case_id
const history = async (id) => (await api.auditor.get(`/cases/${id}/history?limit=100`)).items
const draft = async (n, id) => (await (await signIn(server.url, officer(n))).get(`/cases/${id}/draft`)).answers
const numbers = () => catalogue.filter((one) => one.kind === 'number')
const value = (page, code) => page.locator(`[name="value_${code}"]`)
const save = async (page) => { await page.locator('button[name=then][value=save]').click(); await page.waitForLoadState() }
const send = async (page) => { await page.locator('main form .actions button[type=submit]').last().click(); await page.waitForLoadState() }
const signInAgain = async (page, login) => {
  await page.fill('[name=login]', login)
  await page.fill('[name=password]', password)
  await page.locator('main form button[type=submit]').first().click()
  await page.waitForLoadState()
}
const another = async (page, path) => { const tab = await page.context().newPage(); await tab.goto(server.url + path); return tab }
const minutes = async () => (await api.panel1.post('/attachments?name=minutes.txt', Buffer.from('minutes'), { 'content-type': 'text/plain' })).sha256
const signOut = async (page) => {
  const tab = await another(page, '/')
  await tab.locator('details.menu summary').click()
  await tab.locator('form[action="/sign-out"] button').click()
  await tab.waitForLoadState()
  return tab
}
const unfold = (page, code) => page.locator(`details:has([name="file_${code}"]) summary`).click()

test('a stale tab saves what was changed in it and nothing else; what was changed in both is shown', { timeout: 90_000 }, async () => {
  const id = await open(1)
  const codes = numbers().slice(0, 10).map((one) => one.code)
  const one = await openAs(browser, server.url, officer(1), plain)
  await one.goto(`${server.url}/cases/${id}/indicators`)
  const two = await another(one, `/cases/${id}/indicators`)
  for (const code of codes.slice(0, 9)) await value(one, code).fill('2')
  await save(one)
  await value(two, codes[9]).fill('3')
  await save(two)
  assert.equal(Object.keys(await draft(1, id)).length, 10)
  assert.match(await two.locator('main').innerText(), /10\/45/)

  const stale = await another(one, `/cases/${id}/indicators`)
  await value(two, codes[0]).fill('1')
  await value(two, codes[1]).fill('') // a value is taken away by who sees it
  await save(two)
  await value(stale, codes[0]).fill('4')
  await value(stale, codes[2]).fill('5')
  await save(stale)
  assert.match(await stale.locator('.error-summary').innerText(), /“1”.*“4”/)
  assert.equal(await value(stale, codes[0]).inputValue(), '4', 'what was typed is still there')
  const kept = await draft(1, id)
  assert.deepEqual([kept[codes[0]].value, kept[codes[1]]?.value, kept[codes[2]].value], [1, undefined, 5])
  await save(stale) // having seen it
  assert.equal((await draft(1, id))[codes[0]].value, 4)
  await one.context().close()
})

test('numbers are taken as they are typed; what is none, or out of range, is said at its field and not counted', { timeout: 90_000 }, async () => {
  const id = await open(2)
  const page = await openAs(browser, server.url, officer(2), plain)
  await page.goto(`${server.url}/cases/${id}/indicators`)
  const percent = catalogue.filter((one) => one.kind === 'percent').map((one) => one.code)
  await value(page, percent[0]).fill('85%')
  await value(page, percent[1]).fill('８５')
  await save(page)
  assert.equal(await page.locator('.error-summary').count(), 0)
  assert.deepEqual(percent.slice(0, 2).map(() => 85), Object.values(await draft(2, id)).map((answer) => answer.value))
  const bad = ['12，5', '1e400', '-5', '150', 'nan', '８'.repeat(20)]
  for (const [n, text] of bad.entries()) await value(page, percent[2 + n]).fill(text)
  await save(page)
  assert.equal(await page.locator('.error-summary a').count(), bad.length)
  assert.match(await page.locator('main > .progress').innerText(), /^2\/45/, 'two are answered')
  for (const [n, text] of bad.slice(0, 5).entries()) {
    assert.equal(await value(page, percent[2 + n]).inputValue(), text)
    const row = page.locator('.indicator', { has: value(page, percent[2 + n]) })
    assert.match(await row.locator('.error').innerText(), /数字|之间/)
    assert.equal(await row.locator('.tag').count(), 0, 'no colour')
  }
  await page.goto(`${server.url}/cases/${id}/indicators`)
  assert.equal(await page.locator('.indicator .error').count(), bad.length, 'they are still marked the next day')
  await page.context().close()
})

test('saving and “fill in” lead to the place, with its label in sight', { timeout: 90_000 }, async () => {
  const id = await open(3)
  for (const width of [360, 1280]) {
    const page = await openAs(browser, server.url, officer(3), { width })
    await page.goto(`${server.url}/cases/${id}/indicators`)
    const last = catalogue.filter((one) => one.kind === 'number').at(-1)
    await value(page, last.code).fill(String(width % 7))
    await save(page)
    assert.match(page.url(), new RegExp(`#group-${last.category}$`))
    assert.ok(await page.locator(`#group-${last.category}`).evaluate((head) => { const { top } = head.getBoundingClientRect(); return top >= 0 && top < 200 }))
    assert.match(await page.locator('.saved').innerText(), /已保存/)
    await page.goto(`${server.url}/cases/${id}/indicators/check`)
    await page.locator('.reasons a').nth(20).click()
    await page.waitForURL(/#f-value_/)
    const name = decodeURIComponent(new URL(page.url()).hash.slice(3))
    assert.ok(await page.locator(`label[for="f-${name}"]`).evaluate((label) => { const { top, bottom } = label.getBoundingClientRect(); return top >= 0 && bottom <= window.innerHeight }), `${width}: the label is seen`)
    await page.context().close()
  }
})

test('what was typed outlives the session, for the same person only, and is never sent by itself', { timeout: 120_000 }, async () => {
  const id = await open(4)
  const page = await openAs(browser, server.url, officer(4), plain)
  await page.goto(`${server.url}/cases/${id}/indicators`)
  const code = numbers()[0].code
  await value(page, code).fill('3')
  await (await signOut(page)).close()
  await save(page)
  assert.match(await page.locator('main').innerText(), /登录已过期/)
  await page.fill('[name=login]', officer(4))
  await page.fill('[name=password]', 'wrong-password')
  await page.locator('main form button[type=submit]').first().click() // a slip of the finger loses nothing
  await page.waitForLoadState()
  await signInAgain(page, officer(4))
  assert.deepEqual(await draft(4, id), {}, 'nothing is sent by itself')
  await page.locator('main form button[type=submit]').click()
  await page.waitForLoadState()
  assert.equal(await value(page, code).inputValue(), '3')
  assert.deepEqual(await draft(4, id), {})
  await save(page)
  assert.equal((await draft(4, id))[code].value, 3)

  await value(page, code).fill('7')
  await (await signOut(page)).close()
  await save(page)
  await signInAgain(page, officer(5)) // a colleague at the same computer
  assert.equal(new URL(page.url()).pathname.startsWith('/sign-in'), false)
  assert.ok(!(await page.content()).includes('value_'), 'sees nothing of it')
  await page.context().close()
})

test('a form of the session before is shown again with what was typed; to nobody else, and to no other site', { timeout: 120_000 }, async () => {
  const id = await targeted(6)
  const text = '（演示）退回说明：材料不全'
  const page = await openAs(browser, server.url, `s-${town}`, plain)
  await page.goto(`${server.url}/cases/${id}/do/decline`)
  await page.locator('main form textarea').fill(text)
  const tab = await signOut(page)
  await tab.goto(`${server.url}/sign-in`)
  await signInAgain(tab, `s-${town}`)
  const before = (await history(id)).length
  await send(page)
  assert.equal(await page.locator('main form textarea').inputValue(), text)
  assert.match(await page.locator('main').innerText(), /还没有提交/)
  assert.equal((await history(id)).length, before)

  const again = await signOut(page)
  await again.goto(`${server.url}/sign-in`)
  await signInAgain(again, 'panel1')
  await send(page)
  assert.ok(!(await page.content()).includes(text), 'not to another person')

  const cookie = (await page.context().cookies()).map((one) => `${one.name}=${one.value}`).join('; ')
  const body = new URLSearchParams({ by: 'panel1', reason: text }).toString()
  for (const headers of [{ origin: 'http://evil.invalid', cookie }, { origin: 'http://evil.invalid' }, { cookie }]) {
    const answer = await fetch(`${server.url}/cases/${id}/do/decline`, { method: 'POST', redirect: 'manual', body, headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } })
    assert.ok(!(await answer.text()).includes(text), JSON.stringify(Object.keys(headers)))
  }
  assert.equal((await history(id)).length, before)
  await page.context().close()

  const own = await openAs(browser, server.url, `s-${town}`, plain)
  await own.goto(`${server.url}/cases/${id}/do/decline`)
  await own.locator('main form textarea').fill(text)
  const other = await signOut(own)
  await other.goto(`${server.url}/sign-in`)
  await signInAgain(other, `s-${town}`)
  await send(own)
  await send(own) // looked through
  assert.match(own.url(), /receipt=/)
  await own.context().close()
})

test('two files of the promised size go together; one that is too large is told in the form; the 413 page is one’s own', { timeout: 180_000 }, async () => {
  const id = await open(7)
  const page = await openAs(browser, server.url, officer(7), plain)
  const [first, second, third] = numbers().map((one) => one.code)
  const fill = async (files) => {
    await page.goto(`${server.url}/cases/${id}/indicators`)
    for (const [code, file] of files) { await unfold(page, code); await page.locator(`[name="file_${code}"]`).setInputFiles(join(folder, file)) }
  }
  await fill([[first, 'one.txt'], [second, 'two.txt']])
  await save(page)
  assert.equal(Object.keys(await draft(7, id)).length, 2)

  await fill([[third, 'large.txt']])
  await value(page, third).fill('6')
  await save(page)
  assert.match(await page.locator('.error-summary').innerText(), /large\.txt.*20 MB/)
  assert.equal(await value(page, third).inputValue(), '6')

  await fill([[third, 'photo.heic']])
  await save(page)
  assert.match(await page.locator('.error-summary').innerText(), /HEIC.*兼容性最佳/)

  await fill([[first, 'large.txt'], [second, 'large.txt'], [third, 'large.txt']])
  await save(page)
  assert.match(await page.locator('main').innerText(), /61 MB.*后退/s)
  assert.equal(await page.locator('form[action="/sign-out"]').count(), 1, 'signed in')
  await page.locator('main a.button').click()
  await page.waitForURL(/indicators/)
  await page.context().close()
})

test('with the script: too large files are told before sending, and photos are made smaller', { timeout: 120_000 }, async () => {
  const id = await open(8)
  const page = await openAs(browser, server.url, officer(8))
  await page.goto(`${server.url}/cases/${id}/indicators`)
  const [first, second] = numbers().map((one) => one.code)
  const photo = await page.evaluate(async () => { // noise does not compress
    const canvas = document.createElement('canvas')
    canvas.width = 3000
    canvas.height = 2000
    const pen = canvas.getContext('2d'), image = pen.createImageData(3000, 2000)
    for (let at = 0; at < image.data.length; at++) image.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 251 ^ Math.floor(Math.random() * 255)
    pen.putImageData(image, 0, 0)
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.95))
    const bytes = new Uint8Array(await blob.arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    return btoa(text)
  })
  await writeFile(join(folder, 'photo.jpeg'), Buffer.from(photo, 'base64'))
  const before = (await readFile(join(folder, 'photo.jpeg'))).length
  await unfold(page, first)
  await page.locator(`[name="file_${first}"]`).setInputFiles(join(folder, 'photo.jpeg'))
  await page.locator(`details:has([name="file_${first}"]) [data-file-note]`).filter({ hasText: '缩小' }).waitFor()
  await unfold(page, second)
  await page.locator(`[name="file_${second}"]`).setInputFiles(join(folder, 'large.txt'))
  await save(page)
  assert.match(await page.locator(`details:has([name="file_${second}"])`).innerText(), /large\.txt.*20 MB/)
  assert.deepEqual(await draft(8, id), {}, 'nothing was sent')
  await page.locator(`[name="file_${second}"]`).setInputFiles([])
  await save(page)
  await page.locator(`details:has([name="file_${first}"]) .files a`).click()
  await page.waitForURL(/documents/)
  assert.match(await page.locator('h1').innerText(), /photo\.jpg/)
  const sent = await page.evaluate(async (address) => (await (await fetch(address)).arrayBuffer()).byteLength, await page.locator('a[download]').getAttribute('href'))
  assert.ok(sent < before / 2, `${sent} of ${before} bytes`)
  await page.context().close()
})

test('changing the language of an edited form asks first', { timeout: 60_000 }, async () => {
  const id = await targeted(9)
  const page = await openAs(browser, server.url, 's-990100002')
  await page.goto(`${server.url}/cases/${id}/do/decline`)
  await page.locator('main form textarea').type('x')
  let asked = 0
  page.on('dialog', (dialog) => { asked++; dialog.dismiss() })
  await page.locator('form[action="/language"] button').click()
  await page.waitForFunction(() => !document.querySelector('form[action="/language"] button').disabled)
  assert.equal(asked, 1)
  assert.equal(await page.locator('main form textarea').inputValue(), 'x')
  await send(page) // its own button asks nothing
  await page.waitForURL(/receipt=/)
  assert.equal(asked, 1)
  await page.context().close()
})

test('after a mistake that was put right, reload and Back ask for the page anew and send nothing again', { timeout: 90_000 }, async () => {
  const id = await targeted(6)
  const page = await openAs(browser, server.url, `s-${town}`, { width: 360 })
  await page.goto(`${server.url}/cases/${id}`)
  await page.goto(`${server.url}/cases/${id}/do/return_to_village`)
  await send(page)
  await page.locator('.error-summary').waitFor()
  await page.reload()
  assert.equal(await page.locator('.error-summary').count(), 0)
  await send(page)
  await page.locator('.error-summary').waitFor()
  await page.fill('[name=reason]', '（演示）请补充')
  await send(page)
  await page.waitForURL(/receipt=/)
  await page.goBack()
  assert.equal(new URL(page.url()).pathname, `/cases/${id}`, 'where a form leads that is done')
  assert.equal((await history(id)).length, 2)

  await page.goto(`${server.url}/account`)
  await page.locator('form[action="/account/password"] button[type=submit]').click()
  await page.locator('.error-summary').waitFor()
  await page.goto(`${server.url}/inbox`)
  await page.goBack()
  assert.equal(new URL(page.url()).pathname, '/account', 'the answer has no page of its own')
  await page.context().close()
})

test('an old copy of a form that was refused says so, keeps what was typed, and its next try goes through', { timeout: 60_000 }, async () => {
  const id = await targeted(10)
  const page = await openAs(browser, server.url, 's-990100002', { width: 360 })
  await page.goto(`${server.url}/cases/${id}/do/return_to_village`)
  const key = page.locator('main form [name=idempotency_key]')
  const used = await key.inputValue()
  await send(page)
  await page.locator('.error-summary').waitFor()
  assert.notEqual(await key.inputValue(), used, 'a refusal stays under its key')
  await key.evaluate((field, old) => { field.value = old }, used) // as a browser has it that shows the page before from memory
  await page.fill('[name=reason]', '（演示）请补充')
  await send(page)
  assert.match(await page.locator('.error-summary').innerText(), /再提交一次/)
  assert.equal(await page.inputValue('[name=reason]'), '（演示）请补充')
  assert.equal((await history(id)).length, 1)
  await send(page)
  await page.waitForURL(/receipt=/)
  assert.equal((await history(id)).length, 2)
  await page.context().close()
})

test('what was typed can still be read when the case has gone on meanwhile, and what can not be sent any more is not offered', { timeout: 90_000 }, async () => {
  const id = await targeted(5)
  const page = await openAs(browser, server.url, `s-${town}`, plain)
  await page.goto(`${server.url}/cases/${id}/do/nominate`)
  await page.fill('[name=study_record]', '（演示）镇党委会研究')
  await api.panel1.give(id, 'terminate', { minutes: await minutes(), reason: '（演示）撤并' })
  await send(page)
  assert.match(await page.locator('.error-summary').innerText(), /已有新的变化|已变化|变化/)
  assert.equal(await page.inputValue('[name=study_record]'), '（演示）镇党委会研究')
  assert.equal(await page.locator('main form button[type=submit]').count(), 0)
  await page.locator('main form .actions a').click()
  await page.waitForURL(`${server.url}/cases/${id}`)

  const next = await open(5), code = numbers()[0].code
  const clerk = await openAs(browser, server.url, officer(5), plain)
  await clerk.goto(`${server.url}/cases/${next}/indicators`)
  await value(clerk, code).fill('3')
  const check = await another(clerk, `/cases/${next}/indicators/check`)
  await api.panel1.give(next, 'terminate', { minutes: await minutes(), reason: '（演示）撤并' })
  await save(clerk)
  assert.equal(await value(clerk, code).inputValue(), '3', 'nothing of it is lost')
  assert.match(await clerk.locator('.error-summary').innerText(), /状态|阶段|环节/)
  assert.equal(await clerk.locator('main form button[type=submit]').count(), 0)
  await check.locator('form[action$="/submit"]').evaluate((form) => form.submit())
  await check.waitForURL(/gone=submit_self_check/)
  assert.match(await check.locator('.banner--warn').innerText(), /./)
  for (const one of [page, clerk]) await one.context().close()
})

test('a form says what it needs, also where a draft may have said it already', { timeout: 60_000 }, async () => {
  const marked = async (login, path) => {
    const page = await openAs(browser, server.url, login, plain)
    await page.goto(server.url + path)
    const names = await page.locator('main form .field [required]').evaluateAll((all) => all.map((one) => one.name))
    await page.context().close()
    return [...new Set(names)]
  }
  assert.deepEqual(await marked('panel1', '/rounds/new'), ['title', 'self_check_due_on', 'screening_due_on', 'review_due_on'])
  assert.deepEqual(await marked('panel1', `/open/village_lifecycle/${village(3)}/open_targeted`), ['reason'])
})

test('who was signed in at many places sees this one first and signs out everywhere else at once', { timeout: 60_000 }, async () => {
  const elsewhere = []
  for (let i = 0; i < 6; i++) elsewhere.push(await signIn(server.url, officer(9)))
  const page = await openAs(browser, server.url, officer(9), plain)
  await page.goto(`${server.url}/account`)
  const item = 'form[action^="/account/sessions/"][action$="/end"]'
  assert.equal(await page.locator(item).count(), 7)
  assert.equal(await page.locator(`details ${item}`).count(), 3, 'the older ones are folded away')
  assert.match(await page.locator('.work__item', { has: page.locator(item) }).first().textContent(), /当前/)
  await page.locator('form[action="/account/sessions/end-others"] button').click()
  await page.waitForLoadState()
  assert.equal(await page.locator(item).count(), 1)
  assert.equal(await page.locator('form[action="/account/sessions/end-others"]').count(), 0)
  await assert.rejects(elsewhere[0].get('/me'), /401/)
  await page.goto(`${server.url}/work`)
  assert.equal(new URL(page.url()).pathname, '/work', 'this one goes on')
  await page.context().close()
})
