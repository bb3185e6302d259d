"""Logs that one may show around: structured, and without a secret or anybody's words in them."""

import re
import sys
from typing import Any

import structlog
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware
from structlog.typing import EventDict, Processor, WrappedLogger

# What follows these paths opens an account; whoever reads the log must not be able to.
SECRET_PATHS = re.compile(r"(/(?:invitations|password/reset|unsubscribe|hooks)/)[^\s?\"']+")
# PostgreSQL quotes the offending row, and with it somebody's message.
QUOTED_ROWS = re.compile(r"^DETAIL: .*$", re.MULTILINE)


def without_secrets(text: str) -> str:
    return QUOTED_ROWS.sub("DETAIL: (withheld)", SECRET_PATHS.sub(r"\1(withheld)", text))


def withhold_secrets(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {
        name: without_secrets(value) if isinstance(value, str) else value
        for name, value in event.items()
    }


class RequestLog(RequestMiddleware):
    """One line per request. The query string stays out: it holds what people search for."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    colourful = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    renderer = structlog.processors.JSONRenderer() if as_json else colourful
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            withhold_secrets,
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"structured": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # RequestLog tells the same with less chatter.
            "django.request": {"level": "ERROR"},
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "daphne": {"level": "WARNING"},
            "asyncio": {"level": "WARNING"},
            # Says the address of every request that we make, which may be a secret of somebody's.
            "httpx": {"level": "WARNING"},
        },
    }
