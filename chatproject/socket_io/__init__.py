"""Socket.IO at /socket.io/: clients of the system that we replace, served as ordinary sockets of the chat.

`engine.py` and `session.py` are the connection (Engine.IO, on python-engineio), which may begin by polling
and change to a WebSocket. `client.py` runs the chat's own consumer for it, and `packets.py` translates
between its frames and Socket.IO's packets. No rule of the chat is in here (docs/decisions/0019-socket-io.md).
"""
