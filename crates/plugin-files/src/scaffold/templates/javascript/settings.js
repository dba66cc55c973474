// The settings of the plugin: `import { settings } from "./settings.js"`, then `settings().name`.
//
// The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.

{{section settings}}
