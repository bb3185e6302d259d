"""Many send while the person reads: nothing is counted twice, nothing lost, nobody waits for ever."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from chatproject.events import NewMessageBody
from conversations.services.conversations import create_group, get_or_create_direct
from conversations.services.messages import send_message
from notifications.models import Notification
from notifications.services import mark_all_read

MESSAGES = 6


@pytest.mark.django_db(transaction=True)
def test_every_message_is_counted_once(alice, bob, carol, published):
    group = create_group(actor=alice, title="Chess", member_ids=[bob.pk, carol.pk]).conversation
    place, _created = get_or_create_direct(actor=alice, target_user_id=bob.pk)

    def sending(sender, conversation_id: int) -> Callable[[], None]:
        def send() -> None:
            for number in range(MESSAGES):
                body = NewMessageBody(content=f"{number}")
                send_message(actor=sender, conversation_id=conversation_id, body=body)

        return send

    def reading() -> None:
        for _ in range(MESSAGES):
            mark_all_read(actor=bob)

    senders = [(alice, group.pk), (carol, group.pk), (alice, place.conversation_id)]
    at_once(*(sending(*each) for each in senders), reading)

    of_bob = Notification.objects.filter(user=bob, kind="message")
    assert sum(of_bob.values_list("count", flat=True)) == MESSAGES * len(senders)
    unread = of_bob.unread().values_list("conversation", flat=True)
    assert len(unread) == len(set(unread))


def at_once(*operations: Callable[[], None]) -> None:
    def run(operation: Callable[[], None]) -> None:
        try:
            operation()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(operations)) as pool:
        list(pool.map(run, operations, timeout=60))
