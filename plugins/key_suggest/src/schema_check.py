"""A check of values against a JSON Schema, for the settings and the tests.

The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.
"""

# BEGIN AUTO SECTION: schema_check sha256=d11cf4cc3d30aa5d3e861e1a547a850bce6997bed52cff856264cff5c2d6ee12
import fractions
import json
import re


def problems(schema, value, load=None):
    """Returns the violations of a JSON Schema in a value, as `/pointer: reason`.

    It covers draft 2020-12, except for dynamic references and `unevaluated…`: a schema
    that uses what is not covered is reported, never passed over. Formats and content
    keywords are annotations. `load` returns the schema that a `$ref` to another file
    names.
    """
    check = Check(load)
    try:
        check.visit(schema, value, "", schema, 0)
    except re.error as error:
        check.add("", f"a pattern is not covered by this check: {error}")
    return check.found


class Check:
    """One run over a value."""

    def __init__(self, load):
        self.load, self.found = load, []

    def add(self, at, reason):
        self.found.append(f"{at or '(root)'}: {reason}")

    def is_valid(self, *place):
        """Returns whether a part is valid; its violations are not reported."""
        inner = Check(self.load)
        inner.visit(*place)
        return not inner.found

    def visit(self, schema, value, at, root, depth):
        if not isinstance(schema, dict):
            if schema is not True:
                self.add(at, "no value is allowed here")
            return
        if depth > MAX_DEPTH:
            self.add(at, f"the schema is nested more than {MAX_DEPTH} levels deep")
            return
        place = (root, depth + 1)
        for keyword in sorted(UNCOVERED & set(schema)):
            self.add(at, f"`{keyword}` is not covered by this check")
        for keyword, (kind, is_valid) in LIMITS.items():
            applies = kind is None or KINDS[kind](value)
            if keyword in schema and applies:
                self.limit(keyword, schema[keyword], value, at, is_valid)
        if "$ref" in schema:
            self.reference(schema["$ref"], value, at, *place)
        self.combinations(schema, value, at, *place)
        if isinstance(value, dict):
            self.properties(schema, value, at, *place)
        if isinstance(value, list):
            self.items(schema, value, at, *place)

    def limit(self, keyword, limit, value, at, is_valid):
        try:
            if not is_valid(value, limit):
                self.add(at, f"{keyword} is {json.dumps(limit, ensure_ascii=False)}")
        except (KeyError, TypeError, re.error):
            self.add(at, f"`{keyword}` has a form that this check does not cover")

    def reference(self, reference, value, at, root, depth):
        name, _, pointer = str(reference).partition("#")
        try:
            root = self.load(name) if name else root
            schema = root
            for part in pointer.split("/")[1:]:
                part = part.replace("~1", "/").replace("~0", "~")
                schema = schema[int(part) if isinstance(schema, list) else part]
            if pointer and not pointer.startswith("/"):
                raise KeyError(pointer)
        except (KeyError, IndexError, TypeError, ValueError, OSError):
            self.add(at, f"`$ref` {reference} is not covered by this check")
            return
        self.visit(schema, value, at, root, depth)

    def combinations(self, schema, value, at, root, depth):
        for inner in schema.get("allOf", []):
            self.visit(inner, value, at, root, depth)
        for keyword, is_enough in (("anyOf", any), ("oneOf", is_one)):
            inner = schema.get(keyword)
            if inner is not None and not is_enough(
                [self.is_valid(each, value, at, root, depth) for each in inner]
            ):
                self.add(at, f"{keyword} of {len(inner)} schemas is violated")
        if "not" in schema and self.is_valid(schema["not"], value, at, root, depth):
            self.add(at, "`not` is violated")
        if "if" in schema:
            is_met = self.is_valid(schema["if"], value, at, root, depth)
            inner = schema.get("then" if is_met else "else", True)
            self.visit(inner, value, at, root, depth)

    def properties(self, schema, value, at, root, depth):
        known = schema.get("properties", {})
        patterns = schema.get("patternProperties", {})
        others = schema.get("additionalProperties", True)
        for name, inner in value.items():
            below = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            if "propertyNames" in schema:
                self.visit(schema["propertyNames"], name, below, root, depth)
            found = [known[name]] if name in known else []
            found += [patterns[each] for each in patterns if matches(name, each)]
            for each in found or [others]:
                self.visit(each, inner, below, root, depth)
        for name, inner in schema.get("dependentSchemas", {}).items():
            if name in value:
                self.visit(inner, value, at, root, depth)
        for name, needed in schema.get("dependentRequired", {}).items():
            for other in needed if name in value else []:
                if other not in value:
                    self.add(at, f"`{other}` is required, because of `{name}`")

    def items(self, schema, value, at, root, depth):
        first, rest = schema.get("prefixItems", []), schema.get("items", True)
        if isinstance(rest, list):
            self.add(at, "`items` has a form that this check does not cover")
            return
        for place, inner in enumerate(value):
            each = first[place] if place < len(first) else rest
            self.visit(each, inner, f"{at}/{place}", root, depth)
        if "contains" in schema:
            inner = schema["contains"]
            count = sum(self.is_valid(inner, each, at, root, depth) for each in value)
            least, most = schema.get("minContains", 1), schema.get("maxContains", count)
            if not least <= count <= most:
                self.add(at, f"{count} items are as `contains` requires")


