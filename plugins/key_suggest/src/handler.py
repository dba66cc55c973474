"""The process of PLG_KEY_SUGGEST: it reads a request and writes a response.

The AUTO sections are generated from plugin.spec.json: do not edit them.
Write your code in operations.py, or here outside of the sections.
"""

# BEGIN AUTO SECTION: operations sha256=c58d99acaaa4391af594ebe0068dde5fb37ef38f43614abcfba858c519b13a88
import json
import os
import sys
import time

import operations
import settings

ULID = "01M7YBED2KRRDVNGWP6D8JSEST"
NAME = "Key Suggest"
VERSION = "1.2.0"

OPERATIONS = {
    "suggest": operations.suggest,
}
# END AUTO SECTION: operations


# BEGIN AUTO SECTION: main sha256=6e44cdce493e6d9f141a5eb72e0ce9616b0b1163bd1e1c04000eb4e96ff16728
def main(word):
    """Runs one request; returns the exit status."""
    status, text = run(word)
    print(text, file=sys.stderr if status else sys.stdout)
    return status


def run(word):
    """Returns the exit status, and the line to write."""
    if word == "--version":
        return 0, f"{NAME} {VERSION}"
    try:
        settings.settings()
    except settings.InvalidSettings as error:
        return 2, one_line(f"the settings are invalid: {error}")
    if word == "--health":
        return 0, '{"status":"ok"}'
    if word not in OPERATIONS:
        return 2, f"usage: handler ({'|'.join(OPERATIONS)}) < request.json"
    started = time.monotonic()
    response, failure = "", ""
    try:
        response = answer(OPERATIONS[word])
    except Exception as error:  # noqa: BLE001 (every exception is reported to the caller)
        failure = one_line(f"{word}: {type(error).__name__}: {error}")
    try:
        record(word, started, failure)
    except OSError as error:
        failure = failure or one_line(f"{word}: the event cannot be written: {error}")
    return (1, failure) if failure else (0, response)


def answer(operation):
    """Returns the response to the request on standard input."""
    request = json.loads(sys.stdin.buffer.read(), parse_constant=refuse)
    return json.dumps(operation(request), allow_nan=False)


def refuse(constant):
    """Refuses the constants that Python reads and JSON does not know."""
    raise ValueError(f"{constant} is not JSON")


def record(word, started, failure):
    """Appends the event that ledger_contract.json describes, if ID_GUARD_EVENTS names a file."""
    path = os.environ.get("ID_GUARD_EVENTS")
    if not path:
        return
    event = {
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "ulid": ULID,
        "version": VERSION,
        "status": "failed" if failure else "ok",
        "summary": failure or f"{word}: answered",
        "operation": word,
        "duration_ms": int((time.monotonic() - started) * 1000),
    }
    with open(path, "a", encoding="utf-8") as events:
        events.write(json.dumps(event) + "\n")


def one_line(text):
    """Shortens a message to one line of a log, and to the summary of an event."""
    return " ".join(text.split())[:512]


if __name__ == "__main__":
    # The operation is the last word: the arguments of the runtime come before it.
    sys.exit(main(sys.argv[-1]))
# END AUTO SECTION: main
