"""Mails are files on the sites of the tests; a background task writes them."""

import email
import email.policy
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.live import Site

PATIENCE = 10


def link_in_mail_to(address: str, site: Site, begins: str) -> str:
    """The path of the link that begins so."""
    deadline = time.monotonic() + PATIENCE
    while (mail := mail_to(address, site.directory / "mail")) is None:
        assert time.monotonic() < deadline, f"no mail to {address}"
        time.sleep(0.1)
    link = re.search(rf"http\S+{begins}\S+", mail)
    assert link is not None, mail
    return urlsplit(link.group()).path


def mail_to(address: str, directory: Path) -> str | None:
    for file in directory.glob("*.log"):
        text = file.read_text()
        if text.endswith("-" * 79 + "\n"):
            parsed = email.message_from_string(text, policy=email.policy.default)
            if parsed["To"] == address:
                body = parsed.get_body(preferencelist=("plain",))
                assert body is not None
                return str(body.get_content())
    return None
