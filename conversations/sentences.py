"""Sentences that both the server and the scripts compose. templates/_texts.html hands them to the browser,
so each has one home and one translation. `{words in braces}` are filled in when it is said."""

from collections.abc import Callable, Iterator
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Any] = {
    # System lines: who did what. `own`: the reader did it.
    "groupCreated": _("{actor} created the group “{title}”"),
    "groupCreated.own": _("You created the group “{title}”"),
    "memberAdded": _("{actor} added {names}"),
    "memberAdded.own": _("You added {names}"),
    "memberRemoved": _("{actor} removed {names}"),
    "memberRemoved.own": _("You removed {names}"),
    "memberLeft": _("{actor} left"),
    "memberLeft.own": _("You left"),
    "titleChanged": _("{actor} named the group “{title}”"),
    "titleChanged.own": _("You named the group “{title}”"),
    "descriptionChanged": _("{actor} changed the description"),
    "descriptionChanged.own": _("You changed the description"),
    "pictureChanged": _("{actor} changed the picture of the group"),
    "pictureChanged.own": _("You changed the picture of the group"),
    "pictureRemoved": _("{actor} removed the picture of the group"),
    "pictureRemoved.own": _("You removed the picture of the group"),
    "postingChanged.admins": _("{actor} let only administrators post"),
    "postingChanged.admins.own": _("You let only administrators post"),
    "postingChanged.everyone": _("{actor} let everybody post"),
    "postingChanged.everyone.own": _("You let everybody post"),
    "roleChanged.admin": _("{actor} made {names} an administrator"),
    "roleChanged.admin.own": _("You made {names} an administrator"),
    "roleChanged.member": _("{actor} made {names} an ordinary member"),
    "roleChanged.member.own": _("You made {names} an ordinary member"),
    # In the middle of a system line: "Alice added Bob and you".
    "names.you": pgettext_lazy("somebody to whom something was done", "you"),
    "names.separator": _(", "),
    "names.and": _("{names} and {last}"),
    # Messages
    "message.deleted": _("This message was deleted"),
    "message.sender": _("{name}:"),
    "message.you": _("You"),
    # Read out when it comes.
    "message.spoken": _("{name}: {content}"),
    "tick.sending": _("Sending"),
    "tick.sent": _("Sent"),
    "tick.delivered": _("Delivered"),
    "tick.read": _("Read"),
    "tick.readAt": _("Read {moment}"),
    "tick.failed": _("Not sent"),
    "jump": _("Jump to the latest message"),
    # Days and times
    "day.today": _("Today"),
    "day.yesterday": _("Yesterday"),
    "moment.today": _("today at {time}"),
    "moment.yesterday": _("yesterday at {time}"),
    "moment.day": _("{day} at {time}"),
    # Presence and typing
    "status.online": _("online"),
    "status.offline": _("offline"),
    "status.lastSeen": _("last seen {moment}"),
    "status.typing": _("typing…"),
    "status.typing.one": _("{name} is typing…"),
    "status.typing.two": _("{name} and {other} are typing…"),
    "status.typing.many": _("Several people are typing…"),
    "status.deactivated": _("no longer here"),
    "status.bot": _("Bot"),
    # The list
    "row.draft": _("Draft:"),
    "row.menu": _("What to do with {name}"),
    # Connection
    "connection.waiting": _("Waiting for network…"),
    "connection.reconnecting": _("Reconnecting…"),
    "signOut.noConnection": _("You can sign out as soon as there is a connection."),
    "connection.stopped": _("This device was signed out. Load the page again to sign in."),
    # Push
    "push.failed": _("It did not work: {reason}"),
    "push.notStored": _("The server did not take it. Try again in a moment."),
    "push.offline": _("There is no network just now."),
    # Sending
    "failure.unsent": _("Not sent."),
    "failure.reason": _("Not sent: {reason}"),
    "composer.noConnection": _("There is no connection. Try again when it is back."),
    "composer.tooLong": _("This is longer than a message may be."),
    "composer.left": _("You are no longer a member of this group."),
    "composer.closed": _("You cannot send messages to this person."),
    "composer.blocked": _("You blocked this person."),
    "composer.admins": _("Only administrators of the group can post here."),
    "history.failed": _("Older messages could not be loaded."),
}

# Sentences about a number of things. Languages have between one and six forms of them.
COUNTED: dict[str, Callable[[int], str]] = {
    "unreadMessages": lambda count: ngettext(
        "{count} unread message", "{count} unread messages", count
    ),
    "message.remaining": lambda count: ngettext(
        "{count} person does not have it yet", "{count} people do not have it yet", count
    ),
    "jump.unread": lambda count: ngettext(
        "Jump to the latest message, {count} new",
        "Jump to the latest message, {count} new",
        count,
    ),
    "unsent": lambda count: ngettext(
        "{count} message was not sent.", "{count} messages were not sent.", count
    ),
    "composer.tooFast": lambda count: ngettext(
        "That was very fast. The rest goes out in {count} second.",
        "That was very fast. The rest goes out in {count} seconds.",
        count,
    ),
}

# Intl.PluralRules calls the forms so; a number for which each is used, in every language that has it.
FORMS = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


def sentence(name: str, /, **values: object) -> str:
    return str(SENTENCES[name]).format(**values)


def counted(name: str, count: int) -> str:
    return COUNTED[name](count).format(count=number(count))


def number(value: int) -> str:
    # Most are small, and are written alike in every language of ours.
    return str(value) if value < 1000 else format_decimal(value, locale=get_language() or "en")


def listing(names: list[str]) -> str:
    """alice, bob and carol"""
    if len(names) < 2:
        return "".join(names)
    return sentence("names.and", names=sentence("names.separator").join(names[:-1]), last=names[-1])


def sentences_to_hand_over() -> Iterator[tuple[str, str]]:
    """Every form of every sentence, in the language of now, by the name that the scripts use."""
    yield from ((name, str(text)) for name, text in SENTENCES.items())
    for name, form_for in COUNTED.items():
        other = form_for(FORMS["other"])
        for form, example in FORMS.items():
            if form == "other" or form_for(example) != other:
                yield f"{name}.{form}", form_for(example)
