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

// What a workflow says of itself stands in its folder: pages, API and command line are generic over it. The pilot plays these very
// workflows, so it may name what it plays.
const adapters = code.filter((file) => file.startsWith('adapters/') && !file.startsWith('adapters/demo/'))
const rules = code.filter((file) => file.startsWith('workflows/'))
const definitions = new Map(rules.flatMap((file) => [...text(file).matchAll(/workflow_key = "(\w+)"/g)].map(([, key]) => [key, dirname(file)])))
const keys = new Set([...definitions.keys(), ...rules.flatMap((file) => [...text(file).matchAll(/struct \w+ (?:final )?: (?:engine::)?(?:State|FinalState|Command|InternalCommand|Role|Relation) \{\s*static constexpr std::string_view key = "(\w+)"/g)].map(([, key]) => key))])

test('no string in adapters/ or the templates of pages names a state, a command, a role or a workflow', () => {
  assert.ok(keys.size > 100, 'the keys are found')
  const words = { // the same word with another meaning
    open: 'the status of a case or ballot, the page where cases are opened', closed: 'the status of a ballot', accept: 'an HTTP header, an attribute of an input',
    draft: 'the address of a draft', issuer: 'a name in a template, or in the address of an authenticator',
    withdraw: 'to take back what a second administrator was asked',
  }
  const strings = (file) => [...text(file).replace(/^#include.*$|\/\/.*$/gm, '').matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, one]) => one)
  const named = (file, list) => list.flatMap((one) => one.split(/[^a-z_]+/).filter((word) => keys.has(word) && !(word in words)).map((word) => `${file}: ${word}`))
  none(adapters.flatMap((file) => named(file, strings(file))))
  // Of the templates the three pages that are registered by a workflow.
  const special = /^templates\/pages\/(meetings|round|rounds)\.html$/
  const pages = files.filter((file) => /^templates\/(pages\/.*\.html|assets\/.*\.js)$/.test(file) && !special.test(file))
  none(pages.flatMap((file) => named(file, [...text(file).matchAll(/(?:href|action|value|name)="([^"]*)"|'([a-z_]+)'/g)].map(([, one, other]) => one ?? other))))
})

test('who knows one workflow by its types is listed here', () => {
  const known = new Map(adapters.map((file) => [file, [...definitions].filter(([, folder]) => text(file).includes(`#include "${folder}/`)).map(([key]) => key).sort().join()]).filter(([, named]) => named))
  assert.deepEqual(Object.fromEntries([...known].sort()), {
    // the special pages, which adapters/http/pages/special_pages.cpp registers by workflow, and what they share with the API
    'adapters/http/api/places.cpp': 'village_lifecycle', // the counts of a place, of villages unless asked otherwise
    'adapters/http/api/rounds.cpp': 'screening_round',
    'adapters/http/pages/case/prescriptions.cpp': 'prescription',
    'adapters/http/pages/case/rounds.cpp': 'screening_round',
    'adapters/http/pages/indicators/indicator_model.cpp': 'village_lifecycle',
    'adapters/http/pages/indicators/indicators.cpp': 'village_lifecycle',
    'adapters/http/pages/meetings/meetings.cpp': 'committee_meeting',
    'adapters/services/answers.cpp': 'village_lifecycle',
    'adapters/services/answers.hpp': 'village_lifecycle',
    'adapters/services/rounds.cpp': 'screening_round,village_lifecycle',
    // the district's administration: whom an interest keeps from a post; what a rule may be
    'adapters/services/administration.cpp': 'village_lifecycle',
    'adapters/services/rule_schemas.cpp': 'prescription,screening_round',
  })
})

test('the tables of contents name for each page and each endpoint the file that it stands in, and nothing else names it', () => {
  const stand = (folder, lines, kind) => lines.flatMap(([file, names]) => [...names.matchAll(/\w+/g)].map(([name]) => [name, `${folder}/${file}`]))
    .filter(([name, file]) => !new RegExp(`^${kind} ${name}\\(`, 'm').test(text(file)) || files.some((other) => other.startsWith(folder) && other !== file && new RegExp(`^${kind} ${name}\\(`, 'm').test(text(other)) && !other.endsWith('/routes.cpp'))).map(([name, file]) => `${file}: ${name}`)
  const pages = [...text('adapters/http/pages/routes.cpp').matchAll(/^\/\/ (\S+\.cpp)\nPage ([^;]+);/gm)].map(([, file, names]) => [file, names])
  const endpoints = [...text('adapters/http/api/routes.cpp').matchAll(/^Endpoint ([^;]+?);? +\/\/ (\S+\.cpp)$/gm)].map(([, names, file]) => [file, names])
  assert.ok(pages.length > 20 && endpoints.length > 20)
  none([...stand('adapters/http/pages', pages, 'Response'), ...stand('adapters/http/api', endpoints, 'Endpoint')])
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
