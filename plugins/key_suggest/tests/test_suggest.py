"""Tests the operation `suggest`: its schemas, its example, its settings and its limits."""

import json
import pathlib
import tempfile
import unittest

from support import document, example, operations, problems, run

OPERATION = "suggest"


class Suggest(unittest.TestCase):
    def test_the_example_request_gives_the_example_response(self):
        request = example(OPERATION, "request")
        self.assertEqual(operations.suggest(request), example(OPERATION, "response"))

    def test_a_response_fits_its_schema(self):
        schema = document(f"schemas/{OPERATION}.out.schema.json")
        for name in ("Local Preview", "7", "日本", "a" * 200):
            response = operations.suggest({"kind": "plugin", "name": name})
            self.assertEqual(problems(schema, response), [])

    def test_other_characters_become_one_underscore(self):
        request = {"kind": "document", "name": "  many -- signs!! "}
        self.assertEqual(operations.suggest(request), {"key": "DOC_MANY_SIGNS"})

    def test_a_name_without_ascii_has_no_key(self):
        answer = operations.suggest({"kind": "plugin", "name": "日本"})
        self.assertIn("error", answer)

    def test_an_unknown_kind_is_refused(self):
        with self.assertRaises(KeyError):
            operations.suggest({"kind": "theme", "name": "Local Preview"})

    def test_a_key_is_no_longer_than_the_setting(self):
        request = json.dumps({"kind": "plugin", "name": "a" * 200})
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "config.json"
            config.write_text('{"longest": 5}', encoding="utf-8")
            for files, length in (({"config": config}, 5), ({}, 32)):
                response = json.loads(run([OPERATION], request, **files).stdout)
                self.assertEqual(response, {"key": "PLG_" + "A" * length})


if __name__ == "__main__":
    unittest.main()
