// The BPMN of every workflow, read by bpmn-moddle (the parser of bpmn-js): without a warning, with everything drawn.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { BpmnModdle } from 'bpmn-moddle'
import { binary } from './server.mjs'

const workflows = ['village_lifecycle', 'prescription', 'committee_meeting', 'screening_round']

const run = (...args) => execFileSync(binary, args, { encoding: 'utf8', maxBuffer: 16 << 20 })

test('every workflow of the program is looked at here', () => {
  const openapi = JSON.parse(run('openapi'))
  assert.ok(openapi.openapi.startsWith('3.1'))
  assert.throws(() => execFileSync(binary, ['diagram', 'no_such_workflow', '--lang', 'en'], { stdio: 'pipe' }), (error) => {
    const named = String(error.stderr).split('There are: ')[1].trim().split(', ')
    assert.deepEqual(named.sort(), [...workflows].sort())
    return true
  })
})

for (const workflow of workflows)
  for (const language of ['zh-CN', 'en'])
    test(`${workflow} in ${language} is BPMN 2.0 with coordinates`, async () => {
      const xml = run('diagram', workflow, '--format', 'bpmn', '--lang', language)
      const { rootElement, warnings } = await new BpmnModdle().fromXML(xml)
      assert.deepEqual(warnings, [])

      const process = rootElement.rootElements.find((element) => element.$type === 'bpmn:Process')
      assert.equal(process.id, workflow)
      const of = (type) => process.flowElements.filter((element) => element.$type === type)
      const flows = of('bpmn:SequenceFlow')
      const nodes = process.flowElements.filter((element) => element.$type !== 'bpmn:SequenceFlow')
      assert.equal(of('bpmn:StartEvent').length, 1)
      assert.ok(of('bpmn:UserTask').length > 0 && of('bpmn:EndEvent').length > 0)

      for (const flow of flows) {
        assert.ok(flow.sourceRef.outgoing.includes(flow), `${flow.id} leaves its source`)
        assert.ok(flow.targetRef.incoming.includes(flow), `${flow.id} arrives at its target`)
      }
      for (const node of nodes) {
        assert.ok(node.$type === 'bpmn:StartEvent' || node.incoming.length > 0, `${node.id} can be reached`)
        assert.ok(node.$type === 'bpmn:EndEvent' || node.outgoing.length > 0, `${node.id} can be left`)
        if (node.$type !== 'bpmn:ExclusiveGateway') assert.ok(!node.outgoing || node.outgoing.length <= 1, `${node.id} does not fork`)
      }

      const drawn = rootElement.diagrams[0].plane.planeElement
      assert.equal(drawn.length, nodes.length + flows.length, 'every element is drawn once')
      assert.equal(new Set(drawn.map((element) => element.bpmnElement.id)).size, drawn.length)
      for (const element of drawn) {
        if (element.$type === 'bpmndi:BPMNEdge') {
          assert.ok(element.waypoint.length >= 2, `${element.id} is a line`)
          for (const { x, y } of element.waypoint) assert.ok(Number.isFinite(x) && Number.isFinite(y))
        } else {
          assert.ok(element.bounds.width > 0 && element.bounds.height > 0 && element.bounds.x >= 0 && element.bounds.y >= 0)
        }
      }
    })
