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
    sender, room = franking.names(content)
    demand(sender == accused, "sender_uri")
    demand(room == given["room"], "room_uri")
    frank, time = message["frank"], message["accepted_timestamp"]
    context = franking.encoded_context(accused, given["room"], time)
    committed = franking.mac(bytes.fromhex(content["salt"]), data)
    name = recognise(frank["server_frank"], committed + context, int(time), given)
    scheme = signatures.SCHEMES.get(frank["ciphersuite"])
    signed = is_signed(scheme, frank, context, given)
    if name is None:
        raise Refused("other_content" if signed else "never_franked")
    demand(scheme, "unsupported")
    demand(signed, "signature")
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
    message, accused = given["message"], given["accused"]
    witnesses, disputed = set(), False
    for account in given["accounts"]:
        shown = account["message"]
        if shown["accepted_timestamp"] != message["accepted_timestamp"]:
            continue
        if account["reporter"] == accused:
            continue
        if shown["fault"] is None and shown["content"] == message["content"]:
            witnesses.add(account["reporter"])
        elif shown["fault"] in (None, "other_content"):
            disputed = True
    domains = {uris.parse(user)["domain"] for user in witnesses}
    independent = domains - {uris.parse(accused)["domain"]}
    return {"witnesses": len(witnesses), "independent": len(independent), "disputed": disputed}
