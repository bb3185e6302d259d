"""Message text as markup. static/js/views/content.js makes the same in the browser."""

from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from conversations import formatting
from conversations.formatting import Part

register = template.Library()


@register.filter
def formatted(text: str) -> SafeString:
    return _markup(formatting.parts_of(text))


def _markup(parts: Sequence[Part]) -> SafeString:
    return format_html_join("", "{}", ((_element(part),) for part in parts))


def _element(part: Part) -> SafeString:
    match part:
        case str():
            return conditional_escape(part)
        case ("a", address):
            return format_html(
                '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>',
                address,
                address,
            )
        case ("pre", text):
            return format_html("<pre><code>{}</code></pre>", text)
        case (tag, *inner):
            # One of the few names in formatting.py.
            return format_html("<{0}>{1}</{0}>", mark_safe(str(tag)), _markup(inner))
    raise TypeError(part)
