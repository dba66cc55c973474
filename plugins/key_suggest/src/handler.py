"""Makes the key of a kind and a name: a request on standard input, a response on standard output."""

import json
import re
import sys

PREFIXES = {"plugin": "PLG_", "document": "DOC_", "module": "MOD_", "policy-pack": "POL_"}


def suggest(request, longest=32):
    """Returns {"key": …}, or {"error": …} where no key can be made."""
    slug = re.sub(r"[^A-Za-z0-9]+", "_", request["name"]).lstrip("_").upper()[:longest].rstrip("_")
    if not slug:
        return {"error": "the name holds no letter or digit of ASCII"}
    return {"key": PREFIXES[request["kind"]] + slug}


def main(arguments):
    if arguments != ["suggest"]:
        print("usage: handler.py suggest < request.json", file=sys.stderr)
        return 2
    json.dump(suggest(json.load(sys.stdin)), sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
