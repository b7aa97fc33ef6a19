"""Rooms: components that fit together, and what updates make of them."""

import participants
import policies
import presets
import tls
from refusal import Refused, demand

LIST, METADATA, OPERATIONAL, ROLES, PREAUTH, BASE = 0x22, 0x23, 0x24, 0x25, 0x26, 0x27
LINK_POLICY, LINKS, ASSETS, HISTORY = 0x29, 0x2A, 0x2C, 0x2E
COMPONENTS = {
    LIST: "ParticipantList", METADATA: "RoomMetadata", OPERATIONAL: "OperationalParameters",
    ROLES: "RoleList", PREAUTH: "PreauthList", BASE: "BaseRoomPolicy",
    0x28: "StatusNotificationPolicy", LINK_POLICY: "JoinLinkPolicy", LINKS: "JoinLinks",
    0x2B: "LinkPreviewPolicy", ASSETS: "AssetPolicy", 0x2D: "LoggingPolicy",
    HISTORY: "HistoryPolicy", 0x2F: "BotPolicy", 0x30: "MessageExpiration",
}
# Without these there is no room.
NEEDED = (LIST, ROLES, BASE)
OUTSIDE, BANNED = 0, 1


def decode(name, octets):
    try:
        return tls.STRUCTURES[name].whole(octets)
    except Refused:
        raise Refused("malformed") from None


def is_person(user):
    """Whether an entry is a user, and not a provider."""
    return "/" in user.removeprefix("mimi://")


def domain(uri):
    return uri.removeprefix("mimi://").partition("/")[0]


class Room:
    """The components of a room, which fit together."""

    def __init__(self, components):
        demand(all(number in components for number in NEEDED), "missing")
        self.octets = components
        self.data = {
            number: decode(COMPONENTS[number], octets)
            for number, octets in components.items() if number in COMPONENTS
        }
        self.users = {one["user"]: one["role"] for one in self.data[LIST]["participants"]}
        self.roles = {role["role_index"]: role for role in self.data[ROLES]["roles"]}
        self.base = self.data[BASE]
        self.parent = (self.base["parent_room"] or [None])[0]
        self.check()

    def check(self):
        for role in self.users.values():
            demand(role != OUTSIDE and role in self.roles, "no_such_role")
        adds = presets.NUMBERS["AddParticipant"]
        for index, role in self.roles.items():
            may_add = index != OUTSIDE and not self.is_banned_role(index) and (
                adds in role["role_capabilities"])
            demand(not (self.base["fixed_membership"] and may_add), "fixed_membership_adds")
        room = self.data.get(METADATA, {}).get("room_uri")
        if self.parent and room:
            demand(self.parent != room, "own_parent")
            demand(domain(self.parent) == domain(room), "parent_elsewhere")
        for index in self.data.get(HISTORY, {}).get("roles_that_can_share", []):
            role = self.roles.get(index)
            demand(
                not role or role["maximum_active_participants_constraint"] != 0, "history_role")
        links = self.data.get(LINKS, {}).get("join_links", [])
        if self.data.get(LINK_POLICY, {}).get("on_request"):
            demand(len(links) <= 1, "too_many_join_links")
        assets = self.data.get(ASSETS)
        if room and assets and assets["asset_upload_location"] == policies.AT_THE_HUB:
            for provider in assets["upload_domains"]:
                demand(provider["provider"] == domain(room), "assets_elsewhere")
        most = self.base["max_users"]
        count = sum(map(self.is_welcome, self.users))
        demand(most is None or count <= most, "max_users")

    def is_banned_role(self, index):
        return index == BANNED and self.roles.get(BANNED, {}).get("role_name") == "banned"

    def is_welcome(self, user):
        return user in self.users and not self.is_banned_role(self.users[user])

    def people(self):
        return {user for user in self.users if self.is_welcome(user) and is_person(user)}

    def updated(self, updates):
        """The room after the updates of a commit, each `(actor, id, octets)`."""
        components, moves = dict(self.octets), []
        for number in {number for _, number, _ in updates}:
            mine = [(who, octets) for who, other, octets in updates if other == number]
            demand(number in COMPONENTS, "not_changeable")
            if any(octets is None for _, octets in mine):
                demand(len(mine) == 1, "removed_twice")
                demand(number in components, "removed_absent")
                demand(number not in (*NEEDED, METADATA), "not_removable")
                del components[number]
            elif number == LIST:
                moves = self.moves(mine)
                after = participants.moved(self.data[LIST]["participants"], moves)
                components[LIST] = tls.STRUCTURES["ParticipantList"].make({"participants": after})
            elif number == LINKS:
                before = self.data.get(LINKS, {"join_links": []})["join_links"]
                changes = [decode("JoinLinksUpdate", octets) for _, octets in mine]
                after = policies.updated_links(before, changes)
                components[LINKS] = tls.STRUCTURES["JoinLinks"].make({"join_links": after})
            else:
                found = [decode(COMPONENTS[number], octets) for _, octets in mine]
                if number == METADATA:
                    demand(len(mine) == 1, "metadata_twice")
                    now = self.data.get(METADATA, {}).get("room_uri")
                    demand(now == found[0]["room_uri"], "room_uri_changed")
                components[number] = mine[-1][1]
        changed = {number for _, number, _ in updates}
        demand(not (moves and ROLES in changed), "roles_with_participants")
        grows = any(move["to"] != OUTSIDE for move in moves)
        demand(not (grows and PREAUTH in changed), "preauth_with_participants")
        return Room(components), moves

    def moves(self, updates):
        """What updates of the participant list do, user by user."""
        moves = []
        for who, octets in updates:
            update = decode("ParticipantListUpdate", octets)
            for move in participants.moves(self.data[LIST]["participants"], update, self.roles):
                moves.append({**move, "by": who, "octets": octets})
        participants.check(self.users, moves)
        return moves

    def preauthorized(self, claims):
        """The roles of the entries that match, in order."""
        for entry in self.data.get(PREAUTH, {"entries": []})["entries"]:
            role = self.roles.get(entry["target_role"]["role_index"])
            if entry["claimset"] and role == entry["target_role"] and all(
                    claim in claims for claim in entry["claimset"]):
                yield role


def read_components(given):
    return {int(number): bytes.fromhex(data) for number, data in given.items()}


def read_room(given):
    components = read_components(given["components"])
    if given["preset"] is not None:
        preset = presets.octets({"preset": given["preset"]})
        components[ROLES] = bytes.fromhex(preset["roles_list"])
    return Room(components)
