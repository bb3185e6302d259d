"""The load. Each client is a process of its own: `python -m bench.clients NAME`, its plan as JSON on stdin.

It prints `begin` and `end` around the time that counts, and at last its result as JSON.
"""
