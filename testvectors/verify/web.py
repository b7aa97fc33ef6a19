"""Directories, requests and answers over HTTP.

What a URL, a path and a date are is found out with the standard library, and
checked to be written in the one way that counts.
"""

import datetime
import email.utils
import json
import re
import urllib.parse

import uris
from refusal import Refused, demand

ROOMS = {"update", "notify", "submitMessage", "groupInfo", "reportAbuse"}
PARTIES = {"requestConsent", "updateConsent"}
VARIABLES = {
    "keyMaterial": ["targetUser"],
    "update": ["roomId"],
    "notify": ["roomId"],
    "submitMessage": ["roomId"],
    "groupInfo": ["roomId"],
    "requestConsent": ["targetDomain", "targetUser"],
    "updateConsent": ["requesterDomain", "requesterUser"],
    "identifierQuery": ["domain"],
    "reportAbuse": ["roomId"],
    "proxyDownload": ["downloadUrl"],
}
DOCUMENT = "/.well-known/mimi-protocol-directory"
KIB, MIB = 1 << 10, 1 << 20
REQUESTS = {
    "update": 64 * MIB, "notify": 64 * MIB, "submitMessage": 4 * MIB, "updateConsent": 4 * MIB,
    "reportAbuse": 4 * MIB + 256 * KIB, "directory": 0, "proxyDownload": 0,
}
ANSWERS = {
    "groupInfo": 64 * MIB, "keyMaterial": 4 * MIB, "update": 4 * MIB, "identifierQuery": 4 * MIB,
    "submitMessage": 256 * KIB,
}
STATUSES = {
    "host": 400, "from": 400, "content_length": 400, "parameter": 400, "not_the_peer": 403,
    "no_such_endpoint": 404, "method": 405, "too_large": 413, "url_too_long": 414,
    "not_this_provider": 421, "scheme": 421,
}
MAX_URL, MAX_DOCUMENT, MOST = 8192, 64 * KIB, (1 << 64) - 1


def kind(text):
    try:
        return uris.parse(text)["kind"]
    except Refused:
        return None


def is_domain(text):
    return kind(f"mimi://{text}") == "provider"


# Directories


def read(document):
    """The members of a document, by the names of the endpoints."""
    def once(pairs):
        names = [name for name, _ in pairs if name in VARIABLES]
        demand(len(set(names)) == len(names), "json")
        return dict(pairs)

    demand(len(document.encode()) <= MAX_DOCUMENT, "too_long")
    try:
        members = json.loads(document, object_pairs_hook=once)
    except json.JSONDecodeError:
        raise Refused("json") from None
    demand(isinstance(members, dict), "json")
    known = {name: members[name] for name in VARIABLES if members.get(name) is not None}
    demand(all(isinstance(url, str) for url in known.values()), "json")
    return known


def templates(domain, document):
    known = read(document)
    demand(is_domain(domain), "domain")
    return {name: template(name, url) for name, url in known.items()}


def template(name, url):
    """Scheme and authority, what is before the variable, its name, what is behind."""
    parts = urllib.parse.urlsplit(url)
    demand(url.startswith("https://") and parts.path.startswith("/"), "template")
    demand("#" not in url, "template")
    host, colon, port = parts.netloc.partition(":")
    demand(is_domain(host), "template")
    if colon:
        demand(re.fullmatch("[1-9][0-9]{0,4}", port) and int(port) < 1 << 16, "template")
    path = url[len("https://" + parts.netloc):]
    match = re.fullmatch(r"([^{}]*)\{([^{}]*)\}([^{}]*)", path)
    demand(match and match[2] in VARIABLES[name], "template")
    for part in (match[1], match[3]):
        demand(re.fullmatch(r"([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*", part), "template")
    for segment in re.split("[/?&]", path):
        demand(urllib.parse.unquote(segment) not in (".", ".."), "template")
    return "https://" + parts.netloc, match[1], match[2], match[3]


def matcher(parts):
    """A pattern for the paths of a template."""
    return re.compile(re.escape(parts[1]) + "([^/?&]+)" + re.escape(parts[3]))


