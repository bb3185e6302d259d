from servestatic.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names that change with the content, in ES modules too, so that browsers may keep files for ever."""

    support_js_module_import_aggregation = True
    # One pass for each level of imports; a circle of imports would never end.
    max_post_process_passes = 20
