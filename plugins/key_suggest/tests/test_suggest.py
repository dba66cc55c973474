"""Holds the operation `suggest` to its schemas, its example and its edges."""

import unittest

from support import document, example, operations, problems

OPERATION = "suggest"


class Suggest(unittest.TestCase):
    def test_the_example_comes_out_as_it_stands(self):
        request = example(OPERATION, "request")
        self.assertEqual(operations.suggest(request), example(OPERATION, "response"))

    def test_a_response_fits_its_schema(self):
        schema = document(f"schemas/{OPERATION}.out.schema.json")
        for name in ("Local Preview", "7", "日本", "a" * 200):
            response = operations.suggest({"kind": "plugin", "name": name})
            self.assertEqual(problems(schema, response), [])

    def test_what_is_no_letter_or_digit_becomes_one_underscore(self):
        request = {"kind": "document", "name": "  many -- signs!! "}
        self.assertEqual(operations.suggest(request), {"key": "DOC_MANY_SIGNS"})

    def test_a_name_without_ascii_makes_no_key(self):
        answer = operations.suggest({"kind": "plugin", "name": "日本"})
        self.assertIn("error", answer)

    def test_a_kind_that_is_none_is_refused(self):
        with self.assertRaises(KeyError):
            operations.suggest({"kind": "theme", "name": "Local Preview"})


if __name__ == "__main__":
    unittest.main()
