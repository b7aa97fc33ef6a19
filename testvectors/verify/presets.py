"""The preset rooms: the role examples of POLICY, and one for direct messages.

Written from the appendix "Role examples". What departs from it is marked, and
is told of in the documentation of the crate.
"""

import tls

# "New MIMI Role Capabilities registry": blocks of consecutive numbers.
REGISTRY = {
    0x0000: """AddParticipant RemoveParticipant AddOwnClient RemoveOwnClient OpenJoin
        JoinIfPreauthorized RemoveSelf CreateJoinCode DeleteJoinCode UseJoinCode Ban Unban Kick
        Knock AcceptKnock ChangeUserRole ChangeOwnRole CreateSubgroup""",
    0x0100: """SendMessage ReceiveMessage CopyMessage ReportAbuse ReplyToMessage ReactToMessage
        EditReaction DeleteOwnReaction DeleteOtherReaction EditOwnMessage DeleteOwnMessage
        DeleteOtherMessage StartTopic ReplyInTopic EditOwnTopic EditOtherTopic SendDirectMessage
        TargetMessage""",
    0x0200: """UploadImage UploadAudio UploadVideo UploadAttachment DownloadImage DownloadAudio
        DownloadVideo DownloadAttachment SendLink SendLinkPreview FollowLink CopyLink""",
    0x0300: """ChangeRoomName ChangeRoomDescription ChangeRoomAvatar ChangeRoomSubject
        ChangeRoomMood""",
    0x0380: "ChangeOwnName ChangeOwnPresence ChangeOwnMood ChangeOwnAvatar",
    0x0400: """StartCall JoinCall SendAudio ReceiveAudio SendVideo ReceiveVideo ShareScreen
        ViewSharedScreen""",
    0x0500: """CreateRoom DestroyRoom ChangeRoomMembershipStyle ChangeRoleDefinitions
        ChangePreauthorizedUserList ChangeOtherPolicyAttribute""",
    0x0600: """ChangeMlsOperationalPolicies SendMLSReinitProposal SendMLSUpdateProposal
        SendMLSPSKProposal SendMLSExternalProposal SendMLSExternalCommit""",
}
NUMBERS = {
    name: start + index
    for start, names in REGISTRY.items()
    for index, name in enumerate(names.split())
}

UPLOADS = " UploadImage UploadVideo UploadAudio UploadAttachment"
VIEWS = " DownloadImage DownloadVideo DownloadAudio"
LINKS = " SendLink SendLinkPreview FollowLink CopyLink"
ROOM = " ChangeRoomName ChangeRoomAvatar ChangeRoomSubject ChangeRoomMood"


def role(index, name, capabilities="", changes=None, **constraints):
    """A role; constraints are 0 or absent unless they are given."""
    changes = changes or {}
    return {
        "role_index": index,
        "role_name": name,
        "role_description": "",
        "role_capabilities": [NUMBERS[name] for name in capabilities.split()],
        "minimum_participants_constraint": constraints.get("least", 0),
        "maximum_participants_constraint": constraints.get("most"),
        "minimum_active_participants_constraint": constraints.get("least_active", 0),
        "maximum_active_participants_constraint": constraints.get("most_active"),
        "authorized_role_changes": [
            {"from": source, "to": targets} for source, targets in changes.items()],
    }


def no_role(capabilities="", changes=None, most_active=0):
    return role(0, "no_role", capabilities, changes, most_active=most_active)


BANNED = role(1, "banned", most_active=0)


def enforcer(index, changes):
    capabilities = """RemoveParticipant ChangeUserRole Ban Unban ChangeRoleDefinitions
        ChangePreauthorizedUserList ChangeMlsOperationalPolicies DestroyRoom
        SendMLSReinitProposal"""
    # Ours: whoever enforces can remove clients that are lost.
    capabilities += " Kick"
    return role(
        index, "policy_enforcer", capabilities, changes, least=1, most=2, most_active=0)


# "Cooperatively administered room". Of the draft's capabilities canRevokeVoice
# and canGrantVoice are in no registry, and not here.
USER = """AddParticipant RemoveParticipant AddOwnClient RemoveOwnClient RemoveSelf SendMessage
    ReceiveMessage CopyMessage ReportAbuse ReplyToMessage ReactToMessage DeleteOwnReaction
    EditOwnMessage DeleteOwnMessage StartTopic ReplyInTopic EditOwnTopic""" + UPLOADS + VIEWS + (
    " DownloadAttachment") + LINKS + ROOM + (
    " ChangeOwnName ChangeOwnPresence ChangeOwnMood ChangeOwnAvatar")
