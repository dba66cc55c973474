"""Shared code of the tests: documents, the process, and a small schema validator."""

import importlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

operations = importlib.import_module("operations")


def document(path):
    """Reads a JSON document of the plugin."""
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def example(operation, end):
    """Reads the canonical request or response of an operation."""
    return document(f"examples/{operation}_{end}.json")


def run(words, request="", events=""):
    """Runs the process; `events` is the file that its events go to."""
    return subprocess.run(
        [sys.executable, str(ROOT / "src" / "handler.py"), *words],
        input=request,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "ID_GUARD_EVENTS": str(events)},
        check=False,
    )


KINDS = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: is_number(value) and value % 1 == 0,
    "null": lambda value: value is None,
    "number": lambda value: is_number(value),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}

# A keyword: the type of values that it applies to, and its check.
KEYWORDS = {
    "type": (
        None,
        lambda value, kinds: any(KINDS[kind](value) for kind in listed(kinds)),
    ),
    "enum": (None, lambda value, allowed: value in allowed),
    "const": (None, lambda value, only: value == only),
    "required": ("object", lambda value, names: set(names) <= set(value)),
    "minLength": ("string", lambda value, least: len(value) >= least),
    "maxLength": ("string", lambda value, most: len(value) <= most),
    "pattern": ("string", lambda value, pattern: re.search(pattern, value)),
    "minimum": ("number", lambda value, least: value >= least),
    "maximum": ("number", lambda value, most: value <= most),
}


def problems(schema, value, at="/"):
    """Returns the violations of a schema in a value.

    It checks the common keywords and ignores the others: the gate validates every
    example against the whole schema.
    """
    if not isinstance(schema, dict):
        return [] if schema else [f"{at}: no value is allowed here"]
    found = []
    for keyword, (kind, is_valid) in KEYWORDS.items():
        applies = kind is None or KINDS[kind](value)
        if keyword in schema and applies and not is_valid(value, schema[keyword]):
            found.append(f"{at}: {keyword} is {json.dumps(schema[keyword])}")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        if "patternProperties" in schema:
            others = True
        for name, inner in value.items():
            found += problems(known.get(name, others), inner, f"{at}{name}/")
    if isinstance(value, list) and "prefixItems" not in schema:
        for place, inner in enumerate(value):
            found += problems(schema.get("items", True), inner, f"{at}{place}/")
    return found


def is_number(value):
    """Returns whether a value is a number; in Python, bool is a kind of int."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def listed(value):
    """Returns a list unchanged, and any other value as a list of one."""
    return value if isinstance(value, list) else [value]
