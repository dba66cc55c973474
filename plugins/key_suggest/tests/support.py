"""Shared code of the tests. Add your own outside of the section.

The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.
"""

# BEGIN AUTO SECTION: support sha256=6a44af7cca4cf7e7f92724e701218e04afc24b77ff39ee5872f2cc38af563c3d
import contextlib
import importlib
import io
import json
import os
import pathlib
import subprocess
import sys
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENTRY = ROOT / json.loads((ROOT / "plugin.spec.json").read_bytes())["runtime"]["entry"]
sys.path.insert(0, str(ROOT / "src"))

operations = importlib.import_module("operations")
schema_check = importlib.import_module("schema_check")


def document(path):
    """Reads a JSON document of the plugin."""
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def example(operation, end):
    """Reads the canonical request or response of an operation."""
    return document(f"examples/{operation}_{end}.json")


def run(words, request="", **files):
    """Runs the handler inside of the test process, where coverage tools measure it.

    `events` is the file that its events go to, and `config` the file of its settings.
    """
    handler = importlib.import_module(ENTRY.stem)
    importlib.import_module("settings").settings.cache_clear()
    stdin = io.TextIOWrapper(io.BytesIO(request.encode()), encoding="utf-8")
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.ExitStack() as stack:
        stack.enter_context(unittest.mock.patch.dict(os.environ, variables(**files)))
        stack.enter_context(unittest.mock.patch("sys.stdin", stdin))
        stack.enter_context(contextlib.redirect_stdout(stdout))
        stack.enter_context(contextlib.redirect_stderr(stderr))
        status = handler.main(words[-1] if words else "")
    importlib.import_module("settings").settings.cache_clear()
    return subprocess.CompletedProcess(
        words, status, stdout.getvalue(), stderr.getvalue()
    )


def start(words, request="", **files):
    """Starts the process, as a host does; otherwise as `run`."""
    return subprocess.run(
        [sys.executable, str(ENTRY), *words],
        input=request,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **variables(**files)},
        check=False,
    )


def variables(events="", config=""):
    """Returns the variables that name the files of the process."""
    return {"ID_GUARD_EVENTS": str(events), "ID_GUARD_CONFIG": str(config)}


def named_schema(name):
    """Reads the schema that a `$ref` to another file names."""
    return document(f"schemas/{pathlib.PurePosixPath(name).name}")


try:
    import jsonschema
    import referencing.jsonschema
except ImportError:
    # Without the package jsonschema, the check of schema_check.py, which names what it
    # does not cover.

    def problems(schema, value):
        """Returns the violations of a schema in a value."""
        return schema_check.problems(schema, value, named_schema)

else:

    def problems(schema, value):
        """Returns the violations of a schema in a value, as jsonschema finds them."""
        draft = referencing.jsonschema.DRAFT202012
        registry = referencing.Registry(
            retrieve=lambda uri: draft.create_resource(named_schema(uri))
        )
        kind = jsonschema.validators.validator_for(
            schema, default=jsonschema.Draft202012Validator
        )
        return [
            f"{error.json_path}: {error.message}"
            for error in kind(schema, registry=registry).iter_errors(value)
        ]
# END AUTO SECTION: support