ADMIN = USER + """ Ban Unban Kick ChangeUserRole DeleteOtherMessage EditOtherTopic
    ChangeRoomDescription"""
SUPER = ADMIN + " ChangeRoomMembershipStyle ChangePreauthorizedUserList DestroyRoom"
USER_CHANGES = {0: [2], 2: [0]}
ADMIN_CHANGES = {0: [1, 2, 3], 1: [0, 2, 3], 2: [0, 1, 3], 3: [0, 1, 2]}
SUPER_CHANGES = {
    0: [1, 2, 3, 4], 1: [0, 2, 3, 4], 2: [0, 1, 3, 4], 3: [0, 1, 2, 4], 4: [0, 1, 2, 3]}
ENFORCER_CHANGES = {0: [1], 1: [0], 2: [0, 1], 3: [0, 1], 4: [0, 1]}
COOPERATIVE = [
    no_role(),
    BANNED,
    role(2, "ordinary_user", USER, USER_CHANGES),
    role(3, "group_admin", ADMIN, ADMIN_CHANGES, least=1),
    role(4, "super_admin", SUPER, SUPER_CHANGES),
    enforcer(5, ENFORCER_CHANGES),
]

# "Strictly administered room".
USER = """AddOwnClient JoinIfPreauthorized RemoveOwnClient RemoveSelf ChangeOwnRole SendMessage
    ReceiveMessage CopyMessage ReportAbuse ReactToMessage DeleteOwnReaction EditOwnMessage
    DeleteOwnMessage StartTopic ReplyInTopic""" + UPLOADS + VIEWS + " DownloadAttachment" + (
    LINKS + " ChangeOwnName ChangeOwnPresence ChangeOwnMood ChangeOwnAvatar")
ADMIN = USER + """ AddParticipant RemoveParticipant Ban Unban Kick ChangeUserRole CreateJoinCode
    DeleteJoinCode DeleteOtherReaction DeleteOtherMessage EditOwnTopic EditOtherTopic
    ChangeRoomDescription""" + ROOM
DISRUPTIVE = """ ChangeRoomMembershipStyle ChangeRoleDefinitions ChangePreauthorizedUserList
    DestroyRoom SendMLSReinitProposal"""
STRICT = [
    no_role("UseJoinCode", {0: [2]}),
    BANNED,
    role(2, "ordinary_user", USER, USER_CHANGES),
    role(3, "group_admin", ADMIN, ADMIN_CHANGES, least=1),
    role(4, "super_admin", ADMIN + DISRUPTIVE, SUPER_CHANGES),
    enforcer(5, ENFORCER_CHANGES),
]

# "Moderated room". The draft's speaker includes the speaker, and the moderator
# an ordinary user that there is not: the attendee and the speaker are meant.
GUEST = """RemoveSelf ReceiveMessage CopyMessage ReactToMessage DeleteOwnReaction FollowLink
    CopyLink""" + VIEWS
ATTENDEE = GUEST + """ AddOwnClient JoinIfPreauthorized RemoveOwnClient ChangeOwnRole ReportAbuse
    ReplyInTopic DownloadAttachment ChangeOwnName ChangeOwnPresence ChangeOwnAvatar"""
SPEAKER = ATTENDEE + " SendMessage EditOwnMessage DeleteOwnMessage StartTopic" + UPLOADS + (
    " SendLink SendLinkPreview")
MODERATOR = SPEAKER + """ AddParticipant RemoveParticipant Ban Unban Kick ChangeUserRole
    CreateJoinCode DeleteJoinCode DeleteOtherReaction DeleteOtherMessage EditOwnTopic
    EditOtherTopic""" + ROOM
MODERATED = [
    no_role("UseJoinCode", {0: [2, 3]}, most_active=None),
    BANNED,
    role(2, "guest", GUEST, {0: [2], 2: [0]}),
    role(3, "attendee", ATTENDEE, {0: [3], 3: [0]}),
    role(4, "speaker", SPEAKER, {0: [4], 4: [0]}),
    role(5, "moderator", MODERATOR, {
        0: [1, 2, 3, 4, 5], 1: [0, 2, 3, 4, 5], 2: [0, 1, 3, 4, 5], 3: [0, 1, 2, 4, 5],
        4: [0, 1, 2, 3, 5], 5: [0, 1, 2, 3, 4],
    }, least=1),
    role(6, "super_admin", MODERATOR + " ChangeRoomDescription" + DISRUPTIVE, {
        0: [1, 2, 3, 4, 5, 6], 1: [0, 2, 3, 4, 5, 6], 2: [0, 1, 3, 4, 5, 6],
        3: [0, 1, 2, 4, 5, 6], 4: [0, 1, 2, 3, 5, 6], 5: [0, 1, 2, 3, 4, 6],
        6: [0, 1, 2, 3, 4, 5],
    }),
    enforcer(7, {
        0: [1], 1: [0], 2: [0, 1], 3: [0, 1], 4: [0, 1], 5: [0, 1], 6: [0, 1],
    }),
]

