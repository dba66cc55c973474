// Shared code of the tests. Add your own outside of the section.
//
// The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.

{{section support}}
