"""The operations of PLG_KEY_SUGGEST: one function each.

A function gets the parsed JSON request and returns the response. An exception is
reported to the caller in one line, with exit status 1.
"""

import re

from settings import settings

PREFIXES = {
    "plugin": "PLG_",
    "document": "DOC_",
    "module": "MOD_",
    "policy-pack": "POL_",
}


def suggest(request):
    """Returns the key of a kind and a name; an error if no key can be derived."""
    longest = settings()["longest"]
    words = re.sub(r"[^A-Za-z0-9]+", "_", request["name"]).lstrip("_")
    slug = words.upper()[:longest].rstrip("_")
    if not slug:
        return {"error": "the name contains no ASCII letter or digit"}
    return {"key": PREFIXES[request["kind"]] + slug}
