// Runs the tests: `node tests/runner.js`; with `--coverage` it also writes lcov.info.
//
// The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.

{{section runner}}
