"""Tests the operation `{{op}}` with its schemas and its example."""

import unittest

from support import document, example, operations, problems

OPERATION = "{{op}}"


class Operation(unittest.TestCase):
    def test_the_example_request_gives_the_example_response(self):
        request = example(OPERATION, "request")
        response = operations.{{function}}(request)
        self.assertEqual(response, example(OPERATION, "response"))

    def test_a_response_fits_its_schema(self):
        schema = document(f"schemas/{OPERATION}.out.schema.json")
        request = {"text": ""}
        response = operations.{{function}}(request)
        self.assertEqual(problems(schema, response), [])

    def test_a_request_without_text_is_refused(self):
        for request in ({}, {"text": 7}, [], None):
            with self.subTest(request), self.assertRaises((KeyError, TypeError)):
                operations.{{function}}(request)


if __name__ == "__main__":
    unittest.main()
