"""Everything that is kept about one person, as a ZIP: JSON for programs, pages for the person.

What they may not see is not in it: each document comes from the same look-ups as the API's answers. Nothing
grows in memory with the history: what is long is written a page at a time.
"""

from conversations.personal_archive.archive import write

__all__ = ["write"]
