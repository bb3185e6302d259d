"""PostgreSQL is gone in the middle of everything, and comes back."""

import time

# The promise, in seconds.
WELL_AGAIN_WITHIN = 5


def test_a_crash_of_the_database_is_a_pause(cluster, company, rounds) -> None:
    for _round in rounds:
        with company.writing():
            cluster.database.crash()
            cluster.database.start()
            back_at = time.monotonic()
            company.expect_progress(messages=1, within=WELL_AGAIN_WITHIN)
            company.expect_progress()
        pauses = [each for device in company.devices for each in device.pauses]
        assert pauses, "the test means nothing if nobody noticed"
        assert max(pauses) - back_at < WELL_AGAIN_WITHIN
        company.expect_nothing_lost()
