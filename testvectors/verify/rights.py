"""Who may do what: POLICY, "Role Capabilities" and what it refers to.

Rules have the names of README.md, but they are looked at in an order of their
own, so that an attempt that breaks several may be refused by another.
"""

import bounds
import presets
from refusal import demand
from rooms import (
    BASE, LINKS, LIST, METADATA, OPERATIONAL, OUTSIDE, PREAUTH, ROLES, Room, decode,
    read_components, read_room,
)


def has(role, *names):
    return any(presets.NUMBERS[name] in role["role_capabilities"] for name in names)


def leads(role, source, target):
    return any(
        change["from"] == source and target in change["to"]
        for change in role["authorized_role_changes"])


def key(actor):
    return actor["kind"], actor["uri"]


class Attempt:
    """What is attempted in a room, with the room afterwards."""

    def __init__(self, given):
        self.before = read_room(given)
        self.hub, self.committer = given["hub"], given["committer"]
        self.clients = {int(leaf): user for leaf, user in given["clients"].items()}
        self.deeds = [
            (bundle["actor"], change)
            for bundle in given["bundles"] for change in bundle["changes"]]
        self.updates = [
            (key(actor), change["id"],
             bytes.fromhex(change["update"]) if change["change"] == "update" else None)
            for actor, change in self.deeds if change["change"] in ("update", "remove")]
        self.after, self.moves = self.before.updated(self.updates)
        self.parent = None
        if self.hub and self.hub["parent"]:
            self.parent = Room(read_components(self.hub["parent"]))
        self.rests = {"join_code": False, "parent_room": False, "twin_room": False}

    def judge(self):
        for actor, change in self.deeds:
            self.comes_by_an_open_way(actor)
            self.may(actor, change)
        for actor in {key(actor): actor for actor, _ in self.deeds}.values():
            if self.is_joining(actor):
                self.may_join(actor)
        self.may_commit()
        bounds.hold(self)
        changed = {number for _, number, _ in self.updates}
        octets = self.after.octets
        return {
            "participants": self.after.data[LIST]["participants"],
            "changed": {
                str(number): octets[number].hex() if number in octets else None
                for number in changed},
            "rests_on_hub": self.rests,
        }

    # Clients.

    def clients_after(self):
        """Whose clients there are afterwards; one that goes twice goes once."""
        gone = {change["leaf"] for _, change in self.deeds if change["change"] == "remove_client"}
        kept = [user for leaf, user in self.clients.items() if leaf not in gone]
        return kept + [
            change["user"] for _, change in self.deeds if change["change"] == "add_client"]

    # Who acts.

    def is_joining(self, actor):
        return actor["kind"] == "joiner" and actor["uri"] not in self.before.users

    def role(self, actor):
        room, user = self.before, actor["uri"]
        if user in room.users:
            return room.roles[room.users[user]]
        if actor["kind"] == "external":
            return next(room.preauthorized(actor.get("claims", [])), None)
        return None

    def own_moves(self, actor):
        return [move for move in self.moves if move["by"] == key(actor)]

    def comes_by_an_open_way(self, actor):
        policy = self.before.data.get(OPERATIONAL)
        if policy is None or actor["kind"] == "participant":
            return
        commits = self.committer is not None and key(self.committer) == key(actor)
        if commits and actor["kind"] == "joiner":
            demand(policy["external_commit_allowed"], "external_commit")
        else:
            demand(policy["external_proposal_allowed"], "external_proposal")

    def may_commit(self):
        """PROTO, "Update Room State"."""
        if self.committer is None:
            return
        user, kind = self.committer["uri"], self.committer["kind"]
        was, stays = self.before.is_welcome(user), self.after.is_welcome(user)
        if kind == "joiner":
            demand(stays and (was or user not in self.before.users), "committer")
            demand(any(
                key(actor) == key(self.committer) and change["change"] == "add_client"
                and change["user"] == user for actor, change in self.deeds), "does_not_join")
        else:
            demand(kind == "participant" and was and stays, "committer")

    # Rights: POLICY, "Role Capabilities".

    def may(self, actor, change):
        kind = change["change"]
        if kind == "remove_client":
            demand(self.clients.get(change["leaf"]) == change["user"], "wrong_client")
        if kind in ("add_client", "update_client"):
            bounds.leaf(self.after.data.get(OPERATIONAL), change)
        if self.is_joining(actor):
            return
        role = self.role(actor)
        demand(role is not None, "no_role")
        own = change.get("user") == actor["uri"]
        is_banned = actor["kind"] != "external" and self.before.is_banned_role(role["role_index"])
        if actor["kind"] == "joiner":
            comes = kind == "psk" or (kind in ("add_client", "remove_client") and own)
            demand(comes, "only_join")
        demand(not is_banned or (kind == "remove_client" and own), "banned")
        if kind == "add_client":
            self.may_add_client(actor, role, change["user"])
        elif kind == "remove_client":
            self.may_remove_client(actor, role, change["user"])
        elif kind in ("update", "remove"):
            self.may_change(actor, role, change)
        elif kind == "psk":
            demand(has(role, "SendMLSPSKProposal"), "lacks")
        elif kind == "reinit":
            demand(has(role, "SendMLSReinitProposal"), "lacks")
        elif kind == "group_context_extensions":
            demand(change["prescribed"], "not_prescribed")
        else:
            demand(kind == "update_client", "unknown_proposal")

    def may_add_client(self, actor, role, user):
        if user == actor["uri"]:
            demand(user in self.before.users, "stranger")
            demand(has(role, "AddOwnClient"), "lacks")
        else:
            added = [m["user"] for m in self.own_moves(actor) if m["from"] == OUTSIDE]
            demand(user in added, "not_your_client")

    def may_remove_client(self, actor, role, user):
        if user == actor["uri"]:
            goes = not self.after.is_welcome(user)
            demand(goes or has(role, "RemoveOwnClient"), "lacks")
            return
        mine = [move["to"] for move in self.own_moves(actor) if move["user"] == user]
        removes = OUTSIDE in mine
        bans = any(map(self.before.is_banned_role, mine)) and has(role, "Ban")
        demand(removes or bans or has(role, "Kick"), "lacks")

    def may_change(self, actor, role, change):
        number, update = change["id"], change.get("update")
        if number == LIST:
            octets = bytes.fromhex(update)
            for move in self.own_moves(actor):
                if move["octets"] == octets:
                    self.may_move(actor, role, move)
        elif number == METADATA:
            now = self.before.data[METADATA]
            then = decode("RoomMetadata", bytes.fromhex(update))
            for field, capability in (
                ("room_name", "ChangeRoomName"), ("room_descriptions", "ChangeRoomDescription"),
                ("room_avatar", "ChangeRoomAvatar"), ("room_subject", "ChangeRoomSubject"),
                ("room_mood", "ChangeRoomMood"),
            ):
                demand(now[field] == then[field] or has(role, capability), "lacks")
        elif number == LINKS:
            links = update and decode("JoinLinksUpdate", bytes.fromhex(update))
            deletes, creates = True, False
            if links:
                deletes, creates = links["removedIndices"], links["added_links"]
            demand(not deletes or has(role, "DeleteJoinCode"), "lacks")
            demand(not creates or has(role, "CreateJoinCode"), "lacks")
        else:
            capability = {
                ROLES: "ChangeRoleDefinitions", PREAUTH: "ChangePreauthorizedUserList",
                BASE: "ChangeRoomMembershipStyle", OPERATIONAL: "ChangeMlsOperationalPolicies",
            }.get(number, "ChangeOtherPolicyAttribute")
            demand(has(role, capability), "lacks")

    def may_move(self, actor, role, move):
        room, source, target = self.before, move["from"], move["to"]
        own = move["user"] == actor["uri"]
        if source == OUTSIDE:
            demand(not own, "join_refused")
            bans = room.is_banned_role(target) and has(role, "Ban")
            demand(bans or has(role, "AddParticipant"), "lacks")
        elif target == OUTSIDE:
            demand(has(role, "RemoveSelf" if own else "RemoveParticipant"), "lacks")
        elif own:
            demand(has(role, "ChangeOwnRole"), "lacks")
            given = (given["role_index"] for given in room.preauthorized(actor.get("claims", [])))
            first = next((index for index in given if index != OUTSIDE), None)
            demand(first == target, "not_preauthorized")
            return
        else:
            special = [
                name for name, index in (("Ban", target), ("Unban", source))
                if room.is_banned_role(index)]
            demand(has(role, "ChangeUserRole", *special[:1]), "lacks")
        demand(leads(role, source, target), "role_move")

    def may_join(self, actor):
        """POLICY, "Adding": someone outside adds itself, and does nothing else."""
        room, user = self.before, actor["uri"]
        for who, change in self.deeds:
            if key(who) == key(actor):
                demand(
                    change.get("id") == LIST if change["change"] == "update"
                    else change["change"] == "add_client" and change["user"] == user, "only_join")
        moves = self.own_moves(actor)
        demand(all(m["user"] == user and m["from"] == OUTSIDE for m in moves), "only_join")
        demand(moves, "stranger")
        target, outside = moves[0]["to"], room.roles.get(OUTSIDE)
        reaches = outside is not None and leads(outside, OUTSIDE, target)
        if reaches and has(outside, "OpenJoin"):
            return
        role = next(room.preauthorized(actor.get("claims", [])), None)
        if role and role["role_index"] == target and has(role, "JoinIfPreauthorized"):
            return
        demand(reaches and has(outside, "UseJoinCode"), "join_refused")
        code = actor.get("join_code")
        demand(code == target or (code is None and not self.hub), "join_refused")
        self.rests["join_code"] |= not self.hub


def authorize(given):
    return Attempt(given).judge()


def begin(given):
    room, parent = read_room(given), given["hub"]["parent"]
    parent = Room(read_components(parent)) if parent else None
    bounds.begin(room, list(given["clients"].values()), given["hub"], parent)
    return {"participants": room.data[LIST]["participants"]}
