// A district at work: villages of one town stand in every stage, with prescriptions in every state, an open ballot and late
// work. So tests see what people see in the middle of their work; a whole pilot leaves only finished cases.
import { signIn } from './server.mjs'

export const town = '990100001'
export const villageOf = (n) => (n < 8 ? `${town}20${n}` : `99010000220${n - 7}`)
const [supervisorOf, clerkOf] = ['s', 'o'].map((kind) => (n) => `${kind}-${villageOf(n).slice(0, 9)}`)

// Ids by stage: self_check, town_screening, department_review, committee_approval (its ballot open), awaiting (on no agenda yet),
// managed, exit_review, follow_up; meeting; and the prescriptions of the managed village by state. `screened(n)` brings another village
// to its town. `more` builds what a test needs besides, before the clock moves: it is given the steps of a village's way.
export async function districtAtWork(url, more = async () => {}) {
  const people = {}
  const as = async (login) => (people[login] ??= await signIn(url, login))
  const give = async (login, id, command, payload = {}) => (await as(login)).give(id, command, payload)
  const { today } = await (await as('auditor')).get('/me')
  const day = (days) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10)
  const move = async (days) => {
    await (await as('sysadmin')).put('/demo/clock', { advance_days: days })
    for (const login of Object.keys(people)) delete people[login] // sessions age with the clock
    await (await as('sysadmin')).post('/demo/settle')
  }
  const upload = async (login, name, text, type = 'text/plain') => (await (await as(login)).post(`/attachments?name=${encodeURIComponent(name)}`, Buffer.from(text), { 'content-type': type })).sha256
  const { indicators, version } = await (await as('panel1')).get('/catalogue')
  const best = (one) => (one.direction === 'higher_is_better' ? one.max : one.min)
  const answer = (one, red, evidence) => ({ value: one.code === red ? one.thresholds.red : best(one), ...(one.code === red || one.evidence === 'always' ? { evidence: [evidence] } : {}) })

  const open = async (n, days = 10) => (await (await as('panel1')).post('/cases', { definition: 'village_lifecycle', place: villageOf(n), command: 'open', payload: { self_check_due_on: day(days) } })).case_id
  const screened = async (n, days) => {
    const id = await open(n, days), login = `v-${villageOf(n)}`
    const evidence = await upload(login, '（演示）村民会议记录.txt', `minutes ${n}`)
    const answers = Object.fromEntries(indicators.map((one) => [one.code, answer(one, n === 6 ? 'ECO-02' : '', evidence)]))
    await give(login, id, 'submit_self_check', { answers: await upload(login, 'answers.json', JSON.stringify({ catalogue_version: version, answers }), 'application/json') })
    return id
  }
  const nominated = async (n) => {
    const id = await screened(n)
    await give(supervisorOf(n), id, 'nominate', { category: 'organisation', secondary_categories: ['disputes'], study_record: '（演示）镇党委会研究：班子力量薄弱，群众反映集中，一致同意提出建议。' })
    return id
  }
  const visit = { participants: '（演示）村民代表 12 人', held_on: today, venue: '（演示）村便民服务中心', findings: '（演示）村务公开不及时，两名干部长期不在岗。' }
  const reviewed = async (n) => {
    const id = await nominated(n)
    await give('reviewer-organisation', id, 'record_interview', visit)
    await give('reviewer-civil_affairs', id, 'record_courtyard_meeting', visit)
    for (const department of ['organisation', 'discipline', 'political_legal', 'civil_affairs', 'agriculture'])
      await give(`reviewer-${department}`, id, 'sign_opinion', { department, opinion: 'endorse', text: '（演示）情况属实，同意列入。' })
    return id
  }
  const endorsed = async (n) => { const id = await reviewed(n); await give('panel1', id, 'endorse'); return id }

  const members = []
  for (const login of ['chair', 'member1', 'member2', 'member3', 'member4', 'member5']) members.push((await as(login)).id)
  const convene = async (agenda) => {
    const meeting = (await (await as('secretary')).post('/cases', { definition: 'committee_meeting', place: '990100', command: 'convene', payload: { title: '（演示）区委常委会会议', meeting_on: today, chair: members[0], agenda } })).case_id
    await give('secretary', meeting, 'start_session', { attendance: members })
    return meeting
  }
  const decide = async (id, meeting) => {
    await give('secretary', id, 'open_ballot', { meeting })
    for (const login of ['chair', 'member1', 'member2', 'member3', 'member4', 'member5']) await give(login, id, 'cast_vote', { choice: 'approve' })
    await give('secretary', id, 'close_ballot', { minutes: '（演示）同意。' })
  }
  const coordinator = (await as('coordinator-party1')).id
  const treat = async (id, n) => {
    await give(supervisorOf(n), id, 'adopt_plan', { programme: '（演示）三抓三促', measures: '（演示）选优配强班子，建立轮值坐班制度。', funds_committed: 300000, monitoring_cycle_days: 30 })
    await give('panel1', id, 'assign', { commander: (await as('commander1')).id, supervisor: (await as(supervisorOf(n))).id, coordinator })
  }
  const prescribe = async (id, n, days) => (await give(supervisorOf(n), id, 'issue_prescription', {
    problem: '（演示）村务公开不及时', root_cause: '（演示）无人负责', task: '（演示）每月 5 日前公开上月村务', measures: '（演示）设公开专栏', responsible_person: (await as(`v-${villageOf(n)}`)).id,
    supporting_department: 'organisation', deadline_on: day(days), acceptance_criterion: '（演示）连续三个月按时公开', funds_requested: 20000, system: 'work',
  })).created
  const started = async (id, n, days) => {
    const one = await prescribe(id, n, days)
    await give(supervisorOf(n), one, 'issue')
    await give(`v-${villageOf(n)}`, one, 'accept')
    return one
  }
  const handedIn = async (id, n, days) => {
    const one = await started(id, n, days), login = `v-${villageOf(n)}`
    await give(login, one, 'report_progress', { percent: 60, text: '（演示）专栏已设好。' })
    await give(login, one, 'submit_for_check', { evidence: [await upload(login, '（演示）公开栏照片说明.txt', `photo ${one}`)], text: '（演示）已连续三个月公开。' })
    return one
  }

  const found = { screened: (n) => screened(n, 40), self_check: await open(1), town_screening: await screened(2), department_review: await reviewed(3), awaiting: await endorsed(4) }
  found.committee_approval = await endorsed(5)
  const entering = []
  for (const n of [6, 7, 8]) entering.push(await endorsed(n))
  const first = await convene(entering)
  for (const id of entering) await decide(id, first)
  await give('secretary', first, 'close_meeting', { minutes: '（演示）会议决定列入管理。' })
  for (const [at, id] of entering.entries()) await treat(id, 6 + at)
  const [managed, leaving, followed] = entering
  found.managed = managed

  const evaluate = async (id, n) => {
    await give(supervisorOf(n), id, 'request_exit', { statement: '（演示）问题均已整改。' })
    const score = async (login, command, extra = {}) => give(login, id, command, { score: 90, evidence: [await upload(login, '（演示）评估表.txt', `${command} ${id}`)], ...extra })
    await score(`v-${villageOf(n)}`, 'record_self_evaluation')
    await score(clerkOf(n), 'record_public_evaluation', { respondents: 45 })
    await score(clerkOf(n), 'record_town_assessment')
  }
  const opine = async (id) => {
    await give('reviewer-organisation', id, 'record_district_assessment', { score: 90, evidence: [await upload('reviewer-organisation', '（演示）评估表.txt', `district ${id}`)] })
    for (const [login, command] of [['commander1', 'record_commander_opinion'], ['coordinator-party1', 'record_coordinator_opinion']])
      await give(login, id, command, { opinion: 'favourable', text: '（演示）成效稳固，同意退出。' })
  }
  const leave = async (id, n) => {
    await evaluate(id, n)
    await opine(id)
    await give('panel1', id, 'endorse_exit')
    const meeting = await convene([id])
    await decide(id, meeting)
    await give('secretary', meeting, 'close_meeting', { minutes: '（演示）同意退出。' })
  }
  await evaluate(leaving, 7)
  found.exit_review = leaving
  await leave(followed, 8)
  found.follow_up = followed

  found.late = await started(managed, 6, 3)
  const pending = await started(managed, 6, 40)
  await give(`v-${villageOf(6)}`, pending, 'request_extension', { until_on: day(60), reason: '（演示）雨季停工两周。' })
  found.prescriptions = { drafted: await prescribe(managed, 6, 30), extension: pending, in_progress: await started(managed, 6, 30), awaiting_check: await handedIn(managed, 6, 30), closed: await handedIn(managed, 6, 30) }
  found.prescriptions.issued = await prescribe(managed, 6, 30)
  await give(supervisorOf(6), found.prescriptions.issued, 'issue')
  await give('coordinator-party1', found.prescriptions.closed, 'accept_result', { text: '（演示）现场看过。' })
  const enter = async (n) => {
    const id = await endorsed(n), meeting = await convene([id])
    await decide(id, meeting)
    await give('secretary', meeting, 'close_meeting', { minutes: '（演示）会议决定列入管理。' })
    await treat(id, n)
    return id
  }
  await more({ give, screened, reviewed, enter, evaluate, opine, leave })
  await move(12) // one prescription and one self-check are late by now
  found.meeting = (await (await as('secretary')).post('/cases', { definition: 'committee_meeting', place: '990100', command: 'convene', payload: { title: '（演示）区委常委会会议', meeting_on: day(12), chair: members[0], agenda: [found.committee_approval] } })).case_id
  await give('secretary', found.meeting, 'start_session', { attendance: members })
  await give('secretary', found.committee_approval, 'open_ballot', { meeting: found.meeting })
  await give('member1', found.committee_approval, 'cast_vote', { choice: 'approve' })
  return found
}
