import { render } from 'preact'
import './styles/colours.css'
import './styles/base.css'
import './styles/parts.css'
import './styles/shell.css'
import './styles/tree.css'
import './styles/query.css'
import './styles/result.css'
import './styles/grid.css'
import 'uplot/dist/uPlot.min.css'
import './styles/chart.css'
import './styles/plan.css'
import './styles/history.css'
import './styles/snapshots.css'
import './styles/upload.css'
import './styles/operate.css'
import { loadAllParts } from './parts/lazy.tsx'
import { App } from './shell/app.tsx'
import { restoreTabs } from './views/query/tabs.ts'

/** When a first glance is over. */
const loadRestAfterMs = 2_000

// What was typed before is on the page before anything can be typed.
await restoreTabs().catch(() => {})
const place = document.getElementById('app')
if (place) render(<App />, place)
setTimeout(loadAllParts, loadRestAfterMs)
