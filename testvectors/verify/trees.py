"""Where a ratchet tree comes from."""

import mls
import structures
import targets
from refusal import Refused, demand

SOURCE_DOMAINS = 0xF0A3
SOURCES = {1: "inline", 2: "fetch", 3: "out_of_band", 4: "distribution_service"}


def source(given):
    option = structures.TREE.whole(bytes.fromhex(given["option"]))
    kind, url = SOURCES[option["representation"]], option.get("url")
    if kind == "fetch":
        host = targets.host(url)
        extensions = [mls.EXTENSION.whole(bytes.fromhex(e)) for e in given["extensions"]]
        demand(host in domains(extensions, given["hub_domain"]), "host")
    return {"source": kind, "url": url}


def domains(extensions, hub):
    lists = [e["extension_data"] for e in extensions if e["extension_type"] == SOURCE_DOMAINS]
    demand(len(lists) < 2, "domains_twice")
    if not lists:
        return [hub]
    try:
        return structures.DOMAINS.whole(bytes.fromhex(lists[0]))["domains"]
    except Refused:
        raise Refused("domains") from None
