"""One server process with one of the applications that are compared.

python -m bench.serve SERVER APPLICATION PORT
"""

import os
import resource
import sys

import django

APPLICATIONS = {
    "product": "chatproject.asgi:application",
    "no database": "bench.applications.no_database:application",
    "one by one": "bench.applications.one_by_one:application",
    "with empty views": "bench.applications.with_empty_views:application",
}


def main(server: str, application: str, port: str) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    # Before anything is imported that reads the settings.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
    django.setup()
    serve = serve_with_daphne if server == "daphne" else serve_with_uvicorn
    serve(APPLICATIONS[application], port)


def serve_with_daphne(application: str, port: str) -> None:
    # Here, since it brings a reactor of its own into the process.
    from chatproject.server import DEFAULTS, PoliteCommandLine

    PoliteCommandLine().run([*DEFAULTS, application, "-p", port])


def serve_with_uvicorn(application: str, port: str) -> None:
    import uvicorn

    uvicorn.run(application, port=int(port), log_level="warning", ws_per_message_deflate=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
