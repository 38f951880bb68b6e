// The text of an Excel file's sheets, in their order: enough of zip and of its XML to look for words.
import { readFile } from 'node:fs/promises'
import { inflateRawSync } from 'node:zlib'

function filesIn(zip) {
  const files = new Map()
  let at = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const count = zip.readUInt16LE(at + 10)
  at = zip.readUInt32LE(at + 16)
  for (let n = 0; n < count; ++n) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)]
    const [nameLength, extra, comment, local] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)]
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(from, from + size)
    files.set(zip.toString('utf8', at + 46, at + 46 + nameLength), (method === 0 ? packed : inflateRawSync(packed)).toString('utf8'))
    at += 46 + nameLength + extra + comment
  }
  return files
}

const words = (xml) => [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, text]) => text)

export async function sheetsOf(path) {
  const files = filesIn(await readFile(path))
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>([\s\S]*?)<\/si>/g)].map(([, item]) => words(item).join(''))
  return [...files.keys()].filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name)).sort().map((name) => {
    const xml = files.get(name)
    return [...[...xml.matchAll(/t="s"[^>]*><v>(\d+)<\/v>/g)].map(([, index]) => shared[Number(index)]), ...words(xml)].join('\n')
  })
}
