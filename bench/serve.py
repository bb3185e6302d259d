"""One server process with one of the applications that are compared: python -m bench.serve SERVER APP PORT"""

import sys

import django

APPLICATIONS = {
    "product": "chatproject.asgi:application",
    "one by one": "bench.one_by_one:application",
    "no database": "bench.no_database:application",
}


def main(server: str, application: str, port: str) -> None:
    django.setup()
    target = APPLICATIONS[application]
    if server == "daphne":
        from chatproject.server import DEFAULTS, PoliteCommandLine

        PoliteCommandLine().run([*DEFAULTS, target, "-p", port])
    else:
        import uvicorn

        uvicorn.run(
            target,
            port=int(port),
            log_level="warning",
            ws_per_message_deflate=False,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
