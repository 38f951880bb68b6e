// The rules of the source tree: what may be where. Each finding names a file.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'

const root = new URL('../..', import.meta.url).pathname
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).split('\n').filter((file) => file && existsSync(join(root, file)))
const text = (file) => readFileSync(join(root, file), 'utf8')
const code = files.filter((file) => /\.(cpp|hpp)$/.test(file))
const shipped = code.filter((file) => !/^(tests|docs)\//.test(file))
const none = (list, message) => assert.deepEqual(list, [], message)

test('rooms know only the rooms that they may', () => {
  const allowed = {
    engine: ['engine'], workflows: ['workflows', 'engine', 'cmake'], db: ['db', 'engine', 'cmake'],
    adapters: ['adapters', 'db', 'workflows', 'engine', 'cmake'],
  }
  const wrong = []
  for (const file of shipped) {
    const room = file.split('/')[0]
    for (const [, included] of text(file).matchAll(/^#include "([^"]+)"/gm))
      if (allowed[room] && !allowed[room].includes(included.split('/')[0])) wrong.push(`${file}: ${included}`)
  }
  none(wrong)
})

test('the database and the network libraries stay in their rooms', () => {
  none(shipped.filter((file) => /^(engine|workflows)\//.test(file) && /#include *[<"](soci|Poco|mysql|sqlite)/.test(text(file))))
  none(shipped.filter((file) => /^adapters\//.test(file) && /#include *[<"](soci|mysql|sqlite)/.test(text(file))))
  none(shipped.filter((file) => /^db\//.test(file) && /#include *[<"]Poco/.test(text(file))))
})

test('SQL stands in db/ only', () => {
  none(shipped.filter((file) => !file.startsWith('db/') && /"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s/.test(text(file))))
})

test('HTML stands in templates/ only', () => {
  none(shipped.filter((file) => /<\/?(div|span|table|form|input|p|a|ul|li|h[1-6])[\s>]/.test(text(file).replace(/\/\/.*$/gm, ''))))
})

test('sentences in Chinese stand in the catalogues only', () => {
  none(shipped.filter((file) => /[\u4e00-\u9fff]/.test(text(file).replace(/\/\/.*$/gm, '').replace(/\/\*[\s\S]*?\*\//g, ''))))
})

test('every instant on a page goes by the one clock of the configuration', () => {
  none(shipped.filter((file) => file.startsWith('adapters/') && file !== 'adapters/http/pages/view.cpp' && /\bto_local\(/.test(text(file))))
})

test('pages, API, exports and mail read cases through one door, which withholds what may not be read', () => {
  const door = /\bcases\.(find|list|history|newest|moves|refusals|refused_openings|worklist|counts|count_by_state|round_progress|row|events)\(|\bservice\.offers\(|\.of_case\(/
  const behind = shipped.filter((file) => /^adapters\/(http|notify|files|diagram|mail|services)\//.test(file) && !/services\/(reading|verifier|administration)\.cpp$/.test(file))
  none(behind.filter((file) => door.test(text(file).replace(/\/\/.*$/gm, ''))))
})

test('the example of a workflow is complete in some 120 lines, as its page says', () => {
  assert.ok(text('docs/examples/leave_request.cpp').trimEnd().split('\n').length < 130)
  assert.match(text('docs/new-workflow.md'), /complete one in some 120 lines/)
})

test('engine/ knows no village', () => {
  none(shipped.filter((file) => file.startsWith('engine/') && /village|prescription/i.test(text(file).replace(/\/\/.*$/gm, '').replace(/990100\S*/g, '').replace(/level: district, town, village/g, ''))))
})

// What a workflow says of itself stands in its folder: pages, API and command line are generic over it.
test('adapters/ names states, commands, roles and workflows by their types, but for the few special pages', () => {
  const keys = new Set(code.filter((file) => file.startsWith('workflows/') && !file.endsWith('/needs.hpp')).flatMap((file) => [...text(file).matchAll(/key = "([a-z_]+)"/g)].map(([, key]) => key)))
  assert.ok(keys.size > 100, 'the keys are found')
  const distinct = [...keys].filter((key) => key.includes('_')) // "open" or "issue" is an English word, too
  const rest = code.filter((file) => file.startsWith('adapters/') && !/\/(pilot|demo)\//.test(file))
  const named = rest.flatMap((file) => [...text(file).matchAll(/"([a-z]+(?:_[a-z]+)+)"/g)].filter(([, word]) => distinct.includes(word)).map(([, word]) => `${file}: ${word}`))
  assert.ok(named.length <= 25, named.join('\n'))
  const special = /^adapters\/http\/pages\/(indicator|meeting|minutes|prescription)/
  none(named.filter((one) => !special.test(one)), 'outside the special pages')
})

test('every file begins with what it is, and is one thing', () => {
  none(shipped.filter((file) => file.endsWith('.hpp') && !text(file).startsWith('//')), 'a header without a head comment')
  none(code.filter((file) => text(file).split('\n').length > 600), 'longer than 600 lines')
})

test('both languages have the same messages, and every file is used by a test target', () => {
  const catalogue = (language) => Object.assign({}, ...files.filter((file) => file.startsWith(`templates/messages/${language}/`)).map((file) => JSON.parse(text(file))))
  const chinese = catalogue('zh-CN'), english = catalogue('en')
  none(Object.keys(chinese).filter((key) => !(key in english)), 'missing in English')
  none(Object.keys(english).filter((key) => !(key in chinese)), 'missing in Chinese')
  const holes = (sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join()
  none(Object.keys(chinese).filter((key) => holes(chinese[key]) !== holes(english[key])), 'other placeholders')
  const lists = files.filter((file) => file.endsWith('CMakeLists.txt')).map((file) => [dirname(file), text(file)])
  none(files.filter((file) => /^tests\/.*_test\.cpp$/.test(file)).filter((file) => !lists.some(([folder, list]) => file.startsWith(`${folder}/`) && (list.includes(file.slice(folder.length + 1)) || list.includes('*.cpp')))), 'a test that no target lists')
})

test('a page, a section and a file that is named exists', () => {
  const sections = new Map(files.filter((file) => /^docs\/[^/]+\.md$/.test(file)).map((file) => [basename(file), new Set([...text(file).matchAll(/^## (\d+)\. /gm)].map(([, number]) => number))]))
  const named = /([\w./-]*\/)?([a-z][\w-]*\.md)\b(?:\s+§(\d+)(?:(?:–§?| to §|, §)(\d+))?)?/g
  const path = /(?<![\w./-])(?:engine|workflows|db|adapters|templates|tests|docs|cmake)\/[\w./-]+\.(?:hpp|cpp|mjs|css|js|json|md|sql|sh|toml|cfg|cnf)\b/g
  const wrong = []
  for (const file of files.filter((file) => !/^tests\/browser\/(tidy|package)/.test(file) && (/\.(cpp|hpp|mjs|js|css|html|sql|md|sh|txt|cmake|toml|cfg|cnf|service|timer)$|^dev$/.test(file)))) {
    for (const [all, , page, ...numbers] of text(file).matchAll(named))
      if (!sections.has(page) || numbers.some((number) => number && !sections.get(page).has(number))) wrong.push(`${file}: ${all}`)
    // A migration that was released can't follow a file that moves.
    for (const [all] of file.startsWith('db/migrations/') ? [] : text(file).matchAll(path)) if (!files.includes(all)) wrong.push(`${file}: ${all}`)
  }
  none(wrong)
})

test('the page of the architecture draws the rooms and arrows that CMake has', () => {
  const named = (list) => (list ?? '').split(/\s+/).filter((one) => /^cunmai_/.test(one)).map((one) => one.slice('cunmai_'.length)).filter((one) => !['embedded', 'templates'].includes(one)).sort()
  const built = files.filter((file) => /^(engine|workflows|db|adapters)\/CMakeLists\.txt$/.test(file)).flatMap((file) => [...text(file).matchAll(/^cunmai_room\((\w+) FOLDER (\S+)([^)]*)\)/gm)].map(([, room, folder, rest]) => {
    const [, uses, hides] = /USES\s([\s\S]*?)(?:HIDES\s([\s\S]*))?$/.exec(rest) ?? []
    return [room, `${folder.replace('${rooms}', 'adapters')}/`, named(uses).join(' '), named(hides).join(' ')].join(' | ')
  }))
  const sorted = (cell) => cell.split(/[,\s]+/).filter(Boolean).sort().join(' ')
  const drawn = [...text('docs/architecture.md').matchAll(/^\| (\w+) \| `([^`]+\/)` \| [^|]* \|([^|]*)\|([^|]*)\|$/gm)].map(([, room, folder, uses, hides]) => [room, folder, sorted(uses), sorted(hides)].join(' | '))
  assert.ok(built.length > 20)
  assert.deepEqual(drawn.sort(), built.sort())
})

test('the page of the rules has every state, every command and every role', () => {
  const page = text('docs/domain.md')
  const rules = files.filter((file) => /^workflows\/(\w+\/(states|commands)|screening_round\/machine|roles)\.[ch]pp$/.test(file)).map(text).join('\n')
  const stated = [...rules.matchAll(/struct \w+ : (?:engine::)?(?:\w*State|Command|Role) \{\s*static constexpr std::string_view key = "(\w+)";/g)].map(([, key]) => key)
  assert.ok(stated.length > 70)
  none(stated.filter((key) => !page.includes(`\`${key}\``)))
})

test('no leftovers', () => {
  const mine = files.filter((file) => !/^tests\/browser\/(tidy|package)/.test(file) && /\.(cpp|hpp|mjs|js|css|html|sql|md|sh|json|txt)$|^dev$/.test(file))
  none(mine.filter((file) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text(file))))
  none(mine.filter((file) => /\/work\/(main|shared)/.test(text(file)) || text(file).includes('../shared')), 'a path of some machine')
  // served_test.cpp sleeps to let officers work for a while before it kills their server; no result depends on the time.
  none(code.filter((file) => /sleep_for|usleep\(|DISABLED_|GTEST_SKIP/.test(text(file)) && file.endsWith('_test.cpp') && file !== 'tests/faults/served_test.cpp'), 'a sleeping or disabled test')
})
