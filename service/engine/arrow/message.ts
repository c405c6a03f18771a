import { encodeFlatbuffer, type Table } from './flatbuffer.ts'
import { padded } from './padded.ts'

/** Which table a message holds. */
const headerTypes = { schema: 1, recordBatch: 3 } as const

const version5 = 4

/** A message of the stream without its body, as it stands before that body.
 * @see https://arrow.apache.org/docs/format/Columnar.html#encapsulated-message-format */
export function messageHead(kind: keyof typeof headerTypes, header: Table, bodyBytes: number): Buffer {
  const message = encodeFlatbuffer([
    { kind: 'int16', value: version5 },
    { kind: 'uint8', value: headerTypes[kind] },
    { kind: 'table', value: header },
    { kind: 'int64', value: bodyBytes },
  ])
  const prefix = Buffer.alloc(8)
  prefix.writeUInt32LE(0xffffffff)
  prefix.writeInt32LE(padded(message.length), 4)
  return Buffer.concat([prefix, message])
}

/** What stands behind the last batch of a whole stream, and behind no other. */
export const endOfStream = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])
