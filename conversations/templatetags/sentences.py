from typing import Any

from django import template

from conversations.sentences import SENTENCES, counted

register = template.Library()
register.filter("counted", lambda count, name: counted(name, count))


@register.simple_tag
def all_sentences() -> dict[str, Any]:
    return SENTENCES
