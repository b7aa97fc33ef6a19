"""What the updates of a commit make of a participant list."""

import tls
from refusal import demand

# Roles of the cooperative preset, by index.
PRESET_ROLES = range(6)
OUTSIDE = 0


def moves(before, update, roles):
    """What an update does, user by user; role 0 is outside of the list."""
    found = []

    def at(index):
        demand(index < len(before), "index_past_end")
        return before[index]["user"], before[index]["role"]

    def move(user, source, target, known=True):
        demand(known, "no_such_role")
        found.append({"user": user, "from": source, "to": target})

    for change in update["changed"]:
        role = change["role"]
        move(*at(change["index"]), role, role != OUTSIDE and role in roles)
    for index in update["removed"]:
        move(*at(index), OUTSIDE)
    for entry in update["added"]:
        role = entry["role"]
        move(entry["user"], OUTSIDE, role, role != OUTSIDE and role in roles)
    return found


def check(users, found):
    """Nobody moves twice, and nobody comes who is there."""
    moving = [move["user"] for move in found]
    demand(len(set(moving)) == len(moving), "user_twice")
    for move in found:
        demand(move["from"] != OUTSIDE or move["user"] not in users, "already_participant")


def moved(before, found):
    """The list afterwards: whoever comes stands at the end."""
    targets = {move["user"]: move["to"] for move in found}
    kept = [
        {"user": entry["user"], "role": targets.get(entry["user"], entry["role"])}
        for entry in before
        if targets.get(entry["user"]) != OUTSIDE
    ]
    added = [
        {"user": move["user"], "role": move["to"]} for move in found if move["from"] == OUTSIDE]
    return kept + added


def apply(given):
    kind = tls.STRUCTURES["ParticipantList"]
    before = kind.whole(bytes.fromhex(given["before"]))["participants"]
    found = []
    for update in given["updates"]:
        update = tls.STRUCTURES["ParticipantListUpdate"].whole(bytes.fromhex(update))
        found += moves(before, update, PRESET_ROLES)
    check({entry["user"] for entry in before}, found)
    return {"after": kind.make({"participants": moved(before, found)}).hex()}
