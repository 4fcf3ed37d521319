// Reads a project.xml with openDAW's reader of DAWproject and prints what is in it, as JSON.
// To be bundled with esbuild; needs @opendaw/lib-dawproject and jsdom. Argument: the file.
import {readFileSync} from "node:fs"
import {JSDOM} from "jsdom"
import {Xml} from "@opendaw/lib-xml"
import {ProjectSchema} from "@opendaw/lib-dawproject"

const {window} = new JSDOM("")
for (const name of ["DOMParser", "document", "Node", "Element"]) globalThis[name] = window[name]

const plain = value => {
  if (value === null || typeof value !== "object") return value
  if (Array.isArray(value)) return value.map(plain)
  const out = {kind: value.constructor.name}
  for (const key in value) out[key] = plain(value[key])
  return out
}
console.log(JSON.stringify(plain(Xml.parse(readFileSync(process.argv[2], "utf8"), ProjectSchema))))
