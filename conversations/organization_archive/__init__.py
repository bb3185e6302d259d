"""Everything of an organization in one ZIP, and back, here or in another installation.

In the archive nothing has an id: what refers to a row names its number among the rows of its kind, and to a
message its conversation and seq. So an archive of what was imported from an archive is the same again.
"""

from conversations.organization_archive.exporting import export_organization
from conversations.organization_archive.importing import Imported, import_organization

__all__ = ["Imported", "export_organization", "import_organization"]
