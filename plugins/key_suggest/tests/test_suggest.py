"""Holds the operation `suggest` to its examples and its edges: python3 -m unittest discover tests."""

import json
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from handler import suggest  # noqa: E402


def example(name):
    return json.loads((ROOT / "examples" / name).read_text())


class Suggest(unittest.TestCase):
    def test_the_example_comes_out_as_it_stands(self):
        self.assertEqual(suggest(example("suggest_request.json")), example("suggest_response.json"))

    def test_the_process_answers_on_standard_output(self):
        handler = [sys.executable, str(ROOT / "src" / "handler.py"), "suggest"]
        request = (ROOT / "examples" / "suggest_request.json").read_bytes()
        answer = subprocess.run(handler, input=request, capture_output=True, check=True)
        self.assertEqual(json.loads(answer.stdout), example("suggest_response.json"))

    def test_what_is_no_letter_or_digit_becomes_one_underscore(self):
        self.assertEqual(suggest({"kind": "document", "name": "  many -- signs!! "}), {"key": "DOC_MANY_SIGNS"})

    def test_a_name_without_ascii_makes_no_key(self):
        self.assertIn("error", suggest({"kind": "plugin", "name": "\u65e5\u672c"}))


if __name__ == "__main__":
    unittest.main()
