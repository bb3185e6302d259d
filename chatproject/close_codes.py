from enum import IntEnum


class CloseCode(IntEnum):
    """Why a socket was closed, and so what its client does next."""

    INTERNAL_ERROR = 1011
    # Come back, after a random moment.
    RESTARTING = 1012
    # Sign in again.
    SIGN_IN = 4401
    # Stop: the session was revoked.
    REVOKED = 4403
    # Come back and sync: this client read too slowly.
    TOO_SLOW = 4408
    # Come back later, and slower.
    TOO_FAST = 4429
