"""A socket refuses, and brings news, in the words of its person."""

from accounts.models import User
from chatproject.threads import in_thread
from conversations.services.members import add_members


async def speaks(person: User, language: str) -> None:
    person.language = language
    await in_thread(person.save, update_fields=["language"])


async def refusal_of(socket, event: str, **data) -> str:
    answer = await socket.ask(event, data)
    detail: str = answer["data"]["errors"][0]["detail"]
    return detail


async def test_two_people_of_one_process_are_refused_each_in_their_language(
    connect, alice, bob
) -> None:
    await speaks(alice, "de")
    of_alice, of_bob = await connect(alice), await connect(bob)
    assert await refusal_of(of_alice, "getMessages", conversationId=999) == "Nicht gefunden."
    assert await refusal_of(of_bob, "getMessages", conversationId=999) == "Not found."
    assert await refusal_of(of_alice, "noSuchThing") == "Diesen Befehl gibt es nicht."
    assert await refusal_of(of_alice, "sendMessage") == "Diese Angabe fehlt."


async def test_news_of_ours_come_in_the_language_of_who_is_told(
    connect, alice, bob, group, gus
) -> None:
    await speaks(gus, "ar")
    adding, told = await connect(alice), await connect(gus)
    await in_thread(_add, alice, group.conversation_id, gus)
    news = await told.hear("newNotification")
    assert news["data"]["body"] == "أضافك Alice"
    await adding.leave()


def _add(actor: User, conversation_id: int, person: User) -> None:
    add_members(actor=actor, conversation_id=conversation_id, user_ids=[person.pk])
