import { lookup } from 'node:dns/promises'
import { connect } from 'node:net'

// Runs in a pod, without packages: tries to connect to each `host:port` of a JSON array, and writes whether somebody was there. Ends
// with an error where a name has no address: that nobody is there then says nothing of who is let through.

/** A policy drops or rejects; either is longer in coming than a connection in the same cluster. */
const patienceMs = 3_000

const addresses: readonly string[] = JSON.parse(process.argv[2] ?? '[]')
console.log(JSON.stringify(await Promise.all(addresses.map(reached))))

async function reached(address: string): Promise<boolean> {
  const [name = '', port] = address.split(':')
  const { address: host } = await lookup(name)
  return new Promise(resolve => {
    const socket = connect({ host, port: Number(port), timeout: patienceMs })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => end(true))
    socket.once('timeout', () => end(false))
    socket.once('error', () => end(false))
  })
}
