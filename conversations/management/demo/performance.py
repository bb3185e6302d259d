"""Plays a conversation's script: who says what, who gets it, who reads it, who is away."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from conversations.management.demo.script import ConversationScript, Line, Talk
from conversations.management.demo.timeline import Timeline
from conversations.models import Message

# In seconds: how soon a device gets a message, and how soon its owner looks.
DELIVERY = (1, 4)
LOOKING = (15, 110)
CORRECTION = timedelta(seconds=3)

People = dict[str, User]


def perform(
    script: ConversationScript, people: People, *, dice: random.Random, now: datetime
) -> Timeline:
    creator, *others = [people[key] for key in script.members]
    begun = script.talks[0].begins - timedelta(minutes=1)
    timeline = Timeline(creator, others, title=script.title, at=begun, dice=dice)
    for talk in script.talks:
        _perform_talk(timeline, talk, people, now)
    return timeline


def _perform_talk(timeline: Timeline, talk: Talk, people: People, now: datetime) -> None:
    said: list[Message | None] = []
    at = talk.begins
    for at, line in talk.timed_lines(timeline.dice, now):
        said.append(_perform_line(timeline, line, people, said, at))
    away = {people[key] for key in talk.unseen_by}
    _catch_up(timeline, away, {people[key] for key in talk.unread_by}, at, now)
    for user in sorted(away, key=lambda user: user.pk):
        seen = timeline.places[user].private_read_seq
        texts = [each for each in timeline.messages[seen:] if each.kind == Message.Kind.TEXT]
        timeline.notify_offline(user, texts)


def _perform_line(
    timeline: Timeline,
    line: Line,
    people: People,
    said: Sequence[Message | None],
    at: datetime,
) -> Message | None:
    speaker = people[line.speaker]
    if line.deed:
        _perform_deed(timeline, speaker, line, people, at)
        return None
    reply_to = said[line.reply_to - 1] if line.reply_to else None
    message = timeline.say(speaker, line.was or line.text, at, reply_to=reply_to)
    if line.was:
        timeline.edit(message, line.text, at + CORRECTION)
    if line.deleted:
        timeline.delete(message, at + CORRECTION)
    return message


def _perform_deed(
    timeline: Timeline, actor: User, line: Line, people: People, at: datetime
) -> None:
    match line.deed:
        case {"added": keys}:
            timeline.add(actor, [people[key] for key in keys], at)
        case {"removed": key}:
            timeline.remove(actor, people[key], at)
        case {"title": title}:
            timeline.rename(actor, title, at)
        case {"left": True}:
            timeline.leave(actor, at)
        case _:
            raise ValueError(f"{line.deed} is nothing that can be done to a group")


def _catch_up(
    timeline: Timeline, away: set[User], inattentive: set[User], at: datetime, now: datetime
) -> None:
    """Devices get what was said, then people look, each in their own time but none in the future."""
    present = [user for user in timeline.members if user not in away]
    for user, moment in _moments(present, DELIVERY, at, now, timeline.dice):
        timeline.deliver(user, moment)
    attentive = [user for user in present if user not in inattentive]
    for user, moment in _moments(attentive, LOOKING, at, now, timeline.dice):
        timeline.read(user, moment)


def _moments(
    users: Sequence[User],
    seconds: tuple[int, int],
    at: datetime,
    now: datetime,
    dice: random.Random,
) -> list[tuple[User, datetime]]:
    moments = [(user, at + timedelta(seconds=dice.uniform(*seconds))) for user in users]
    return sorted([(user, min(moment, now)) for user, moment in moments], key=lambda pair: pair[1])
