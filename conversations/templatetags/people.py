"""How somebody without a photo is shown. static/js/lib/people.js does the same in the browser."""

from django import template

TINTS = 8

register = template.Library()


@register.filter
def initials(name: str) -> str:
    """Of the first and the last word that begin with a letter or a digit."""
    firsts = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join(firsts[:1] + firsts[1:][-1:]).upper()


@register.filter
def tint(pk: int | None) -> int:
    return (pk or 0) % TINTS
