"""The chat system of before comes in whole, once, with what is unread."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import bcrypt
import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg.types.json import Jsonb

from accounts.models import AuditEntry, Organization, Session, User
from chatproject.events import ConversationsQuery
from conversations.management.commands.check_integrity import CHECKS
from conversations.models import Conversation, Message, Participant
from conversations.services.listing import page_of_conversations
from notifications.models import Notification
from tests import servers
from tests.cast import organization, person
from tests.conversations.steps import say, texts_seen_by, unread_of

pytestmark = pytest.mark.once

BEGIN = datetime(2024, 3, 1, 9, tzinfo=UTC)
# As `prisma db push` makes them of the models that the origin's document names.
TABLES = """
    CREATE TABLE "User" (
        id serial PRIMARY KEY, email text NOT NULL UNIQUE, name text, password text, role text,
        "organizationId" integer, "isActive" boolean NOT NULL DEFAULT true,
        "createdAt" timestamp(3) NOT NULL DEFAULT now());
    CREATE TABLE "ChatSession" (
        id serial PRIMARY KEY,
        "initiatorId" integer NOT NULL REFERENCES "User" (id),
        "receiverId" integer NOT NULL REFERENCES "User" (id),
        "createdAt" timestamp(3) NOT NULL, "updatedAt" timestamp(3) NOT NULL,
        "lastMessageAt" timestamp(3), "unreadCount" jsonb);
    CREATE TABLE "Message" (
        id serial PRIMARY KEY, content text NOT NULL,
        "sessionId" integer NOT NULL REFERENCES "ChatSession" (id),
        "senderId" integer NOT NULL REFERENCES "User" (id),
        "createdAt" timestamp(3) NOT NULL, "updatedAt" timestamp(3) NOT NULL,
        "isRead" boolean NOT NULL DEFAULT false, "readAt" timestamp(3));
    CREATE TABLE "Notification" (
        id serial PRIMARY KEY, "userId" integer NOT NULL REFERENCES "User" (id),
        type text NOT NULL, title text, message text, "isRead" boolean NOT NULL DEFAULT false,
        "createdAt" timestamp(3) NOT NULL);
"""
PASSWORD_THERE = "old but good enough"


class Origin:
    def __init__(self, url: str) -> None:
        self.url = url
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")

    def insert(self, table: str, **values: object) -> int:
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(["%s"] * len(values))
        given = [
            each.astimezone(UTC).replace(tzinfo=None) if isinstance(each, datetime) else each
            for each in values.values()
        ]
        row = self.connection.execute(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks}) RETURNING id', given
        ).fetchone()
        assert row
        return int(row[0])

    def person(self, name: str, **values: object) -> int:
        email = f"{name}@old.example"
        return self.insert("User", **{"email": email, "name": name.title(), **values})

    def session(self, one: int, other: int, at: datetime, **values: object) -> int:
        people = {"initiatorId": one, "receiverId": other}
        return self.insert("ChatSession", **people, createdAt=at, updatedAt=at, **values)

    def say(self, session: int, sender: int, text: str, at: datetime, read_at=None) -> int:
        return self.insert(
            "Message", sessionId=session, senderId=sender, content=text, createdAt=at,
            updatedAt=read_at or at, isRead=read_at is not None, readAt=read_at,
        )  # fmt: skip


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture
def empty_origin(postgresql) -> Iterator[Origin]:
    origin = Origin(postgresql)
    yield origin
    origin.connection.close()


@pytest.fixture
def origin(empty_origin) -> Origin:
    """Ann and Ben talk; Ben has not read Ann's last two. Ann and Cleo begin later, with one message."""
    it = empty_origin
    it.connection.execute(TABLES)
    hashed = bcrypt.hashpw(PASSWORD_THERE.encode(), bcrypt.gensalt(4)).decode()
    ann, ben = it.person("ann", password=hashed), it.person("ben", role="ADMIN")
    cleo = it.person("cleo", isActive=False)
    first = it.session(ann, ben, BEGIN)
    at = iter(BEGIN + timedelta(minutes=n) for n in range(100))
    it.say(first, ann, "Hello Ben", next(at), read_at=BEGIN + timedelta(hours=1))
    it.say(first, ben, "Hello Ann", next(at), read_at=BEGIN + timedelta(hours=2))
    it.say(first, ann, "one", next(at))
    last = BEGIN + timedelta(days=1, microseconds=123000)
    it.say(first, ann, "two", last)
    it.connection.execute(
        'UPDATE "ChatSession" SET "lastMessageAt" = %s, "unreadCount" = %s',
        [last.replace(tzinfo=None), Jsonb({str(ben): 2, str(ann): 0})],
    )
    later = BEGIN + timedelta(days=2)
    second = it.session(cleo, ann, later, lastMessageAt=later, unreadCount=Jsonb({str(ann): 1}))
    it.say(second, cleo, "Ann?", later)
    it.insert(
        "Notification", userId=ann, type="chat_message", message="Cleo: Ann?", createdAt=later
    )
    it.insert("Notification", userId=ben, type="system", title="Welcome", message="Good to see you",
              isRead=True, createdAt=BEGIN)  # fmt: skip
    return it


