"""What PLG_KEY_SUGGEST can be asked for: a function for each operation.

This file is the developer's. A function is given the request as JSON says it and
returns the response. What it raises is told to the caller in one line, with exit
status 1.
"""

import re

PREFIXES = {
    "plugin": "PLG_",
    "document": "DOC_",
    "module": "MOD_",
    "policy-pack": "POL_",
}


def suggest(request, longest=32):
    """Makes the key of a kind and a name; an error where no key can be made."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", request["name"]).lstrip("_")
    slug = words.upper()[:longest].rstrip("_")
    if not slug:
        return {"error": "the name holds no letter or digit of ASCII"}
    return {"key": PREFIXES[request["kind"]] + slug}
