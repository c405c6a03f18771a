/**
 * Where random tests begin: the same requests in each run, so that a change fails only for what it did. `npm run fuzz` begins elsewhere each
 * time and prints where; `FUZZ_SEED=<that> npm run fuzz` does it again.
 */
export const fuzzSeed = Number(process.env.FUZZ_SEED ?? 20_260_501)

if (process.env.FUZZ_SEED) console.log(`seed ${fuzzSeed}`)
