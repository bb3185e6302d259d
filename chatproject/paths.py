"""Ids in the addresses of pages: `<id:pk>`."""

from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    """No id has more digits, and what does not fit the database's integers is refused by it with an error."""

    regex = "[0-9]{1,18}"
