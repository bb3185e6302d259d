"""Run by bin/messages: brings locale/*.po up to date with the texts in the code, and compiles them.

The compiled catalogues are committed, so that a server needs neither gettext's programs nor a build step;
Babel compiles them, so that neither does who translates. Only finding the texts takes xgettext.
"""

import io
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de", "ar")
SOURCES = (
    "accounts", "chatproject", "conversations", "integrations", "notifications", "templates"
)  # fmt: skip


def main() -> None:
    collect(ROOT)
    for language in LANGUAGES:
        catalogue = read(ROOT, language)
        compiled_file(ROOT, language).write_bytes(compiled(catalogue))
        missing = untranslated(catalogue)
        print(
            f"{language}: {len(catalogue)} texts, {len(missing)} to translate", *missing, sep="\n  "
        )


def collect(root: Path) -> None:
    """Adds the texts that are new, drops those that are gone. New ones are empty or marked as fuzzy."""
    languages = [part for language in LANGUAGES for part in ("--locale", language)]
    elsewhere = [part for name in ("var", "tests", "static") for part in ("--ignore", f"{name}/*")]
    command = [sys.executable, str(root / "manage.py"), "makemessages", *languages, *elsewhere]
    subprocess.run(
        [*command, "--no-location", "--no-obsolete", "--no-wrap", "--verbosity=0"],
        cwd=root, check=True, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    for language in LANGUAGES:
        file = catalogue_file(root, language)
        file.write_text(
            re.sub(r'^"(POT-Creation-Date|Report-Msgid).*\n', "", file.read_text(), flags=re.M)
        )


def catalogue_file(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def compiled_file(root: Path, language: str) -> Path:
    return catalogue_file(root, language).with_suffix(".mo")


def read(root: Path, language: str) -> Catalog:
    with catalogue_file(root, language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    # Else the moment of reading goes into what is compiled, and no two are the same.
    catalogue.creation_date = catalogue.revision_date = LONG_AGO
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """Without the fuzzy ones: what nobody has looked at is not said."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    return [
        str(message.id)
        for message in catalogue
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]


def forms(text: object) -> tuple[str, ...]:
    """One, or as many as the language has."""
    return tuple(map(str, text)) if isinstance(text, (list, tuple)) else (str(text),)


if __name__ == "__main__":
    main()