@pytest.fixture
def old(db) -> Organization:
    return organization("Old")


def run(origin: Origin, *options: str, status: int = 0) -> str:
    output = StringIO()
    arguments = ("import_origin", origin.url, "--organization", "old", *options)
    if status:
        with pytest.raises(SystemExit) as end:
            call_command(*arguments, stdout=output)
        assert end.value.code == status
    else:
        call_command(*arguments, stdout=output)
    return output.getvalue()


def someone(name: str) -> User:
    return User.objects.get(email=f"{name}@old.example")


def unread(name: str) -> dict[str, int]:
    page = page_of_conversations(actor=someone(name), query=ConversationsQuery())
    return {each.peer.display_name: each.unread_count for each in page.conversations}


def is_whole() -> bool:
    return not [check.sentence for check in CHECKS if list(check.find())]


def test_everything_comes_in(origin, old):
    said = run(origin)
    assert "✓ 3 people there, 3 here; 3 are new." in said
    assert "✓ 5 messages there, 5 here, in 2 conversations; 5 are new." in said
    assert "✓ 2 of 2 new conversations were last written in when the origin says." in said
    assert "✓ 4 of 4 unread counts are as the origin has them" in said
    assert unread("ben") == {"Ann": 2}
    assert unread("ann") == {"Cleo": 1, "Ben": 0}, "in the order of their last messages"
    first = Conversation.objects.order_by("last_message_at").first()
    assert texts_seen_by(someone("ben"), first.pk) == ["Hello Ben", "Hello Ann", "one", "two"]
    assert first.created_at == BEGIN
    assert first.last_message_at == BEGIN + timedelta(days=1, microseconds=123000)
    assert is_whole()


def test_read_state_comes_with_its_moments(origin, old):
    run(origin)
    first = Conversation.objects.order_by("last_message_at").first()
    ann, ben = (
        Participant.objects.get(conversation=first, user=someone(x)) for x in ("ann", "ben")
    )
    assert (ben.private_read_seq, ben.read_seq) == (2, 1), "who answers has read"
    assert (ann.private_read_seq, ann.read_seq) == (4, 2)
    moments = {(each.user_id, each.kind, each.to_seq): each.at for each in first.receipts.all()}
    assert moments[ben.user_id, "read", 1] == BEGIN + timedelta(hours=1)
    assert moments[ann.user_id, "read", 2] == BEGIN + timedelta(hours=2)


def test_unread_messages_are_announced_and_other_notifications_kept(origin, old):
    run(origin)
    by_kind = {(each.user.display_name, each.kind): each for each in Notification.objects.all()}
    assert set(by_kind) == {("Ann", "message"), ("Ben", "message"), ("Ben", "system")}
    assert by_kind["Ben", "message"].count == 2
    assert by_kind["Ben", "system"].text == "Welcome: Good to see you"
    assert by_kind["Ben", "system"].read_at


def test_a_second_run_brings_only_what_is_new(origin, old):
    run(origin)
    before = list(Message.objects.order_by("pk").values())
    assert "0 are new" in run(origin)
    assert list(Message.objects.order_by("pk").values()) == before
    origin.say(1, 2, "Meanwhile", BEGIN + timedelta(days=3), read_at=BEGIN + timedelta(days=4))
    assert "6 messages there, 6 here, in 2 conversations; 1 are new" in run(origin)
    assert unread("ben") == {"Ann": 0}
    assert Notification.objects.filter(kind="system").count() == 1
    assert is_whole()


