// A person's pages, found as a reader finds them: by their links. They are fetched with the cookie of the browser but without the
// browser, which is quick even for hundreds. And the links and forms of a page.
import { readFileSync } from 'node:fs'

// The pages' table of contents: [{method, pattern}].
export const routes = [...readFileSync(new URL('../../adapters/http/pages/routes.cpp', import.meta.url), 'utf8').matchAll(/page\("(\w+)",\s*"([^"]+)"/g)]
  .map(([, method, pattern]) => ({ method, pattern, segments: pattern.split('/') }))

// The route of a path, with its parameters; the most literal one wins, as in the server.
export function routeOf(method, path) {
  const segments = path.split(/[?#]/)[0].split('/')
  const fits = routes.filter((one) => one.method === method && one.segments.length === segments.length && one.segments.every((part, at) => part.startsWith('{') || part === segments[at]))
  const found = fits.sort((one, other) => one.pattern.split('{').length - other.pattern.split('{').length)[0]
  if (!found) return null
  const params = Object.fromEntries(found.segments.flatMap((part, at) => (part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(segments[at])]] : [])))
  return { pattern: found.pattern, params }
}

// The kind of a path: its route, the workflow and command, and which filters it sets.
export function shapeOf(method, path) {
  const route = routeOf(method, path)
  if (!route) return null
  const named = route.pattern.replace(/\{(definition|command|question)\}/g, (_, name) => route.params[name])
  const query = [...new Set(new URL(path, 'http://x').searchParams.keys())].sort()
  const key = named === '/admin/rules' ? new URL(path, 'http://x').searchParams.get('key') : null
  return `${method} ${named}${key ? ` ${key}` : ''}${query.length ? `?${query}` : ''}`
}

const plain = (text) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).replace(/&quot;/g, '"').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&')
const attribute = (tag, name) => { const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`)); return found ? plain(found[1]) : undefined }

export const linksIn = (html) => [...html.matchAll(/<a\b[^>]*>/g)].map(([tag]) => attribute(tag, 'href')).filter((href) => href?.startsWith('/'))

// [{method, action, hidden, names, buttons}] of the forms of a page, with controls that stand outside their form.
export function formsIn(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([whole, head, body]) => {
    const id = attribute(head, 'id')
    const outside = id ? [...html.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => attribute(tag, 'form') === id) : []
    const tags = [...[...body.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)].map(([tag]) => tag), ...outside]
    const hidden = {}, names = new Set()
    for (const tag of tags) if (attribute(tag, 'type') === 'hidden') hidden[attribute(tag, 'name')] = attribute(tag, 'value'); else names.add(attribute(tag, 'name'))
    const buttons = [...body.matchAll(/<button\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => attribute(tag, 'type') !== 'button').map((tag) => ({ name: attribute(tag, 'name') ?? '', value: attribute(tag, 'value') ?? '' }))
    return { method: (attribute(head, 'method') ?? 'get').toUpperCase(), action: attribute(head, 'action'), hidden, names: [...names], buttons }
  })
}

// A name that the same form has on all pages, one for each of its buttons.
export function keysOf(form) {
  const shape = shapeOf(form.method, form.action) ?? `${form.method} ${form.action}: no such route`
  const of = ['key', 'what', 'approve', 'id'].filter((name) => name in form.hidden).map((name) => (name === 'key' || name === 'what' ? form.hidden[name] : name))
  const names = form.method === 'GET' ? [...form.names].sort() : []
  return form.buttons.map(({ name, value }) => [shape, ...of, ...names, ...(name ? [`${name}=${value}`] : [])].join(' '))
}

export async function cookieOf(page) {
  return (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
}

// Goes from page to page, to at most `most` paths of one kind. Calls `see({path, status, html})` for each page and download.
export async function walk(url, cookie, from, { most, see }) {
  const known = new Set(), counts = new Map(), ahead = []
  const add = (href, by, always = false) => {
    const path = href.split('#')[0]
    const shape = shapeOf('GET', path)
    const count = counts.get(shape) ?? 0
    if (known.has(path) || (shape && !always && count >= most(shape))) return
    known.add(path)
    counts.set(shape, count + 1)
    ahead.push({ path, by })
  }
  for (const path of from) add(path, 'the address bar', true)
  while (ahead.length) {
    const { path, by } = ahead.shift()
    const answer = await fetch(url + path, { headers: { cookie, 'accept-language': 'zh-CN' }, redirect: 'manual' })
    const html = (answer.headers.get('content-type') ?? '').startsWith('text/html') ? await answer.text() : (await answer.arrayBuffer(), '')
    const to = answer.headers.get('location')
    await see({ path, by, status: answer.status, to, html })
    if (to) add(to, path)
    for (const href of linksIn(html)) if (!href.startsWith('/assets/')) add(href, path)
  }
}
