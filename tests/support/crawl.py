"""Follow every address a page, a stack or a style sheet names, as one member, and keep what was served."""

import json
import re

from support.browserless import Browserless

ADDRESS = re.compile(rb'(?:href|src|action|hx-get|data-stack-url)="(/[^"#]*)"')
MOST = 400


def _stack_addresses(body: bytes) -> list[str]:
    stack = json.loads(body)
    found = []
    for series in stack["series"]:
        first, last = series["instances"][0], series["instances"][-1]
        for one in (first, last):
            told = {"study": series["study"], "series": series["series"], "sop": one["sop"], "frame": one["frame"]}
            found += [stack["frames"].format(**told), stack["rendered"].format(**told)]
        found.append(f"/dicom-web/studies/{series['study']}/series/{series['series']}/metadata")
    return found


def crawl(member: Browserless) -> dict[str, bytes]:
    """Every address reachable by GET from the feed, with its body."""
    waiting, seen = ["/", "/send", "/drafts", "/people", "/me", "/healthz", "/rooms/new"], {}
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        if address in seen:
            continue
        status, headers, body = member.request("GET", address, Accept="text/html,image/webp,*/*")
        seen[address] = body + b"".join(value.encode() for value in headers.values())
        if status != 200:
            continue
        kind = headers.get("content-type", "")
        if "html" in kind:
            waiting += [found.decode().replace("&amp;", "&") for found in ADDRESS.findall(body)]
        elif address.endswith("stack.json"):
            waiting += _stack_addresses(body)
    return seen
