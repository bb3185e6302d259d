"""The figures as a table for people, JSON for programs, and a picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Result = dict[str, Any]

BAR, ROW, LABEL, WIDTH = 18, 26, 300, 900
COLOURS = {"product": "#1a7f5a", "no database": "#9aa5b1", "one by one": "#c77d3a"}
HEADER = (
    f"{'':44} {'acked/s':>8} {'median':>8} {'p99':>8} {'told':>8} {'server':>7}"
    f" {'µs each':>8} {'postgres':>8} {'client':>7}  lost"
)


def line(result: Result) -> str:
    return (
        f"{name_of(result):44} {result['acknowledged_per_second']:8.0f}"
        f" {milliseconds(result, 'acknowledged_ms', 'median')}"
        f" {milliseconds(result, 'acknowledged_ms', 'p99')}"
        f" {milliseconds(result, 'delivered_ms', 'median')}"
        f" {percent(result, 'server_cpu')} {result.get('server_us', 0):8.0f}"
        f" {percent(result, 'postgresql_cpu'):>8} {percent(result, 'client_cpu')}"
        f"  {result.get('lost', 0)}{' DISORDERED' if result.get('disordered') else ''}"
        f"{' ' + json.dumps(result['errors'][0]) if result.get('errors') else ''}"
    )


def name_of(result: Result) -> str:
    return "{database} {server} {application}, {senders}".format(**result)


def milliseconds(result: Result, kind: str, which: str) -> str:
    value = result.get(kind, {}).get(which)
    return f"{value:6.1f}ms" if value is not None else f"{'':8}"


def percent(result: Result, name: str) -> str:
    return f"{100 * result[name]:6.0f}%" if name in result else f"{'':7}"


def table(results: list[Result]) -> str:
    lines = [HEADER, *(line(result) for result in results), "", *ratios(results)]
    return "\n".join(lines)


def ratios(results: list[Result]) -> list[str]:
    """The product against each of the others, where both ran."""
    found = {
        tuple(each[key] for key in ("database", "server", "application", "senders")): each
        for each in results
    }
    said = []
    for (database, server, application, senders), other in found.items():
        ours = found.get((database, server, "product", senders))
        if ours and application != "product":
            ratio = ours["acknowledged_per_second"] / max(other["acknowledged_per_second"], 1)
            said.append(f"{database} {server}, {senders} senders: {ratio:.2f} of '{application}'")
    bare = found.get(("postgresql", "psycopg", "one bare row", 1))
    for (_database, server, application, senders), ours in found.items():
        if bare and application == "product" and senders == 1:
            ratio = ours["acknowledged_ms"]["median"] / bare["acknowledged_ms"]["median"]
            said.append(f"{server}, alone: {ratio:.2f} times the time of one bare row's COMMIT")
    return said


def store(results: list[Result], path: Path) -> None:
    path.with_suffix(".json").write_text(json.dumps(results, indent=1))
    path.with_suffix(".svg").write_text(picture(results))


def picture(results: list[Result]) -> str:
    most = max(result["acknowledged_per_second"] for result in results)
    bars = []
    for number, result in enumerate(results):
        top = ROW * number + 40
        rate = result["acknowledged_per_second"]
        length = max(1, (WIDTH - LABEL - 80) * rate / most)
        colour = COLOURS.get(result["application"], "#5b6b7b")
        bars.append(
            f'<text x="{LABEL - 8}" y="{top + 13}" text-anchor="end">{escape(name_of(result))}</text>'
            f'<rect x="{LABEL}" y="{top}" width="{length:.0f}" height="{BAR}" fill="{colour}"/>'
            f'<text x="{LABEL + length + 6:.0f}" y="{top + 13}">{rate:.0f}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{ROW * len(results) + 60}"'
        ' font-family="system-ui, sans-serif" font-size="12">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        '<text x="16" y="22" font-size="14">Messages acknowledged per second, after COMMIT</text>'
        f"{''.join(bars)}</svg>"
    )
