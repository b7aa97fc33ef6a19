#!/usr/bin/env python3
"""Checks the test vectors without any code of the crates.

    verify.py DIR

Needs Python 3.10 and what requirements.txt names. README.md describes the
procedures.
"""

import json
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "verify"))

import assets
import franking
import messages
import participants
import policies
import presets
import pseudonyms
import reports
import rights
import targets
import tls
import trees
import uris
import web
from refusal import Refused


def vector_length(given):
    octets = bytes.fromhex(given["prefix"]) + bytes(given["zeros"])
    content = tls.OPAQUE.whole(octets)
    if tls.OPAQUE.make(content) != octets:
        raise AssertionError("encodes to other octets")
    return {"length": len(content) // 2}


def structure(given):
    octets = bytes.fromhex(given["octets"])
    kind = tls.STRUCTURES[given["structure"]]
    fields = kind.whole(octets)
    if kind.make(fields) != octets:
        raise AssertionError("encodes to other octets")
    signed = tls.SIGNED.get(given["structure"])
    if signed and "signature" in fields:
        tail = len(tls.OPAQUE.make(fields["signature"]))
        fields["signed"] = tls.label(signed, octets[:-tail]).hex()
    return fields


PROCEDURES = {
    "uri_parse": lambda given: uris.parse(given["text"]),
    "uri_make": uris.make,
    "message_id": messages.compute_id,
    "message_id_read": messages.read_id,
    "salt_derive": messages.derive_salt,
    "mimi_content": messages.decode,
    "mimi_content_parts": messages.count_parts,
    "extension_known": messages.known_extension,
    "extension_set": messages.set_extension,
    "message_status": messages.status,
    "message_derived_values": messages.derived,
    "asset_seal": assets.seal,
    "asset_publish": assets.publish,
    "asset_open": assets.open_part,
    "vector_length": vector_length,
    "tls": structure,
    "participant_list_apply": participants.apply,
    "join_links_apply": policies.apply_join_links,
    "preset": presets.octets,
    "authorize": rights.authorize,
    "room_begin": rights.begin,
    "franking_tag": franking.tag,
    "frank_commit": franking.commit,
    "frank": franking.frank,
    "frank_verify": franking.verify,
    "frank_dispute": franking.dispute,
    "report_judge": reports.judge,
    "report_weigh": reports.weigh,
    "pseudonym_link_key": pseudonyms.link_key,
    "pseudonym_seal": pseudonyms.seal,
    "pseudonym_open": pseudonyms.open_link,
    "https_url": lambda given: {"host": targets.host(given["url"])},
    "asset_target": lambda given: targets.asset(given["domains"], given["url"]),
    "asset_inner_target": targets.inner,
    "asset_address": lambda given: targets.address(given["address"]),
    "asset_status": lambda given: targets.status(given["status"]),
    "tree_source": trees.source,
    "http_directory": web.directory,
    "http_make": web.make,
    "http_receive": web.receive,
    "http_answer": web.answer,
    "retry_after": web.retry_after,
}


# Of these only whether they refuse counts, and not by which rule.
DECISIONS = {"authorize", "room_begin"}


def same(found, expected):
    """Equality in which 1 is not True."""
    return json.dumps(found, sort_keys=True) == json.dumps(expected, sort_keys=True)


def wrong(case):
    """What is wrong with a case, or None."""
    if ("valid" in case) == ("refused" in case):
        return "neither valid nor refused, or both"
    try:
        found = {"valid": PROCEDURES[case["procedure"]](case["input"])}
    except Refused as refusal:
        found = {"refused": refusal.fields()}
    expected = {key: case[key] for key in ("valid", "refused") if key in case}
    if case["procedure"] in DECISIONS and "refused" in found and "refused" in expected:
        return None
    return None if same(found, expected) else f"{found}, not {expected}"


def main(folder):
    failures, cases, unused = 0, 0, set(PROCEDURES)
    files = sorted(pathlib.Path(folder).glob("*.json"))
    for file in files:
        family = json.loads(file.read_text(encoding="utf-8"))
        for case in family["cases"]:
            cases += 1
            unused.discard(case["procedure"])
            problem = wrong(case)
            if problem:
                failures += 1
                print(f"{file.name}: {case['name']}: {problem}"[:600], file=sys.stderr)
    for procedure in sorted(unused):
        failures += 1
        print(f"{procedure}: no case", file=sys.stderr)
    print(f"{len(files)} files, {cases} cases, {failures} wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
