from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from chatproject.errors import Invalid


def require_strong(password: str, user: User, *, attr: str = "password") -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        code = error.error_list[0].code or "invalid"
        raise Invalid(" ".join(error.messages), code=code, attr=attr) from error
