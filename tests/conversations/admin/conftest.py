import pytest

from accounts.models import User
from accounts.roles import Role
from tests.cast import PASSWORD, person


@pytest.fixture
def ada(acme) -> User:
    return person("Ada", acme, Role.ADMIN)


@pytest.fixture
def operator(db) -> User:
    return User.objects.create_superuser("root@ops.example", PASSWORD)
