"""Whatever a person can see is said in every language that they can choose."""

import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.utils.translation import override

from conversations.sentences import COUNTED, FORMS, SENTENCES, counted, sentences_to_hand_over
from tests import catalogues
from tests.catalogues import LANGUAGES, ROOT, SOURCES
from tests.servers import Missing

pytestmark = pytest.mark.once

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%[sd]")


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """The catalogues as they are after a look for new texts, in a copy of the sources."""
    if shutil.which("xgettext") is None:
        raise Missing("gettext is not installed: run bin/setup --test as root, or install it")
    copy = tmp_path_factory.mktemp("sources")
    shutil.copy(ROOT / "manage.py", copy)
    for name in (*SOURCES, "locale"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    catalogues.collect(copy)
    return copy


def test_every_language_on_offer_has_its_catalogue() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {"en", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(collected, language) -> None:
    catalogue = catalogues.read(collected, language)
    assert not catalogues.untranslated(catalogue), "bin/messages, translate, and bin/messages again"
    assert texts(catalogue) == texts(catalogues.read(ROOT, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language) -> None:
    catalogue = catalogues.read(ROOT, language)
    compiled = catalogues.compiled_file(ROOT, language).read_bytes()
    assert compiled == catalogues.compiled(catalogue), "run bin/messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_what_is_to_be_filled_in(language) -> None:
    for message in catalogues.read(ROOT, language):
        known = {
            name for text in catalogues.forms(message.id) for name in PLACEHOLDER.findall(text)
        }
        kept = [set(PLACEHOLDER.findall(form)) for form in catalogues.forms(message.string)]
        # "One hour" need not name its number.
        is_one = isinstance(message.id, str)
        assert all(found == known if is_one else found <= known for found in kept), message.id


def texts(catalogue: Catalog) -> set[object]:
    return {(message.context, message.id) for message in catalogue}


# --- Plurals -----------------------------------------------------------------------------------


def test_arabic_has_six_forms_of_unread_messages() -> None:
    with override("ar"):
        forms = {counted("unreadMessages", count) for count in (0, 1, 2, 3, 11, 100)}
        assert len(forms) == 6
        assert counted("unreadMessages", 1_000).startswith("1,000")
        handed = dict(sentences_to_hand_over())
    assert {f"unreadMessages.{form}" for form in FORMS} - set(handed) == {"unreadMessages.many"}


def test_scripts_are_handed_every_sentence_that_they_say() -> None:
    scripts = (ROOT / "static" / "js").rglob("*.js")
    source = "\n".join(path.read_text() for path in scripts)
    said = set(re.findall(r'\b(?:say|speak)\("([^"]+)"', source))
    assert said
    assert said <= set(SENTENCES)
    assert set(re.findall(r'\bsayCount\("([^"]+)"', source)) <= set(COUNTED)


# --- Nothing goes past the catalogues ------------------------------------------------------------

# What is the same in every language.
NAMES = {"API", "Parley"}
# Around a contract, which is in English.
FOR_DEVELOPERS = {"event_documentation.html", "_contract_fields.html"}
BREAK = "\n\n\n"
NAMING = ("alt", "aria-label", "aria-description", "placeholder", "title", "label")


def test_templates_say_nothing_untranslated() -> None:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    assert templates
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in templates
        if path.name not in FOR_DEVELOPERS
        for text in untagged(path.read_text())
        if text not in NAMES
    }
    assert not found


def untagged(source: str) -> set[str]:
    """What a template shows or names besides what its tags say."""
    for gone in (
        r"{% (comment) %}.*?{% endcomment %}",
        # What a phone shows, a word for the styles.
        r"{% block shows %}.*?{% endblock shows %}",
        r"{% blocktranslate.*?{% endblocktranslate %}",
        r"{%.*?%}|{{.*?}}|{#.*?#}",
        r"<(script|style)\b.*?</\1>|<!--.*?-->|<!DOCTYPE[^>]*>",
    ):
        source = re.sub(gone, BREAK, source, flags=re.DOTALL)
    named = re.findall(rf'\s(?:{"|".join(NAMING)})="([^"]*)"', source)
    shown = re.split(rf"<[^>]*>|{BREAK}", source)
    return {text.strip(" \n·") for text in (*shown, *named) if re.search(r"[^\W\d_]{2,}", text)}


def test_scripts_say_nothing_of_their_own() -> None:
    text = r"""["'`][^"'`$]*[A-Za-z]{2,}[^"'`]*["'`]"""
    shown = rf"\.(textContent|ariaLabel|title|placeholder|alt)\s*=\s*{text}"
    named = rf"""setAttribute\(["'](aria-label|title|alt|placeholder)["'],\s*{text}"""
    for path in sorted((ROOT / "static" / "js").rglob("*.js")):
        for line in path.read_text().splitlines():
            assert not re.search(f"{shown}|{named}", line), f"{path.name}: {line.strip()}"
