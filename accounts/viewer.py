"""The viewer of a prepared query, for `visible_to(GIVEN_VIEWER)`; its values are told when it is asked."""

from types import SimpleNamespace
from typing import cast

from accounts.models import User
from chatproject.prepared import Given

GIVEN_VIEWER = cast(
    User, SimpleNamespace(pk=Given("viewer_id"), organization_id=Given("viewer_organization_id"))
)


def viewer_values(user: User) -> dict[str, int]:
    return {"viewer_id": user.pk, "viewer_organization_id": user.organization_id}
