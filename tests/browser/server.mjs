// Starts the real binary on a free port of loopback with a data folder of its own, and stops it by its process id.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const binary = process.env.CUNMAI_BINARY ?? new URL('../../build/cunmai', import.meta.url).pathname
export const password = 'cunmai-demo'

async function freePort() {
  return await new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

async function answers(url, child, log) {
  const deadline = Date.now() + 60_000
  for (;;) {
    if (child.exitCode !== null) throw new Error(`server ended with ${child.exitCode}\n${log.text}`)
    try {
      const response = await fetch(`${url}/healthz`)
      await response.arrayBuffer()
      if (response.ok) return
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`server does not answer: ${error}\n${log.text}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50)) // between two tries, not instead of one
  }
}

export async function startServer(extra = ['--demo'], environment = {}, program = binary) {
  const port = await freePort()
  const data = await mkdtemp(join(tmpdir(), 'cunmai-test-'))
  const url = `http://127.0.0.1:${port}`
  const log = { text: '' }
  const child = spawn(program, ['serve', '--port', String(port), '--data', data, ...extra], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { log.text = (log.text + chunk).slice(-100_000) })
  await answers(url, child, log)
  return {
    url, data, log, child,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      const code = await ended
      await rm(data, { recursive: true, force: true })
      return code
    },
  }
}

// A person at the API: get, post, and give (a command on the case's current version).
export async function signIn(url, login) {
  const call = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return { json: text ? JSON.parse(text) : null, etag: answer.headers.get('etag') }
  }
  let token = ''
  const session = await call('POST', '/session', { login, password })
  token = session.json.token
  return {
    id: session.json.person,
    bytes: async (path) => {
      const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status}`)
      return Buffer.from(await answer.arrayBuffer())
    },
    get: async (path) => (await call('GET', path)).json,
    post: async (path, body, headers) => (await call('POST', path, body, { 'idempotency-key': randomUUID(), ...headers })).json,
    put: async (path, body) => (await call('PUT', path, body)).json,
    delete: async (path) => (await call('DELETE', path)).json,
    // The engine's own commands (a reminder, a colour) may come in between: then the case is looked at again.
    async give(id, command, payload = {}) {
      for (let tries = 1; ; tries += 1) {
        const { etag } = await call('GET', `/cases/${id}`)
        try {
          return (await call('POST', `/cases/${id}/commands/${command}`, payload, { 'if-match': etag, 'idempotency-key': randomUUID() })).json
        } catch (error) { if (tries === 3 || !error.message.includes(': 409 ')) throw error }
      }
    },
  }
}
