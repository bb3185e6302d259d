"""Loaded by schemathesis: who asks, and for what that is really there.

What it invents hits nothing, and so tests little but 404: half of the ids are those of people, groups and
messages that exist. Signing out is among the operations; then the next one asks on a new device.
"""

import json
import os
import random

import httpx
import schemathesis

URL = os.environ["FUZZ_URL"]
ACCOUNT = json.loads(os.environ["FUZZ_ACCOUNT"])
KNOWN_IDS: dict[str, list[int]] = json.loads(os.environ["FUZZ_IDS"])
# A word of the talk of others, which no answer may hold; empty for those who take part.
SECRET = os.environ["FUZZ_SECRET"]
SIGNING_OUT = ("/auth/logout", "/auth/password", "/auth/sessions/{id}")

chance = random.Random(1)
tokens: list[str] = []


@schemathesis.auth(refresh_interval=None)
class Device:
    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
        if not ACCOUNT:
            return ""
        if not tokens:
            answer = httpx.post(f"{URL}/api/auth/token", json=ACCOUNT, timeout=30)
            tokens.append(answer.raise_for_status().json()["access"])
        return tokens[-1]

    def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
        if data:
            case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, **_: object) -> None:
    for name, value in case.path_parameters.items():
        if type(value) is int and name in KNOWN_IDS and chance.random() < 0.5:
            case.path_parameters[name] = chance.choice(KNOWN_IDS[name])


@schemathesis.hook
def after_call(
    context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response
) -> None:
    if response.status_code < 300 and case.operation.path.endswith(SIGNING_OUT):
        tokens.clear()


@schemathesis.check
def tells_nothing_of_others(
    context: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    assert not SECRET or SECRET.encode() not in response.content
