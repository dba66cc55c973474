"""The settings of the plugin: `import settings`, then `settings.settings()["name"]`.

The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.
"""

# BEGIN AUTO SECTION: settings sha256=7a817d40911e8384b4792af91f2c662779eae33756fee5c10607163c8ea16236
import functools
import json
import os
import pathlib

from schema_check import problems

MANIFEST = pathlib.Path(__file__).resolve().parents[1] / "manifest.json"


class InvalidSettings(Exception):
    """The settings cannot be used; the message contains the place and the reason."""


@functools.lru_cache(maxsize=None)
def settings():
    """Returns the settings: those of the file that ID_GUARD_CONFIG names.

    A setting that the file leaves out, or every setting without the variable, has the
    default of the manifest.
    """
    config = read(MANIFEST).get("config", {})
    values = dict(config.get("defaults", {}))
    path = os.environ.get("ID_GUARD_CONFIG")
    if path:
        values.update(read(path))
    found = problems(config.get("schema", True), values)
    if found:
        raise InvalidSettings("; ".join(found))
    return values


def refuse(constant):
    """Refuses the constants that Python reads and JSON does not know."""
    raise ValueError(f"{constant} is not JSON")


def read(path):
    """Reads a JSON object."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file, parse_constant=refuse)
    except (OSError, ValueError) as error:
        raise InvalidSettings(f"{path}: {error}") from error
    if not isinstance(value, dict):
        raise InvalidSettings(f'{path}: (root): type is "object"')
    return value
# END AUTO SECTION: settings