def alike(one, other):
    """Whether two templates have a path in common, found by walking both at once.

    A state is a place in each; a place is an octet or, under its sign, the
    variable, which can take an octet or end once it has taken one.
    """
    texts = [list(parts[1]) + [None] + list(parts[3]) for parts in (one, other)]
    seen, todo = set(), [((0, False), (0, False))]
    while todo:
        state = todo.pop()
        if state in seen:
            continue
        seen.add(state)
        if all(at == len(text) for (at, _), text in zip(state, texts)):
            return True
        for index in (0, 1):
            at, taken = state[index]
            if at < len(texts[index]) and texts[index][at] is None and taken:
                ended = list(state)
                ended[index] = (at + 1, False)
                todo.append(tuple(ended))
        if any(at == len(text) for (at, _), text in zip(state, texts)):
            continue
        wanted = [text[at] for (at, _), text in zip(state, texts)]
        fixed = {octet for octet in wanted if octet is not None}
        if len(fixed) > 1 or (None in wanted and fixed & set("/?&")):
            continue
        todo.append(tuple(
            (at, True) if octet is None else (at + 1, False)
            for (at, _), octet in zip(state, wanted)
        ))
    return False


def written(known):
    urls = {name: f"{parts[0]}{parts[1]}{{{parts[2]}}}{parts[3]}" for name, parts in known.items()}
    return json.dumps(urls, separators=(",", ":"), ensure_ascii=False)


def directory(given):
    known = templates(given["domain"], given["document"] + " " * given["spaces"])
    if given["own"]:
        found = list(known.values())
        demand(not any(matcher(parts).fullmatch(DOCUMENT) for parts in found), "ambiguous")
        pairs = [(one, other) for at, one in enumerate(found) for other in found[:at]]
        demand(not any(alike(one, other) for one, other in pairs), "ambiguous")
    return {"document": written(known)}


# Requests


def make(given):
    name, value, source = given["endpoint"], given["value"], given["from"]
    if name == "directory":
        demand(is_domain(value), "domain")
        url = f"https://{value}{DOCUMENT}"
    else:
        known = templates(given["domain"], given["document"])
        demand(name in known, "not_offered")
        if name == "proxyDownload":
            demand(0 < len(value.encode()) <= MAX_URL, "download_url")
        if name in PARTIES:
            user = kind(value) in ("user", "pseudonym")
            if known[name][2].endswith("User"):
                demand(user, "user_needed")
            elif user:
                value = uris.parse(value)["domain"]
        base, before, _, after = known[name]
        url = base + before + urllib.parse.quote(value, safe="") + after
    demand(is_domain(source), "domain")
    fetched = name in ("directory", "proxyDownload")
    headers = [["host", urllib.parse.urlsplit(url).netloc], ["from", f"mimi@{source}"]]
    if not fetched:
        headers.append(["content-type", "application/octet-stream"])
    method = "GET" if fetched else "POST"
    return {"method": method, "url": url, "headers": headers, "body": given["body"]}


def only(headers, name):
    values = [value for header, value in headers if header.lower() == name]
    return values[0] if len(values) == 1 else None


def is_there(headers, name):
    return any(header.lower() == name for header, _ in headers)


def without_port(authority):
    return re.sub(":[0-9]*$", "", authority)


def receive(given):
    try:
        return received(given)
    except Refused as refusal:
        refusal.status = STATUSES[refusal.rule]
        raise


def received(given):
    known = templates(given["domain"], given["document"])
    headers, target = given["headers"], given["target"]
    parts = urllib.parse.urlsplit(target) if not target.startswith("/") else None
    hosts = [without_port(parts.netloc).lower()] if parts else []
    if is_there(headers, "host"):
        header = only(headers, "host")
        demand(header is not None, "host")
        hosts.append(without_port(header).lower())
    demand(hosts and hosts[0] and len(set(hosts)) == 1, "host")
    source = only(headers, "from")
    match = source and re.fullmatch(r"[ \t]*mimi@([^@ \t]*)[ \t]*", source)
    demand(match and is_domain(match[1].lower()), "from")
    peer = given["peer"]
    demand(is_domain(peer) and match[1].lower() == peer, "not_the_peer")
    own = {urllib.parse.urlsplit(parts[0]).hostname for parts in known.values()}
    demand(hosts[0] in own | {given["domain"]}, "not_this_provider")
    demand(parts is None or parts.scheme.lower() == "https", "scheme")
    path = target[target.index(parts.netloc) + len(parts.netloc):] if parts else target
    name, value = route(known, path)
    method = "GET" if name in ("directory", "proxyDownload") else "POST"
    demand(given["method"] == method, "method")
    limit, octets = REQUESTS.get(name, 256 * KIB), len(given["body"]) // 2
    length = content_length(headers)
    demand(length is not False, "content_length")
    demand(length is None or length <= limit, "too_large")
    demand(octets <= limit, "too_large")
    demand(length in (None, octets), "content_length")
    return {"endpoint": name, "value": value, "body": given["body"], "max_body": limit}


