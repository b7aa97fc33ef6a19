"""What a room must be like afterwards, whoever did what."""

from collections import Counter

from policies import CAPABILITIES
from refusal import demand
from rooms import METADATA, OUTSIDE
from tls import STRUCTURES

# Every MLS client supports these, and lists none of them (RFC 9420, section 7.2).
DEFAULTS = {"extensions": range(1, 6), "proposals": range(1, 8)}


def hold(attempt):
    before, after = attempt.before, attempt.after
    was, then = Counter(attempt.clients.values()), Counter(attempt.clients_after())
    have_a_place(after, then)
    for room in (before, after):
        for role in room.roles.values():
            numbers_of_role(role, before, after, was, then)
    base_changes = before.base != after.base
    most = after.base["max_clients"]
    count, earlier = then.total(), was.total()
    fits = most is None or count <= most or (count <= earlier and not base_changes)
    demand(fits, "max_clients")
    if not after.base["multi_device"]:
        for user, clients in then.items():
            fits = clients <= 1 or (clients <= was[user] and not base_changes)
            demand(fits, "single_device")
    fixed(attempt)
    parent(attempt)
    if attempt.hub and attempt.hub["envelope"]:
        envelope(after, attempt.hub["envelope"])


def begin(room, clients, hub, parent_room):
    """Whether a room may begin, by its hub."""
    count = Counter(clients)
    have_a_place(room, count)
    most = room.base["max_clients"]
    demand(most is None or len(clients) <= most, "max_clients")
    demand(room.base["multi_device"] or max(count.values(), default=0) <= 1, "single_device")
    demand(not (room.base["fixed_membership"] and hub["twin"]), "twin_room")
    if hub["envelope"]:
        envelope(room, hub["envelope"])
    if room.parent:
        demand(parent_room is not None, "parent_unknown")
        is_part_of(room, parent_room)


def have_a_place(room, clients):
    """PROTO, "Update Room State": who has a client is in the list, not banned."""
    for user in clients:
        demand(user in room.users, "stranger")
        demand(room.is_welcome(user), "keeps_clients")


def numbers_of_role(role, before, after, was, then):
    """POLICY, "Role-Based Access Control": least where someone goes, most where
    someone comes, on the numbers afterwards."""
    index = role["role_index"]
    if index == OUTSIDE:
        return
    old = {user for user, one in before.users.items() if one == index}
    new = {user for user, one in after.users.items() if one == index}
    for old, new, kind in (
        (old, new, "participants"),
        ({user for user in old if was[user]}, {user for user in new if then[user]},
         "active_participants"),
    ):
        most = role[f"maximum_{kind}_constraint"]
        demand(not old - new or len(new) >= role[f"minimum_{kind}_constraint"], "minimum")
        demand(not new - old or most is None or len(new) <= most, "maximum")


# POLICY, "Base Room policy component syntax".


def fixed(attempt):
    before, after, hub = attempt.before, attempt.after, attempt.hub
    becomes = after.base["fixed_membership"] and not before.base["fixed_membership"]
    if not before.base["fixed_membership"] and not becomes:
        return
    come, go = after.users.keys() - before.users.keys(), before.users.keys() - after.users.keys()
    demand(not come, "fixed_membership")
    if go:
        # Whoever has left the parent leaves this room too.
        demand(before.parent and before.parent == after.parent, "fixed_membership")
        if hub:
            demand(attempt.parent is not None, "parent_unknown")
            is_named(before, attempt.parent)
            demand(not any(map(attempt.parent.is_welcome, go)), "fixed_membership")
        else:
            attempt.rests["parent_room"] = True
    if becomes and hub:
        demand(not hub["twin"], "twin_room")
    attempt.rests["twin_room"] = becomes and not hub


def parent(attempt):
    before, after = attempt.before, attempt.after
    is_new = before.parent != after.parent
    if not after.parent or not (is_new or after.people() - before.people()):
        return
    if not attempt.hub:
        attempt.rests["parent_room"] = True
        return
    demand(attempt.parent is not None, "parent_unknown")
    is_part_of(after, attempt.parent)


def is_named(room, parent_room):
    """Whatever was looked up is the room that is named, as far as it says."""
    metadata = parent_room.data.get(METADATA)
    demand(metadata is None or metadata["room_uri"] == room.parent, "other_parent")


def is_part_of(room, parent_room):
    is_named(room, parent_room)
    users, others = room.people(), parent_room.people()
    demand(users <= others, "not_in_parent")
    demand(users != others, "not_smaller_than_parent")


# POLICY, "Operational policy component".


def leaf(policy, change):
    """What a room demands of a client that comes."""
    if policy is None:
        return
    for kind, name in (("key_package", "max_kp_lifetime"), ("credential", "max_credential_lifetime")):
        lifetime, most = change.get(kind), int(policy[name])
        if lifetime and most:
            seconds = int(lifetime["not_after"]) - int(lifetime["not_before"])
            demand(seconds <= most, "leaf_lifetime")
    mandatory, forbidden = policy["mandatory_capabilities"], policy["forbidden_capabilities"]
    if not any((*mandatory.values(), *forbidden.values())):
        return
    demand("supports" in change, "leaf_unknown")
    supports = CAPABILITIES.whole(bytes.fromhex(change["supports"]))
    for kind, found in supports.items():
        lists = lambda one: one in found or one in DEFAULTS.get(kind, ())
        demand(all(map(lists, mandatory[kind])), "leaf_lacks")
        demand(not any(one in found for one in forbidden[kind]), "leaf_supports")


# ARCH, "Policy".


def envelope(room, bounds):
    roles = STRUCTURES["RoleList"].whole(bytes.fromhex(bounds["roles"]))["roles"]
    must = STRUCTURES["ParticipantList"].whole(bytes.fromhex(bounds["participants"]))
    given = {role["role_index"]: role for role in roles}
    may = bounds["capabilities"]
    holds = [room.roles.get(index) == role for index, role in given.items()]
    holds += [room.users.get(one["user"]) == one["role"] for one in must["participants"]]
    holds += [
        may is None or set(role["role_capabilities"]) <= set(may)
        for index, role in room.roles.items() if index not in given]
    for name in ("max_users", "max_clients"):
        most, found = bounds[name], room.base[name]
        holds.append(most is None or (found is not None and found <= most))
    for name, field in (
        ("pseudonyms", "pseudonyms_allowed"), ("persistent", "persistent_room"),
        ("discoverable", "discoverable"),
    ):
        holds.append(bounds[name] or not room.base[field])
    for number, data in bounds["components"].items():
        octets = room.octets.get(int(number))
        holds.append((octets and octets.hex()) == data)
    demand(all(holds), "outside_envelope")
