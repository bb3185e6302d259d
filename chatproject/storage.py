from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names that change with the content, inside ES modules too, so that browsers may keep files for ever."""

    support_js_module_import_aggregation = True
