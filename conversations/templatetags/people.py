"""How somebody without a photo is shown. static/js/lib/people.js does the same in the browser."""

from django import template

TINTS = 8

register = template.Library()


@register.filter
def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.filter
def tint(pk: int | None) -> int:
    return (pk or 0) % TINTS
