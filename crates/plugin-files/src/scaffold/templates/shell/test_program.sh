#!/bin/sh
# Tests the operation `{{op}}`: the program gives the example response to the example request.
# Whitespace, in which equal JSON documents may differ, is not compared.
cd "$(dirname "$0")/.." || exit 2
compact() { tr -d ' \t\r\n'; }
answer=$({{command}} {{op}} < examples/{{op}}_request.json) || exit 1
expected=$(compact < examples/{{op}}_response.json)
[ "$(printf '%s' "$answer" | compact)" = "$expected" ] && exit 0
printf '%s: expected %s, got %s\n' '{{op}}' "$expected" "$answer" >&2
exit 1
