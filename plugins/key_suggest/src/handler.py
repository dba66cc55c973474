"""The process of PLG_KEY_SUGGEST: a request comes in, a response goes out.

The lines between the fences belong to the tool, which makes them from plugin.spec.json.
The developer's area is operations.py, and whatever stands here outside the fences.
"""

# BEGIN AUTO SECTION: operations sha256=b7e897a3cd9e6a75bfffb7560399989ad6552c02e8a838aec1a7fd05c97d573a
import json
import os
import sys
import time

import operations

ULID = "01M7YBED2KRRDVNGWP6D8JSEST"
NAME = "Key Suggest"
VERSION = "1.1.0"

OPERATIONS = {
    "suggest": operations.suggest,
}
# END AUTO SECTION: operations


# BEGIN AUTO SECTION: main sha256=4040e8d5ecf9c5b1a4e7cf1e238854a80a54233157c9a1bc0cb548e35507779f
def main(word):
    """Does what was asked for; returns the exit status."""
    status, text = run(word)
    print(text, file=sys.stderr if status else sys.stdout)
    return status


def run(word):
    """Returns the exit status, and the line to write."""
    if word == "--health":
        return 0, '{"status":"ok"}'
    if word == "--version":
        return 0, f"{NAME} {VERSION}"
    if word not in OPERATIONS:
        return 2, f"usage: handler ({'|'.join(OPERATIONS)}) < request.json"
    started = time.monotonic()
    response, failure = "", ""
    try:
        response = answer(OPERATIONS[word])
    except Exception as error:  # noqa: BLE001 (whatever it is, the caller is told)
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
    """Appends the event that ledger_contract.json describes, if events are asked for."""
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
    """Makes a text fit a line of a log, and the summary of an event."""
    return " ".join(text.split())[:512]


if __name__ == "__main__":
    # The operation is the last word: before it stand the arguments of the runtime.
    sys.exit(main(sys.argv[-1]))
# END AUTO SECTION: main
