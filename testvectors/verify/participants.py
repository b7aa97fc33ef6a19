"""What the updates of a commit make of a participant list."""

import tls
from refusal import Refused

# Roles of the cooperative preset, by index.
PRESET_ROLES = range(6)


def apply(given):
    kind = tls.STRUCTURES["ParticipantList"]
    before = kind.whole(bytes.fromhex(given["before"]))["participants"]
    roles, gone, added, touched = {}, set(), [], set()

    def touch(user, role):
        if role is not None and (role == 0 or role not in PRESET_ROLES):
            raise Refused("no_such_role")
        if user in touched:
            raise Refused("user_twice")
        touched.add(user)

    def at(index):
        if index >= len(before):
            raise Refused("index_past_end")
        return before[index]["user"]

    for update in given["updates"]:
        update = tls.STRUCTURES["ParticipantListUpdate"].whole(bytes.fromhex(update))
        for change in update["changed"]:
            touch(at(change["index"]), change["role"])
            roles[change["index"]] = change["role"]
        for index in update["removed"]:
            touch(at(index), None)
            gone.add(index)
        for entry in update["added"]:
            touch(entry["user"], entry["role"])
            added.append(entry)
    if {entry["user"] for entry in before} & {entry["user"] for entry in added}:
        raise Refused("already_participant")
    kept = [
        {"user": entry["user"], "role": roles.get(index, entry["role"])}
        for index, entry in enumerate(before)
        if index not in gone
    ]
    return {"after": kind.make({"participants": kept + added}).hex()}
