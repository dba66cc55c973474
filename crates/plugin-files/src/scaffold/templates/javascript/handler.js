// The process of {{key}}: it reads a request and writes a response.
//
// The AUTO sections are generated from plugin.spec.json: do not edit them.
// Write your code in operations.js, or here outside of the sections.

{{section operations}}

{{section main}}
