"""What pydantic finds wrong with an input, in its sender's words: the library knows English only."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

TEXTS: dict[str, Any] = {
    "missing": gettext_lazy("This is needed."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("This must be a text."),
    "string_too_short": gettext_lazy("This is too short: at least {min_length} characters."),
    "string_too_long": gettext_lazy("This is too long: at most {max_length} characters."),
    "string_pattern_mismatch": gettext_lazy("This does not have the right form."),
    "too_short": gettext_lazy("These are too few: at least {min_length}."),
    "too_long": gettext_lazy("These are too many: at most {max_length}."),
    "int_type": gettext_lazy("This must be a whole number."),
    "int_parsing": gettext_lazy("This must be a whole number."),
    "int_from_float": gettext_lazy("This must be a whole number."),
    "int_parsing_size": gettext_lazy("This number is too large."),
    "greater_than_equal": gettext_lazy("This must be at least {ge}."),
    "greater_than": gettext_lazy("This must be more than {gt}."),
    "less_than_equal": gettext_lazy("This must be at most {le}."),
    "less_than": gettext_lazy("This must be less than {lt}."),
    "bool_type": gettext_lazy("This must be true or false."),
    "bool_parsing": gettext_lazy("This must be true or false."),
    "literal_error": gettext_lazy("This must be one of: {expected}."),
    "enum": gettext_lazy("This must be one of: {expected}."),
    "union_tag_invalid": gettext_lazy("This must be one of: {expected_tags}."),
    "union_tag_not_found": gettext_lazy("This is needed."),
    "uuid_type": gettext_lazy("This must be a UUID."),
    "uuid_parsing": gettext_lazy("This must be a UUID."),
    "datetime_type": gettext_lazy("This must be a date with a time."),
    "datetime_parsing": gettext_lazy("This must be a date with a time."),
    "datetime_from_date_parsing": gettext_lazy("This must be a date with a time."),
    "timezone_aware": gettext_lazy("This date needs its time zone."),
    "list_type": gettext_lazy("This must be a list."),
    "dict_type": gettext_lazy("This must be an object."),
    "model_type": gettext_lazy("This must be an object."),
    "model_attributes_type": gettext_lazy("This must be an object."),
}


def text_of(problem: Any) -> str:
    """Of one of `ValidationError.errors()`, with its context."""
    context = problem.get("ctx", {})
    if problem["type"] == "value_error":
        return str(context["error"])
    text = TEXTS.get(problem["type"])
    # Its placeholders are the names in the library's context.
    return str(text).format(**context) if text else _("This is not valid.")
