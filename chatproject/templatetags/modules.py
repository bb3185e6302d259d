"""Every module of a page is named in its head: else each level of imports would take a round trip more."""

import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;'"]*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)

register = template.Library()


@register.simple_tag
def module_preloads(entry: str) -> SafeString:
    """Of what the module imports, and what that imports. What is loaded later, by `import()`, is not."""
    paths = imported_by(entry) if settings.DEBUG else _known_imports(entry)
    return format_html_join(
        "\n    ", '<link rel="modulepreload" href="{}">', ((static(path),) for path in paths)
    )


def imported_by(entry: str) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        for path in _imports_of(module):
            if path not in found and path != entry:
                found[path] = None
                waiting.append(path)
    return tuple(found)


_known_imports = lru_cache(imported_by)


def _imports_of(module: str) -> list[str]:
    file = finders.find(module)
    assert isinstance(file, str), f"There is no static file {module}"
    return [
        normpath(join(dirname(module), path)) for path in IMPORT.findall(Path(file).read_text())
    ]
