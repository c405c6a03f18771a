import { createHash } from 'node:crypto'
import { request } from 'node:http'
import type { Service } from './start-service.ts'

export interface ObjectAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Of JSON; empty for other bodies. */
  readonly body: Record<string, unknown>
}

/** Sends requests about objects, the administrator's if no other key is given. */
export function callObjects(service: Pick<Service, 'url' | 'key'>) {
  return async (
    method: string,
    path: string,
    body?: string | Uint8Array,
    headers: Readonly<Record<string, string>> = {},
    key = service.key,
  ): Promise<ObjectAnswer> => {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
      ...(body !== undefined && { body }),
    })
    const text = await response.text()
    const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '') && text !== ''
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
  }
}

/** The address of an object, each part of its key encoded. */
export function pathOf(key: string): string {
  return `/v1/objects/${key.split('/').map(encodeURIComponent).join('/')}`
}

/** A body's Content-Digest. */
export function digestOf(body: string | Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

/** The status of a request whose path is sent as it stands: fetch would tidy it. */
export function statusOf({ url, key }: Pick<Service, 'url' | 'key'>, method: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers: { authorization: `Bearer ${key}` } }, response => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    sent.on('error', reject).end()
  })
}

/** Hangs up after a share of a body's bytes. */
export function breakOff({ url, key }: Pick<Service, 'url' | 'key'>, path: string, bytes: number, share: number): Promise<void> {
  return new Promise(resolve => {
    const sent = request(url + path, { method: 'PUT', headers: { authorization: `Bearer ${key}`, 'content-length': `${bytes}` } })
    sent.on('error', () => {}).on('close', () => resolve())
    sent.write(Buffer.alloc(Math.max(1, Math.floor(bytes * share))), () => setTimeout(() => sent.destroy(), 100))
  })
}

/** Sends so many bytes of a body and no more, or as many again when `rest` resolves, and reads what is answered to that. */
export function sendPart(
  { url, key }: Pick<Service, 'url' | 'key'>,
  path: string,
  bytes: number,
  headers: Readonly<Record<string, string>>,
  rest: Promise<void> = new Promise(() => {}),
) {
  return new Promise<{ readonly status?: number; readonly code?: string; readonly bytes?: number }>((resolve, reject) => {
    const sent = request(url + path, { method: 'PUT', headers: { authorization: `Bearer ${key}`, ...headers } }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', part => {
        text += part
      })
      response.on('end', () => {
        sent.destroy()
        resolve({ ...JSON.parse(text) })
      })
    })
    sent.on('error', reject)
    sent.write(Buffer.alloc(bytes))
    rest.then(() => sent.end(Buffer.alloc(bytes)))
  })
}
