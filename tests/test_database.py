from django.db import connection

from accounts.models import User
from tests.database import TEST_DATABASE


def test_the_tests_run_on_the_database_that_was_asked_for(db) -> None:
    assert connection.vendor == TEST_DATABASE


async def test_rows_made_before_an_asynchronous_test_are_seen_by_its_threads(alice) -> None:
    assert [user async for user in User.objects.all()] == [alice]
