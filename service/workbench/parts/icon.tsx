/** Drawn for these, on a square of 16. */
const paths = {
  close: 'M4 4l8 8M12 4l-8 8',
  right: 'M6 4l4 4-4 4',
  down: 'M4 6l4 4 4-4',
  table: 'M2 3.5h12v9H2zM2 6.5h12M6 6.5v6',
  view: 'M1.5 8S4 4 8 4s6.5 4 6.5 4-2.5 4-6.5 4S1.5 8 1.5 8zM8 6.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6z',
  play: 'M5 3l8 5-8 5z',
  stop: 'M4 4h8v8H4z',
  plus: 'M8 3v10M3 8h10',
  link: 'M7 9.5l2-3M6.5 6L5 7.5a2.5 2.5 0 003.5 3.5M9.5 10L11 8.5A2.5 2.5 0 007.5 5',
  clock: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.5V8l2.5 1.5',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.5 10.5L14 14',
  refresh: 'M13 8a5 5 0 11-1.5-3.5M13 2v3h-3',
  pin: 'M6 2h4l-.5 4L12 8.5H4L6.5 6zM8 8.5V14',
  download: 'M8 2v8M5 7l3 3 3-3M3 13h10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  sidebar: 'M2 3h12v10H2zM6 3v10',
  upload: 'M8 11V3M5 6l3-3 3 3M3 13h10',
} as const

export type IconName = keyof typeof paths

/** Decoration: what it means stands beside it, or in the label of its button. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
