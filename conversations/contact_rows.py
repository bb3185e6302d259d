from collections.abc import Iterable
from dataclasses import dataclass

from chatproject.events import ContactShape
from conversations.conversation_rows import presence_text


@dataclass(frozen=True)
class ContactRow:
    person: ContactShape

    @property
    def presence(self) -> str:
        return presence_text(self.person)


def contact_rows(people: Iterable[ContactShape]) -> list[ContactRow]:
    return [ContactRow(person) for person in people]
