"""The operations of {{key}}: one function each.

This file is yours to edit. A function gets the parsed JSON request and returns the
response. An exception is reported to the caller in one line, with exit status 1. The
settings of the plugin are those of settings.py.
"""
