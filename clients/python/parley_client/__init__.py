"""An asynchronous client of Parley: sign in, send, and miss nothing."""

from parley_client.device import Parley
from parley_client.errors import ConnectionLost, Refused, SignedOut
from parley_client.live import Live
from parley_client.message import Message
from parley_client.outbox import Outbox
from parley_client.position import Position
from parley_client.tokens import Tokens

__all__ = [
    "ConnectionLost",
    "Live",
    "Message",
    "Outbox",
    "Parley",
    "Position",
    "Refused",
    "SignedOut",
    "Tokens",
]
