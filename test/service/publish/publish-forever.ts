import { openPublisher, type PublisherPlace } from './open-publisher.ts'

/** Publishes again and again, until it is killed. */
process.once('message', async ({ id, place }: { readonly id: string; readonly place: PublisherPlace }) => {
  const { publisher } = await openPublisher(place)
  // Killed before its first version it would show nothing.
  for (;;) {
    await publisher.publish(id, { timeoutMs: 60_000 })
    process.send?.('published')
  }
})