# "Multi-organization administered room".
USER = """RemoveSelf AddOwnClient RemoveOwnClient SendMessage ReceiveMessage CopyMessage
    ReportAbuse ReplyInTopic ReactToMessage DeleteOwnReaction EditOwnMessage""" + LINKS + (
    VIEWS + " DownloadAttachment ChangeOwnName ChangeOwnPresence ChangeOwnAvatar")
HOST = " ChangeOwnRole JoinIfPreauthorized"
ADMIN = USER + " DeleteOwnMessage StartTopic" + UPLOADS + (
    " AddParticipant RemoveParticipant Ban Kick ChangeUserRole")
SUPER = ADMIN + HOST + """ Unban DeleteOtherReaction DeleteOtherMessage EditOwnTopic
    EditOtherTopic ChangeRoomDescription""" + ROOM + DISRUPTIVE
FEW = {"least": 1, "most": 3, "least_active": 1}
MULTI_ORGANIZATION = [
    no_role(),
    BANNED,
    role(2, "org_a_user", USER + HOST, {0: [2], 2: [0]}),
    role(3, "org_b_user", USER, {0: [3], 3: [0]}),
    role(4, "org_c_user", USER, {0: [4], 4: [0]}),
    role(5, "org_a_admin", ADMIN + HOST, {0: [2, 5], 2: [0, 1, 5], 5: [0, 1, 2]}),
    role(6, "org_b_admin", ADMIN, {0: [3, 6], 3: [0, 1, 6], 6: [0, 1, 3]}, **FEW),
    role(7, "org_c_admin", ADMIN, {0: [4, 7], 4: [0, 1, 7], 7: [0, 1, 4]}, **FEW),
    role(8, "super_admin", SUPER, {
        0: [1, 2, 3, 4, 5, 6, 7, 8], 1: [0, 2, 3, 4, 5, 6, 7, 8], 2: [0, 1, 5, 8],
        3: [0, 1, 6], 4: [0, 1, 7], 5: [0, 1, 2, 8], 6: [0, 1, 3], 7: [0, 1, 4],
        8: [0, 1, 2, 5],
    }, least=1, least_active=1),
    enforcer(9, {
        0: [1], 1: [0], 3: [0, 1], 4: [0, 1], 5: [0, 1], 6: [0, 1], 7: [0, 1], 8: [0, 1],
    }),
]

# Not in the draft: a room of fixed membership, whose participants are alike.
DIRECT_MESSAGE = [
    no_role(),
    role(2, "participant", """AddOwnClient RemoveOwnClient SendMessage ReceiveMessage CopyMessage
        ReportAbuse ReplyToMessage ReactToMessage EditReaction DeleteOwnReaction EditOwnMessage
        DeleteOwnMessage StartTopic ReplyInTopic EditOwnTopic""" + UPLOADS + VIEWS + (
        " DownloadAttachment") + LINKS + ROOM + (
        " ChangeOwnName ChangeOwnPresence ChangeOwnMood ChangeOwnAvatar")),
    role(
        3, "policy_enforcer",
        "Kick ChangeMlsOperationalPolicies DestroyRoom SendMLSReinitProposal",
        most=2, most_active=0),
]

PRESETS = {
    "cooperative": COOPERATIVE,
    "strict": STRICT,
    "moderated": MODERATED,
    "multi_organization": MULTI_ORGANIZATION,
    "direct_message": DIRECT_MESSAGE,
}
ROLES_LIST = 0x0025
BASE = {
    "direct_message": {
        "fixed_membership": True, "parent_dependant": False, "parent_room": [],
        "multi_device": True, "max_clients": None, "max_users": None,
        "pseudonyms_allowed": False, "persistent_room": False, "discoverable": False,
        "policy_component_ids": [ROLES_LIST],
    },
}


def octets(given):
    """The components of a preset, encoded and as fields."""
    name = given["preset"]
    roles = {"roles": PRESETS[name]}
    base = BASE.get(name)
    kind = tls.STRUCTURES["RoleList"]
    octets = kind.make(roles)
    if kind.whole(octets) != roles:
        raise AssertionError("no valid list of roles")
    base = base and tls.STRUCTURES["BaseRoomPolicy"].make(base).hex()
    return {"roles_list": octets.hex(), **roles, "base_room_policy": base}
