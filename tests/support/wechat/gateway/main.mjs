// node main.mjs '{"port": 0, "token": "…", "tls": {"cert": "…", "key": "…"} | null}': a gateway that a test steers, a line
// of JSON for each thing to happen: {"do": "posts", "talker": …}. Each is answered by a line: {"result": …} or {"error": …}.
import net from 'node:net'
import readline from 'node:readline'
import { PuppetServer } from 'wechaty-puppet-service'
import { World } from './world.mjs'

const { port, token, tls } = JSON.parse(process.argv[2])

function freePort () {
  return new Promise(resolve => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

const world = new World()
const chosen = port || await freePort()
const secured = tls ? { serverCert: tls.cert, serverKey: tls.key } : { disable: true }
await new PuppetServer({ endpoint: `127.0.0.1:${chosen}`, puppet: world, tls: secured, token }).start()
console.log(JSON.stringify({ result: chosen }))

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { do: name, ...rest } = JSON.parse(line)
  try {
    if (!world.scripted.includes(name)) throw new Error(`nothing like ${name}`)
    console.log(JSON.stringify({ result: await world[name](rest) ?? null }))
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }))
  }
}
process.exit(0)
