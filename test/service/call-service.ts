import type { Service } from './start-service.ts'

/** Sends requests with a key, the administrator's if no other is given, and reads JSON. */
export function callService(service: Pick<Service, 'url' | 'key'>) {
  return async (method: string, path: string, body?: unknown, key = service.key, headers: Record<string, string> = {}) => {
    const response = await fetch(service.url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const json = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : undefined }
  }
}
