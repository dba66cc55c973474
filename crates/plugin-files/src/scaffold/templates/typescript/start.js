// Starts handler.ts where Node runs TypeScript, and reports where it does not. This file is JavaScript,
// so that any Node can read it.
//
// The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.

{{section start}}
