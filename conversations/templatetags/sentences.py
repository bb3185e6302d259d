from collections.abc import Iterator

from django import template

from conversations.sentences import counted, number, sentences_to_hand_over

register = template.Library()
register.filter("counted", lambda count, name: counted(name, count))
register.filter("number", number)


@register.simple_tag
def all_sentences() -> Iterator[tuple[str, str]]:
    return sentences_to_hand_over()
