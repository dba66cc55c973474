// The process of {{key}}: a request comes in, a response goes out.
//
// The lines between the fences belong to the tool, which makes them from plugin.spec.json.
// The developer's area is operations.ts, and whatever stands here outside the fences.

{{section operations}}

{{section main}}
