// For each list, its filters as a request to the API: the rows that the page has to show, in the same order. `apart` names filters on
// which others depend, so that not all can be set at once. `grows` marks a list that gets rows while it is read.
import { readFileSync } from 'node:fs'

const words = JSON.parse(readFileSync(new URL('../../templates/messages/zh-CN/pages.json', import.meta.url), 'utf8'))
const most = 400

async function items(person, path, query) {
  const found = []
  for (let cursor = ''; found.length < most;) {
    const asked = new URLSearchParams(Object.entries({ ...query, limit: 100, cursor }).filter(([, value]) => value))
    const part = await person.get(`${path}?${asked}`)
    found.push(...part.items)
    if (!(cursor = part.next_cursor)) break
  }
  return found
}

const local = (at) => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
const links = async (page, selector) => await page.locator(selector).evaluateAll((all) => all.map((one) => one.getAttribute('href')))
const idOf = (href) => href.split(/[/?#]/)[2]
const texts = async (page, selector) => (await page.locator(selector).allInnerTexts()).map((text) => text.trim())
const firstOf = async (page, selector) => (await texts(page, selector))[0] ?? 'x'
const casesOf = async (person, query) => (await items(person, '/cases', query)).map(({ id }) => id)

const lists = {
  '/cases': {
    size: 20,
    apart: ['definition'], // the stages depend on the kind of case
    expected: (person, asked) => casesOf(person, {
      definition: asked.get('definition') || 'village_lifecycle', state: asked.get('state'), place: asked.get('place'), round: asked.get('round'), category: asked.get('category'), colour: asked.get('colour'),
      text: asked.get('text'), status: { yes: 'open', no: 'final' }[asked.get('open')], sort: asked.get('sort'),
    }),
    rows: async (page) => (await links(page, 'main [data-list] a[data-item]')).map(idOf),
    words: async (page) => ({ text: await firstOf(page, 'main [data-list] td.mono') }),
  },
  '/prescriptions': {
    size: 30,
    expected: (person, asked) => casesOf(person, {
      definition: 'prescription', place: asked.get('place'), colour: asked.get('colour'), text: asked.get('text'), state: asked.get('state') === 'all' ? '' : asked.get('state'),
      status: asked.get('state') ? '' : 'open', involved: asked.get('mine') ? 'me' : '', sort: 'due',
    }),
    rows: async (page) => (await links(page, 'main .board a[data-item]')).map(idOf),
    words: async (page) => ({ text: await firstOf(page, 'main .board dd.mono') }),
  },
  '/work': {
    size: 20,
    expected: async (person, asked) => {
      const box = asked.get('box') ?? 'todo'
      const found = await items(person, '/worklist', { box, role: asked.get('role'), definition: asked.get('definition'), text: asked.get('text'), due: asked.get('due') })
      return found.map((one) => (box === 'todo' ? `${one.case_id} ${one.command}` : one.case_id))
    },
    rows: async (page) => (await links(page, 'main [data-list] .work__title a')).map((href) => {
      const [, , id, part, command] = href.split(/[/?#]/)
      return part ? `${id} ${part === 'indicators' ? 'submit_self_check' : command}` : id
    }),
    words: async (page) => ({ text: (await firstOf(page, 'main [data-list] .work__title a')).split(' · ').at(-1).slice(0, 6) }),
  },
  '/open/{definition}': {
    size: 50,
    expected: async (person, asked, { definition }) => {
      const one_each = (await person.get(`/definitions/${definition}`)).one_open_per_place
      const places = await items(person, '/places', { level: one_each ? 'village' : 'district', within: asked.get('town'), text: asked.get('text') })
      const open = new Set(one_each ? (await items(person, '/cases', { definition, status: 'open' })).map(({ place }) => place.code) : [])
      return places.map(({ code }) => code).filter((code) => !open.has(code))
    },
    rows: (page) => texts(page, 'main .work .mono'),
    words: async (page) => ({ text: (await firstOf(page, 'main .work .work__title')).slice(-3) }),
  },
  '/admin/people': {
    size: 50,
    expected: async (person, asked) => (await items(person, '/people', { text: asked.get('text'), role: asked.get('role') })).map(({ id }) => id),
    rows: async (page) => (await links(page, 'main [data-list] a[data-item]')).map((href) => href.split('/')[3]),
    words: async () => ({ text: 'member' }),
  },
  '/admin/access-log': { // rows that were added after the page was made are left out
    size: 100,
    grows: true,
    expected: async (person, asked) => {
      const polls = ['/api/v1/events', '/api/v1/notifications']
      const who = asked.get('person')
      const found = await items(person, '/access-log', { person: who && `demo-${who}`, route: asked.get('route'), status: asked.get('status') })
      return found.filter((one) => (asked.get('route') || asked.get('polls') || !polls.includes(one.route)) && (!asked.get('day') || local(one.at).startsWith(asked.get('day')))).map(({ request_id }) => request_id)
    },
    rows: async (page) => (await texts(page, 'main tbody td:last-child')).map((text) => text.split(/\s+/).at(-1)),
    words: async (page) => ({ person: 'panel1', day: (await firstOf(page, 'main tbody th')).split(/\s+/).find((part) => /^\d{4}-/.test(part)) }),
  },
  '/admin/log': {
    size: 100,
    expected: async (person, asked) => (await items(person, '/admin-log', {})).filter(({ what }) => !asked.get('what') || what === asked.get('what')).map(({ at, what }) => `${local(at)} ${words[`page.admin_log.${what}`]}`),
    rows: async (page) => {
      const [times, whats] = [await texts(page, 'main tbody th'), await texts(page, 'main tbody td:nth-child(3)')]
      return times.map((time, at) => `${time.slice(-16)} ${whats[at].split('\n').at(-1)}`)
    },
    words: async () => ({}),
  },
}

// Lists without a filter form.
const others = {
  '/meetings': {
    expected: (person) => casesOf(person, { definition: 'committee_meeting', sort: '-opened' }),
    rows: async (page) => (await links(page, 'main [data-list] a[data-item]')).map(idOf),
  },
  '/rounds': {
    expected: (person) => casesOf(person, { definition: 'screening_round', sort: '-opened' }),
    rows: async (page) => (await links(page, 'main [data-list] a[data-item]')).map(idOf),
  },
  '/inbox': { // messages are grouped by case
    grouped: true,
    expected: async (person, asked) => (await items(person, '/notifications', { unread: asked.get('show') === 'unread' ? 'true' : '' })).map(({ at }) => at),
    rows: async (page) => await page.locator('main .work__item time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime'))),
  },
}

export const filters = (pattern) => lists[pattern]
export const listAt = (pattern) => lists[pattern] ?? others[pattern]
