"""A check of values against a JSON Schema, for the settings and the tests.

The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.
"""

{{section schema_check}}
