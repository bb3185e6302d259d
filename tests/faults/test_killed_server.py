"""kill -9 of one of two server processes, while everybody writes."""

import time

from tests.clients import Socket
from tests.faults.company import wait_until

# The promise; a lease of 30 s and a beat of 10 s keep it.
OFFLINE_WITHIN = 60


def test_nothing_acknowledged_is_lost_and_nobody_stays_online(cluster, company, rounds) -> None:
    alice, _bob, carol = company.people.values()
    for _round in rounds:
        # Carol's only idle device hangs on the server that dies, and never comes back.
        phone = Socket(cluster.urls[0], carol.token)
        assert is_online(alice, carol.id)
        with company.writing():
            cluster.kill_server(0)
            killed_at = time.monotonic()
            company.expect_progress()
            cluster.start_server(0)
            company.expect_progress()
        company.expect_nothing_lost()
        phone.closing.close()
        left = OFFLINE_WITHIN - (time.monotonic() - killed_at)
        wait_until(
            lambda: not is_online(alice, carol.id),
            within=left,
            what="Carol did not go offline",
            every=1,
        )


def is_online(viewer, user_id: int) -> bool:
    presence: bool = viewer.get(f"chat/online-status/{user_id}")["isOnline"]
    return presence
