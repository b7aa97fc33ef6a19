"""What hubs make of reports of abuse."""

import hashlib

import franking
import signatures
import uris
from refusal import Refused, demand
from tls import STRUCTURES


def judge(given):
    report = STRUCTURES["AbuseReport"].whole(bytes.fromhex(given["report"]))
    judged = []
    for message in report["messages"]:
        found = {"hub_key": None, "fault": None}
        try:
            found["hub_key"] = validate(message, report["alleged_abuser"], given)
        except Refused as refusal:
            found["fault"] = refusal.rule
        content = hashlib.sha256(bytes.fromhex(message["message_content"])).hexdigest()
        time = message["accepted_timestamp"]
        found.update(accepted_timestamp=time, content=content, **repeats(judged, time, content))
        judged.append(found)
    return {"messages": judged}


def repeats(earlier, time, content):
    then = [i for i, found in enumerate(earlier) if found["accepted_timestamp"] == time]
    same = [i for i in then if earlier[i]["content"] == content]
    return {
        "duplicate_of": same[0] if same else None,
        "conflicts_with": then[0] if then and not same else None,
    }


def validate(message, accused, given):
    """The name of the hub key that proves a message."""
    data = bytes.fromhex(message["message_content"])
    content = franking.opened(data, franking.first_type(given))
    frank, time = message["frank"], message["accepted_timestamp"]
    context = franking.encoded_context(accused, given["room"], time)
    committed = franking.mac(bytes.fromhex(content["salt"]), data)
    name = recognise(frank["server_frank"], committed + context, int(time), given)
    scheme = signatures.SCHEMES.get(frank["ciphersuite"])
    signed = is_signed(scheme, frank, context, given)
    if name is None and signed:
        oldest = int(franking.newest_last(given)[0]["since"])
        raise Refused("other_content" if oldest <= int(time) else "key_erased")
    sender, room = franking.names(content)
    demand(sender == accused, "sender_uri")
    demand(room == given["room"], "room_uri")
    demand(scheme, "unsupported")
    demand(signed, "signature" if name else "never_franked")
    return name


def recognise(stamp, stamped, time, given):
    """The name of the key in use then, else of the newest, that made the stamp."""
    keys = franking.newest_last(given)
    in_use = [key for key in keys if int(key["since"]) <= time][-1:] or keys[:1]
    for key in in_use + keys[::-1]:
        if franking.mac(bytes.fromhex(key["key"]), stamped).hex() == stamp:
            return key["name"]
    return None


def is_signed(scheme, frank, context, given):
    agent = STRUCTURES["FrankingAgent"]
    keys = [(a["signature_scheme"], agent.whole(bytes.fromhex(a["franking_agent"]))["signature_key"])
            for a in given["agents"]]
    keys += [(key["signature_scheme"], key["signature_key"]) for key in given["retired_keys"]]
    signed = franking.to_sign(bytes.fromhex(frank["server_frank"]), frank["ciphersuite"], context)
    signature = bytes.fromhex(frank["integrity_signature"])
    return any(
        signatures.holds(scheme, bytes.fromhex(key), signed, signature)
        for of, key in keys if of == scheme
    )


def weigh(given):
    report = given["report"]
    about = ("accused", "room")
    witnesses, disputes = set(), set()
    proven = report["message"]["fault"] is None
    for account in given["accounts"]:
        shown, message = account["message"], report["message"]
        if not proven or any(account[what] != report[what] for what in about):
            continue
        if shown["accepted_timestamp"] != message["accepted_timestamp"]:
            continue
        if account["reporter"] == report["accused"]:
            continue
        same = shown["content"] == message["content"]
        if same and shown["fault"] is None:
            witnesses.add(account["reporter"])
        elif not same and shown["fault"] in (None, "other_content"):
            disputes.add(account["reporter"])
    own = uris.parse(report["accused"])["domain"]
    return {name: voices(users, own) for name, users in (("witnesses", witnesses), ("disputes", disputes))}


def voices(users, own):
    domains = {uris.parse(user)["domain"] for user in users}
    return {"users": len(users), "independent": len(domains - {own})}
