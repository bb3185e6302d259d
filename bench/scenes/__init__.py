"""Who and what is in the database when a scenario begins; set-wise, so that a million messages take seconds.

A process of its own, in the environment of the servers: `python -m bench.scenes`. Each line on stdin is a
scene's name and wishes as JSON; what the client needs to know of it is a line of JSON on stdout.
"""
