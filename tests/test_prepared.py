"""A prepared query answers as the ORM does, on either database."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import DateTimeField, F, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Session, User
from chatproject.prepared import Given, GivenIds, prepared


@prepared
def people(limit: int) -> QuerySet[User]:
    wanted = User.objects.filter(pk__among=GivenIds("ids")).select_related("organization")
    return wanted.annotate(twice=F("pk") * 2).order_by("pk")[:limit]


@prepared
def sessions_before() -> QuerySet[Session, tuple]:
    moment = Given("moment", DateTimeField())
    return Session.objects.filter(created_at__lt=moment).values_list("ip_address", "created_at")


@prepared
def halves() -> QuerySet[User, tuple]:
    return User.objects.annotate(half=F("pk") / Given("divisor")).values_list("half")


def test_instances_have_what_was_selected_and_annotated(alice, bob, carol, mallory):
    found = people(2).instances(ids=[bob.pk, mallory.pk, alice.pk])
    assert found == [alice, bob]
    assert [vars(one)["twice"] for one in found] == [alice.pk * 2, bob.pk * 2]
    with CaptureQueriesContext(connection) as queries:
        assert {one.organization for one in found} == {alice.organization}
    assert len(queries) == 0
    assert people(5).instances(ids=[]) == []
    assert people(5).first(ids={carol.pk}) == carol


def test_the_sql_is_made_once_for_each_shape():
    assert people(2) is people(2)
    assert people(2) is not people(3)


def test_moments_and_addresses_are_what_the_orm_gives(alice):
    session = Session.objects.create(user=alice, kind="api", ip_address="10.0.0.1")
    session.refresh_from_db()
    later = timezone.now() + timedelta(seconds=1)
    assert sessions_before().rows(moment=later) == [("10.0.0.1", session.created_at)]
    assert sessions_before().rows(moment=session.created_at) == []


def test_it_is_counted_where_queries_are_counted(alice):
    with CaptureQueriesContext(connection) as queries:
        people(2).instances(ids=[alice.pk])
    assert len(queries) == 1


def test_errors_are_those_of_django(alice):
    too_much = 2**70
    with pytest.raises((DatabaseError, OverflowError)), transaction.atomic():
        halves().rows(divisor=too_much if connection.vendor == "sqlite" else 0)
    assert halves().rows(divisor=1) == [(alice.pk,)]
