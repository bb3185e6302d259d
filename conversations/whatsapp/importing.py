"""An export into a conversation: names become people, lines become messages, the same ones only once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from django.db import transaction

from accounts import audit
from accounts.models import Organization, User
from accounts.services.imported_people import Newcomer, import_person
from chatproject.errors import Invalid
from conversations.audit import HISTORY_IMPORTED
from conversations.models import Conversation, Message
from conversations.serializers import system_line
from conversations.services.imported_history import (
    Saying,
    append_history,
    begin_direct,
    begin_group,
)
from conversations.services.members import join_members
from conversations.services.messages import append_system_line
from conversations.whatsapp.export import Entry, Export

MAX_TITLE = 100
NO_TEXT = "[no text]"
# By which a group that came in before is known again.
FIRST_ONES = 50


@dataclass
class Outcome:
    conversation: Conversation
    messages: int
    new_messages: int
    system_lines: int
    files: int
    # By the name in the export: whom it became, and whether that person was made for it.
    people: dict[str, tuple[User, bool]] = field(default_factory=dict)


def import_whatsapp(
    *, actor: User, export: Export, people: Mapping[str, str], title: str = ""
) -> Outcome:
    """`actor` exported it, and is one of its people. `people`: names of the export, and their addresses.

    A direct conversation if there are two and no title. All of it or nothing.
    """
    with transaction.atomic():
        known = _people(actor, export, people)
        members = list(dict.fromkeys(person for person, _is_new in known.values()))
        if actor not in members:
            raise Invalid(
                f"None of {', '.join(export.names)} is {actor.display_name}: say which one by"
                f" --person 'NAME={actor.email}'."
            )
        sayings = list(_sayings(actor.organization, export, known, _key(members, title)))
        conversation = _conversation(actor, members, title, sayings)
        new = append_history(conversation_id=conversation.pk, sayings=sayings)
        audit.record(
            HISTORY_IMPORTED,
            actor=actor,
            organization=actor.organization,
            target=conversation,
            messages=new,
            origin="WhatsApp",
        )
    return Outcome(
        conversation,
        messages=len(sayings),
        new_messages=new,
        system_lines=sum(not entry.name for entry in export.entries),
        files=sum(entry.is_file for entry in export.entries if entry.name),
        people=known,
    )


def _people(
    actor: User, export: Export, addresses: Mapping[str, str]
) -> dict[str, tuple[User, bool]]:
    if strangers := sorted(set(addresses) - set(export.names)):
        names = ", ".join(export.names)
        raise Invalid(f"Nobody is called {strangers[0]} in this export; there are {names}.")
    return {name: _person(actor, export, name, addresses.get(name)) for name in export.names}


def _person(actor: User, export: Export, name: str, address: str | None) -> tuple[User, bool]:
    """Whom the mapping says, else the one who is called so here, else a name without an account."""
    colleagues = User.objects.visible_to(actor).undeleted()
    if address:
        found = colleagues.filter(email=address.strip().lower()).first()
        if found is None:
            raise Invalid(f"Nobody in {actor.organization} has the address {address}.")
        return found, False
    called_so = colleagues.filter(display_name__iexact=name)
    if len(called_so) == 1:
        return called_so[0], False
    key = uuid5(actor.organization.uuid, f"whatsapp/person/{name}").hex[:16]
    first = next(entry for entry in export.entries if entry.name == name)
    newcomer = Newcomer(
        key=f"whatsapp-{key}", display_name=name, created_at=export.moment(first), is_active=False
    )
    return import_person(organization=actor.organization, newcomer=newcomer)


def _key(members: Sequence[User], title: str) -> str:
    """What tells this chat from others in which the same person said the same in the same minute."""
    return title or "/".join(sorted(str(person.pk) for person in members))


def _sayings(
    organization: Organization,
    export: Export,
    people: Mapping[str, tuple[User, bool]],
    key: str,
) -> Iterator[Saying]:
    """All of it was read when the export ends."""
    said = [entry for entry in export.entries if entry.name]
    members = {person.pk for person, _is_new in people.values()}
    until = export.moment(said[-1])
    by_others = {pk: dict.fromkeys(members - {pk}, until) for pk in members}
    repeats: Counter[tuple[object, ...]] = Counter()
    for entry in said:
        sender, at = people[entry.name][0], export.moment(entry)
        repeats[sender.pk, at, entry.text] += 1
        position = repeats[sender.pk, at, entry.text]
        yield Saying(
            sender=sender,
            content=entry.text.replace("\x00", "") or NO_TEXT,
            at=at,
            deleted_at=at if entry.is_deleted else None,
            client_id=_client_id(organization, key, entry, at.isoformat(), position),
            read_at=by_others[sender.pk],
        )


def _client_id(organization: Organization, key: str, entry: Entry, at: str, position: int) -> UUID:
    """By what was said, not by the number of the line: a later export may begin further down."""
    content = hashlib.sha256(entry.text.encode()).hexdigest()
    name = f"whatsapp/{key}/{entry.name}/{at}/{content}/{position}"
    return uuid5(organization.uuid, name)


def _conversation(
    actor: User, members: Sequence[User], title: str, sayings: Sequence[Saying]
) -> Conversation:
    others = [person for person in members if person != actor]
    if len(others) == 1 and not title:
        return begin_direct(actor=actor, other=others[0], at=sayings[0].at)
    if not title:
        raise Invalid("More than two people, or one alone: name the group by --group.")
    keys = [saying.client_id for saying in sayings[:FIRST_ONES]]
    here = Message.objects.filter(client_id__in=keys).select_related("conversation").first()
    if here is None:
        return begin_group(actor=actor, title=title[:MAX_TITLE], others=others, at=sayings[0].at)
    _add_missing(here.conversation_id, actor, others)
    return here.conversation


def _add_missing(conversation_id: int, actor: User, people: Sequence[User]) -> None:
    """Who said something for the first time since the last export."""
    group = Conversation.objects.select_for_update(no_key=True).get(pk=conversation_id)
    present = set(group.participants.values_list("user_id", flat=True))
    missing = [person for person in people if person.pk not in present]
    if missing:
        append_system_line(group, actor, system_line("memberAdded", missing))
        join_members(group, missing, role="member")