def test_people_who_are_here_stay_who_they_are(origin, old):
    ben = person("Ben", old)
    User.objects.filter(pk=ben.pk).update(email="ben@old.example")
    assert "3 people there, 3 here; 2 are new" in run(origin)
    ben.refresh_from_db()
    assert (ben.role, texts_seen_by(ben, ben.participations.get().conversation_id)[0]) == (
        "member",
        "Hello Ben",
    )


def test_they_sign_in_as_before(origin, old, client, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.BCryptPasswordHasher",
    ]
    run(origin)
    assert someone("ben").role == "admin"
    given = {"email": "ann@old.example", "password": PASSWORD_THERE}
    assert client.post("/sign-in", given).status_code == 302
    assert Session.objects.get().user == someone("ann")
    assert someone("ann").password.startswith("md5$"), "and gets our own hash by it"
    assert not someone("cleo").is_active


def test_they_go_on_talking(origin, old):
    run(origin)
    first = Conversation.objects.order_by("last_message_at").first()
    say(someone("ben"), first.pk, "And here we are")
    assert unread_of(someone("ann"), first.pk) == 1
    assert "0 are new" in run(origin)
    assert is_whole()


def test_it_is_audited(origin, old):
    run(origin)
    entry = AuditEntry.objects.get(action="organization.history_imported")
    assert (entry.organization, entry.data["messages"]) == (old, 5)


def test_nobody_of_another_organization_is_taken(origin, old, acme):
    stranger = person("Ann", acme)
    User.objects.filter(pk=stranger.pk).update(email="ann@old.example")
    said = run(origin, status=1)
    assert "✗ 3 people there, 2 here" in said
    assert "ann@old.example belongs to somebody of another organization" in said
    assert not Message.objects.exists()


def test_a_table_between_and_groups(empty_origin, old):
    it = empty_origin
    it.connection.execute(TABLES)
    it.connection.execute(
        'ALTER TABLE "ChatSession" DROP "initiatorId", DROP "receiverId", ADD name text;'
        'CREATE TABLE "ChatParticipant" (id serial PRIMARY KEY,'
        ' "chatSessionId" integer REFERENCES "ChatSession" (id),'
        ' "userId" integer REFERENCES "User" (id));'
        'ALTER TABLE "Message" RENAME content TO words'
    )
    people = [it.person(name) for name in ("ann", "ben", "cleo")]
    chat = it.insert("ChatSession", name="Chess", createdAt=BEGIN, updatedAt=BEGIN)
    for pk in people:
        it.insert("ChatParticipant", chatSessionId=chat, userId=pk)
    it.insert("Message", sessionId=chat, senderId=people[0], words="e4", createdAt=BEGIN,
              updatedAt=BEGIN, isRead=True)  # fmt: skip
    for _run in range(2):
        run(it, "--column", "Message.content=words")
    (group,) = Conversation.objects.all()
    assert (group.title, group.participants.count()) == ("Chess", 3)
    assert texts_seen_by(someone("cleo"), group.pk) == ["groupCreated", "e4"]
    assert is_whole()


def test_several_organizations_come_in_one_by_one(origin, old):
    origin.connection.execute(
        'UPDATE "User" SET "organizationId" = CASE id WHEN 3 THEN 2 ELSE 1 END'
    )
    with pytest.raises(CommandError, match="--origin-organization"):
        run(origin)
    assert not User.objects.exists()
    assert "4 messages there, 4 here, in 1 conversations" in run(
        origin, "--origin-organization", "1"
    )


def test_what_cannot_be_is_told(empty_origin, origin, old, db):
    for options, complaint in (
        (["--column", "nonsense"], "name=name"),
        (["--table", "Message=Nothing"], "Message.content"),
    ):
        with pytest.raises(CommandError, match=complaint):
            run(origin, *options)
    with pytest.raises(CommandError, match="database says"):
        call_command("import_origin", "postgres://127.0.0.1:1/x", "--organization", "old")
    with pytest.raises(CommandError, match="no organization"):
        call_command("import_origin", origin.url, "--organization", "new")


def test_the_origin_is_only_read(origin, old):
    before = everything_in(origin)
    run(origin)
    assert everything_in(origin) == before


def everything_in(origin: Origin) -> str:
    tables = ("User", "ChatSession", "Message", "Notification")
    rows: Callable[[str], list] = lambda name: origin.connection.execute(  # noqa: E731
        f'SELECT * FROM "{name}" ORDER BY id'
    ).fetchall()
    return json.dumps([rows(name) for name in tables], default=str)
