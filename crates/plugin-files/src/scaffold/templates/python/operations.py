"""What {{key}} can be asked for: a function for each operation.

This file is the developer's. A function is given the request as JSON says it and
returns the response. What it raises is told to the caller in one line, with exit
status 1.
"""