MAX_DEPTH = 100
UNCOVERED = {
    "$dynamicRef",
    "$recursiveRef",
    "additionalItems",
    "dependencies",
    "unevaluatedItems",
    "unevaluatedProperties",
}


def is_number(value):
    """Returns whether a value is a number; in Python, bool is a kind of int."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_one(results):
    """Returns whether exactly one of several results is true."""
    return sum(results) == 1


def same(one, other):
    """Returns whether two JSON values are equal: 1 is 1.0, and is not true."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(same(one[at], other[at]) for at in one)
    return one == other


def is_multiple(value, of):
    """Returns whether a number is a multiple of another, as both are written."""
    return fractions.Fraction(str(value)) % fractions.Fraction(str(of)) == 0


def matches(text, pattern):
    """Returns whether a pattern matches; `$` is the end of the text, as in ECMA-262."""
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        pattern = pattern[:-1] + r"\Z"
    return re.search(pattern, text, re.ASCII) is not None


def number(limit):
    """Returns a limit that is a number; other forms are of other drafts."""
    if not is_number(limit):
        raise TypeError(limit)
    return limit


KINDS = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: is_number(value) and value % 1 == 0,
    "null": lambda value: value is None,
    "number": is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}

# A keyword: the type of values that it applies to, and its check.
LIMITS = {
    "type": (
        None,
        lambda value, kinds: any(
            KINDS[kind](value)
            for kind in (kinds if isinstance(kinds, list) else [kinds])
        ),
    ),
    "enum": (None, lambda value, allowed: any(same(value, each) for each in allowed)),
    "const": (None, same),
    "required": ("object", lambda value, names: all(name in value for name in names)),
    "minProperties": ("object", lambda value, least: len(value) >= number(least)),
    "maxProperties": ("object", lambda value, most: len(value) <= number(most)),
    "minItems": ("array", lambda value, least: len(value) >= number(least)),
    "maxItems": ("array", lambda value, most: len(value) <= number(most)),
    "uniqueItems": (
        "array",
        lambda value, wanted: (
            not wanted
            or not any(
                same(one, other)
                for place, one in enumerate(value)
                for other in value[:place]
            )
        ),
    ),
    "minLength": ("string", lambda value, least: len(value) >= number(least)),
    "maxLength": ("string", lambda value, most: len(value) <= number(most)),
    "pattern": ("string", matches),
    "minimum": ("number", lambda value, least: value >= number(least)),
    "maximum": ("number", lambda value, most: value <= number(most)),
    "exclusiveMinimum": ("number", lambda value, least: value > number(least)),
    "exclusiveMaximum": ("number", lambda value, most: value < number(most)),
    "multipleOf": ("number", is_multiple),
}
# END AUTO SECTION: schema_check