def content_length(headers):
    """A number, or None if there is none, or False if it is no number."""
    if not is_there(headers, "content-length"):
        return None
    value = only(headers, "content-length")
    return int(value) if value is not None and re.fullmatch("[0-9]+", value) else False


def route(known, path):
    if path == DOCUMENT:
        return "directory", None
    matches = ((name, matcher(parts).fullmatch(path)) for name, parts in known.items())
    name, match = next((found for found in matches if found[1]), (None, None))
    demand(name, "no_such_endpoint")
    demand(not re.search("%(?![0-9A-Fa-f]{2})", match[1]), "parameter")
    try:
        value = urllib.parse.unquote_to_bytes(match[1]).decode()
    except UnicodeDecodeError:
        raise Refused("parameter") from None
    if name == "proxyDownload":
        demand(len(value.encode()) <= MAX_URL, "url_too_long")
        return name, value
    user, domain = kind(value) in ("user", "pseudonym"), is_domain(value)
    if name in ROOMS:
        fits = kind(value) == "room"
    elif name in PARTIES:
        fits = user or domain
    else:
        fits = user if name == "keyMaterial" else domain
    demand(fits, "parameter")
    return name, value


# Answers


def answer(given):
    name, status, headers = given["endpoint"], given["status"], given["headers"]
    fetched = name in ("directory", "proxyDownload")
    if status == 206:
        return {"told": "refused", "status": 502}
    found = status == 200 if fetched else 200 <= status < 300
    if found:
        return taken(given, name, headers)
    wait = only(headers, "retry-after")
    time = read_time(wait) if wait is not None else None
    passing = status in (408, 425, 429, 500, 502, 503, 504) or (status == 413 and time)
    if not passing:
        return {"told": "refused", "status": status}
    if time is None:
        return {"told": "retry", "not_before": None}
    if "at" in time:
        return {"told": "retry", "not_before": time["at"]}
    after = min(int(given["now"]) + min(int(time["seconds"]) * 1000, MOST), MOST)
    return {"told": "retry", "not_before": str(after)}


def taken(given, name, headers):
    limits = {"directory": MAX_DOCUMENT, "proxyDownload": given["max"]}
    limit = limits.get(name, ANSWERS.get(name, 0))
    if not limit:
        return {"told": "done", "body": ""}
    length, body = content_length(headers), bytes.fromhex(given["body"])
    if length is False:
        return {"told": "retry", "not_before": None}
    if length is not None and length > limit:
        return {"told": "refused", "status": 502}
    if length not in (None, len(body)):
        return {"told": "retry", "not_before": None}
    if name == "directory":
        try:
            body = written(templates(given["domain"], body.decode())).encode()
        except Refused:
            return {"told": "refused", "status": 502}
    return {"told": "done", "body": body.hex()}


def retry_after(given):
    time = read_time(given["value"])
    demand(time is not None, "retry_after")
    return time


def read_time(value):
    value = value.strip(" \t")
    if re.fullmatch("[0-9]+", value):
        return {"seconds": str(min(int(value), MOST))}
    for form, again in (
        ("%a, %d %b %Y %H:%M:%S GMT", lambda time: email.utils.format_datetime(time, usegmt=True)),
        ("%A, %d-%b-%y %H:%M:%S GMT", lambda time: time.strftime("%A, %d-%b-%y %H:%M:%S GMT")),
        ("%a %b %d %H:%M:%S %Y", lambda time: time.ctime()),
    ):
        try:
            time = datetime.datetime.strptime(value, form).replace(tzinfo=datetime.timezone.utc)
        except ValueError:
            continue
        seconds = int(time.timestamp())
        if again(time) == value and seconds >= 0:
            return {"at": str(seconds * 1000)}
    return None
