from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection, transaction

from accounts import audit
from accounts.models import AuditChain, AuditEntry

THING_DONE = audit.register("test.thing_done", "{actor} did {what}")


def do(actor, what="it"):
    with transaction.atomic():
        return audit.record(THING_DONE, actor=actor, organization=actor.organization, what=what)


def bypassing_the_triggers(statement, *values):
    """What somebody with the keys to the database could do."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute("DROP TRIGGER audit_entry_no_update")
        cursor.execute(statement, values)


def test_entries_form_a_chain_that_tells_who_did_what(alice, bob):
    first, second = do(alice, "one thing"), do(bob, "another")
    assert (first.number, second.number) == (1, 2)
    assert second.previous_hash == first.hash
    assert audit.sentence_of(second) == "Bob did another"
    assert audit.verify_chain(alice.organization) == audit.Verification(checked=2)


def test_each_organization_has_a_chain_of_its_own(alice, mallory):
    do(alice)
    assert do(mallory).number == 1
    assert audit.verify_chain(mallory.organization).is_whole


def test_what_is_rolled_back_was_never_told(alice):
    do(alice)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        do(alice)
        raise ZeroDivisionError
    assert do(alice).number == 2
    assert audit.verify_chain(alice.organization).is_whole


@pytest.mark.django_db(transaction=True)
def test_it_belongs_to_the_transaction_that_does_it(alice):
    with pytest.raises(RuntimeError):
        audit.record(THING_DONE, actor=alice, organization=alice.organization, what="it")


def test_actions_are_known_once_and_told_wholly(alice):
    with pytest.raises(ValueError, match="twice"):
        audit.register("test.thing_done", "again")
    with pytest.raises(ValueError, match="what"), transaction.atomic():
        audit.record(THING_DONE, actor=alice, organization=alice.organization)
    with pytest.raises(KeyError), transaction.atomic():
        audit.record("unknown", actor=alice, organization=alice.organization)


def test_the_database_refuses_to_change_an_entry(alice):
    entry = do(alice)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        AuditEntry.objects.filter(pk=entry.pk).update(action="nothing")
    if connection.vendor == "postgresql":
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            AuditEntry.objects.filter(pk=entry.pk).delete()
    assert audit.verify_chain(alice.organization).is_whole


@pytest.mark.parametrize(
    ("statement", "number", "reason"),
    [
        ("UPDATE accounts_auditentry SET action = 'x' WHERE number = 2", 2, "was changed"),
        ("UPDATE accounts_auditentry SET data = '{}' WHERE number = 2", 2, "was changed"),
        ("UPDATE accounts_auditentry SET at = '2020-01-01' WHERE number = 3", 3, "was changed"),
        ("UPDATE accounts_auditentry SET actor_id = NULL WHERE number = 1", 1, "was changed"),
        ("UPDATE accounts_auditentry SET hash = 'x' WHERE number = 2", 2, "was changed"),
        ("UPDATE accounts_auditentry SET previous_hash = 'x' WHERE number = 2", 2, "not follow"),
        ("DELETE FROM accounts_auditentry WHERE number = 2", 2, "missing"),
        ("DELETE FROM accounts_auditentry WHERE number = 1", 1, "missing"),
        ("DELETE FROM accounts_auditentry WHERE number >= 3", 3, "missing"),
        ("DELETE FROM accounts_auditentry", 1, "missing"),
    ],
)
def test_edits_gaps_and_a_cut_tail_are_noticed(alice, statement, number, reason):
    for what in ("one", "two", "three", "four"):
        do(alice, what)
    bypassing_the_triggers(statement)
    found = audit.verify_chain(alice.organization)
    assert found.broken_number == number
    assert reason in found.reason


def test_a_rewritten_tail_does_not_fit_the_head(alice):
    """Somebody recomputes the hash of what they changed; the head remembers the old one."""
    do(alice, "one")
    entry = do(alice, "two")
    entry.data = {"what": "nothing"}
    bypassing_the_triggers(
        "UPDATE accounts_auditentry SET data = %s, hash = %s WHERE number = 2",
        '{"what": "nothing"}',
        audit.hash_of(entry),
    )
    found = audit.verify_chain(alice.organization)
    assert (found.broken_number, found.reason) == (2, "The head of the chain holds another hash.")


def test_any_data_comes_back_as_it_was_hashed(alice, acme):
    with transaction.atomic():
        audit.record(
            THING_DONE,
            actor=None,
            organization=acme,
            target=alice,
            ip_address="2001:db8::1",
            what={"z": [1, 2.5, None, True], "a": "ü \u2028 \U0001f600", "é": {"b": 1, "a": 2}},
        )
    assert audit.verify_chain(acme).is_whole
    assert audit.sentence_of(AuditEntry.objects.get()).startswith("The system did")


@pytest.mark.django_db(transaction=True)
def test_entries_of_many_at_once_are_in_one_order(alice, bob, carol):
    def work(actor):
        try:
            for number in range(5):
                do(actor, str(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, (alice, bob, carol)))
    assert list(AuditEntry.objects.values_list("number", flat=True)) == list(range(15, 0, -1))
    assert audit.verify_chain(alice.organization).is_whole
    assert AuditChain.objects.get().last_number == 15
