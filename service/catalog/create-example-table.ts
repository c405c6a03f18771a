import type { DuckDBConnection } from '@duckdb/node-api'

/** Something to ask about from the first minute: 500 rides between the six stations of a ferry, the same on every machine. */
export async function createExampleTable(lake: DuckDBConnection): Promise<void> {
  await lake.run('BEGIN')
  try {
    await lake.run(`CREATE TABLE IF NOT EXISTS lake.main.rides AS
      SELECT
        ride::INTEGER AS ride_id,
        TIMESTAMP '2026-06-01 06:00:00' + INTERVAL 23 MINUTE * ride AS departed_at,
        stations[1 + ride * 5 % 6] AS from_station,
        stations[1 + (ride * 5 + 1 + ride % 4) % 6] AS to_station,
        (4 + ride * 37 % 61)::INTEGER AS passengers,
        (12 + ride * 17 % 19)::INTEGER AS minutes,
        ((4 + ride * 37 % 61) * 2.80)::DECIMAL(9, 2) AS fares
      FROM range(1, 501) AS rides(ride),
        (SELECT ['Harbour', 'Old Town', 'Lighthouse', 'Fish Market', 'Island', 'Shipyard'] AS stations)`)
    await lake.run(`CALL lake.set_commit_message('ducklake-platform', 'Example table of a new lake')`)
    await lake.run('COMMIT')
  } catch (error) {
    await lake.run('ROLLBACK')
    throw error
  }
}
