//! All sentences in one place, each of which must end with its clause.

use insta::assert_snapshot;
use mimi_content::MimiUri;
use mimi_content::component::ComponentId;
use mimi_content::tls::{DecodeError, Rule};

use super::*;
use crate::components::further::Further;
use crate::components::join_links::JoinLinksError;
use crate::envelope::Outside;
use crate::words::RoleLabel;

/// One value of each variant, in the order given. It does not compile if a
/// variant is missing.
macro_rules! every {
    ($type:ident: $($variant:ident $(($($item:tt)*))? $({$($field:tt)*})?,)*) => {{
        let _complete = |one: &$type| match one {
            $($type::$variant { .. } => {})*
        };
        vec![$($type::$variant $(($($item)*))? $({$($field)*})?,)*]
    }};
}

fn bob() -> MimiUri {
    MimiUri::parse("mimi://b.example/u/bob").unwrap()
}

fn role(index: u32, name: &str) -> RoleLabel {
    RoleLabel {
        index,
        name: name.to_owned(),
    }
}

fn user() -> RoleLabel {
    role(2, "ordinary_user")
}

fn admin() -> RoleLabel {
    role(4, "super_admin")
}

fn reasons() -> Vec<Reason> {
    let what = || "extension 0xf00d".to_owned();
    every![Reason:
        NoRole(bob()),
        Lacks { user: bob(), role: user(), capability: Capability::KICK },
        RoleMove {
            user: bob(),
            capability: Capability::REMOVE_PARTICIPANT,
            roles: Box::new(MoveRoles { actor: user(), from: admin(), to: role(0, "") }),
        },
        NotPreauthorized { user: bob(), role: admin() },
        JoinRefused { user: bob(), role: user() },
        OnlyJoin(bob()),
        NotYourClient(bob()),
        Stranger(bob()),
        KeepsClients { user: bob(), clients: 1 },
        WrongClient { leaf: 7, user: bob() },
        Minimum { role: admin(), active: false, min: 1, count: 0 },
        Maximum { role: user(), active: true, max: 2, count: 3 },
        SingleDevice { user: bob(), clients: 2 },
        MaxClients { max: 6, clients: 7 },
        MaxUsers { max: 4, users: 5 },
        FixedMembership(bob()),
        Banned(bob()),
        ExternalCommit(bob()),
        ExternalProposal(bob()),
        LeafUnknown(bob()),
        LeafLacks { user: bob(), what: what() },
        LeafSupports { user: bob(), what: what() },
        LeafLifetime { user: bob(), of: "KeyPackage", seconds: 20, max: 10 },
        HandshakeFormat(1),
        Epoch { sent: 7, now: 10, tolerance: 1 },
        OutsideEnvelope(Outside::Pseudonyms),
        TwinRoom,
        ParentUnknown,
        OtherParent(MimiUri::parse("mimi://a.example/r/other").unwrap()),
        NotInParent(bob()),
        NotSmallerThanParent { users: 3, parent: 3 },
        NotPrescribed,
        UnknownProposal(0xf00d),
        Committer(bob()),
        DoesNotJoin(bob()),
        Leaving(bob()),
        OtherDraft,
    ]
}

fn outsides() -> Vec<Outside> {
    every![Outside:
        Role(admin()),
        Participant { user: bob(), role: admin() },
        Capability { role: user(), capability: Capability::DESTROY_ROOM },
        MaxUsers(10),
        MaxClients(1),
        Pseudonyms,
        Persistent,
        Discoverable,
        Component(ComponentId::LOGGING_POLICY),
    ]
}

fn invalids() -> Vec<Invalid> {
    let preauth = ComponentId::PREAUTH_LIST;
    let error = DecodeError {
        offset: 3,
        rule: Rule::Utf8,
    };
    every![Invalid:
        Missing(ComponentId::ROLES_LIST),
        Malformed { component: ComponentId::BOT_POLICY, error },
        UnknownComponent(ComponentId(0xf00d)),
        NotChangeable(ComponentId::FRANKING_AGENT),
        RemovedAbsent(preauth),
        RemovedTwice(preauth),
        UpdatedAndRemoved(preauth),
        NotRemovable(ComponentId::ROLES_LIST),
        UserTwice(bob()),
        AlreadyParticipant(bob()),
        IndexPastEnd { index: 1, len: 1 },
        NoSuchRole { user: bob(), role: 9 },
        TooManyParticipants(10_001),
        TooManyUsers { max: 3, users: 4 },
        MetadataTwice,
        RoomUriChanged,
        RolesWithParticipants,
        PreauthWithParticipants,
        FixedMembershipAdds(user()),
        OwnParent,
        ParentElsewhere(MimiUri::parse("mimi://b.example/r/parent").unwrap()),
        HistoryRole(admin()),
        TooManyJoinLinks(2),
        JoinLinks(JoinLinksError::RemovedTwice(0)),
        AssetsElsewhere("b.example".to_owned()),
        TooLong(ComponentId::JOIN_LINKS),
    ]
}

fn join_links() -> Vec<JoinLinksError> {
    every![JoinLinksError:
        IndexPastEnd { index: 1, len: 1 },
        RemovedTwice(0),
        TooMany(1025),
    ]
}

/// Sentences with their clauses, one a line.
fn listed(sentences: impl Iterator<Item = (String, &'static str)>) -> String {
    let mut lines = Vec::new();
    for (sentence, clause) in sentences {
        let end = format!(" ({clause})");
        assert!(sentence.ends_with(&end), "{sentence}");
        assert_eq!(sentence.matches(clause).count(), 1, "{sentence}");
        lines.push(sentence);
    }
    lines.join("\n")
}

fn denied(reasons: impl IntoIterator<Item = Reason>) -> String {
    let denied = reasons.into_iter().map(Denied::from);
    listed(denied.map(|denied| (denied.to_string(), denied.clause())))
}

#[test]
fn whatever_is_not_allowed_is_said_with_its_clause() {
    assert_snapshot!(denied(reasons()), @r#"
    mimi://b.example/u/bob has no role in this room: someone in the room has to add it first (POLICY, "Role Capabilities")
    mimi://b.example/u/bob needs canKick for this, which role 2 (ordinary_user) lacks (POLICY, "Role Capabilities")
    mimi://b.example/u/bob has canRemoveParticipant, but role 2 (ordinary_user) does not let it remove a participant in role 4 (super_admin) (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob may only take the role that its credential preauthorises it for, which is not role 4 (super_admin): another participant with canChangeUserRole can move it (POLICY, "Role Changes")
    mimi://b.example/u/bob cannot join in role 2 (ordinary_user) by itself: the role is not open to everybody, its credential is not preauthorised for it, and it brought no valid join code for it; ask a participant with canAddParticipant, if there is one (POLICY, "Adding")
    mimi://b.example/u/bob comes from outside and can only join: the rest has to wait until it is in (POLICY, "Adding")
    clients of mimi://b.example/u/bob can only be added by itself, or by whoever adds it to the room (POLICY, "Adding")
    mimi://b.example/u/bob would have a client in the group without being a participant: add it to the participant list as well, or leave its client out (PROTO, "Update Room State")
    mimi://b.example/u/bob would keep 1 client although it is removed or banned: remove all its clients along with it (PROTO, "Update Room State")
    leaf 7 is not a client of mimi://b.example/u/bob (a fault of the host)
    role 4 (super_admin) must keep at least 1 participant and would have 0: move another participant to it first (POLICY, "Role-Based Access Control")
    role 2 (ordinary_user) can have at most 2 active participants and would have 3: choose another role, or make room in this one (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob would have 2 clients, and this room allows one per user: remove the others in the same commit (POLICY, "Base Room policy component syntax")
    the room would have 7 clients and allows 6: others have to be removed first (POLICY, "Base Room policy component syntax")
    not counting the banned, the room would have 5 users and allows 4: someone has to leave first (POLICY, "Base Room policy component syntax")
    mimi://b.example/u/bob cannot be added or removed, as the membership of this room is fixed: create another room for other participants (POLICY, "Base Room policy component syntax")
    mimi://b.example/u/bob is banned and can do nothing but remove its own clients: a participant with canUnban can lift the ban (PROTO, "Update Room State")
    mimi://b.example/u/bob cannot commit from outside, as this room allows no external commits: a client in the room has to add its client (POLICY, "Operational policy component")
    mimi://b.example/u/bob cannot propose from outside, as this room allows no external proposals: a client in the room has to do it (POLICY, "Operational policy component")
    nothing is known of what the client of mimi://b.example/u/bob supports, and this room makes demands (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob does not support extension 0xf00d, which this room demands: update the client, or use another (POLICY, "Operational policy component")
    the client of mimi://b.example/u/bob supports extension 0xf00d, which this room forbids: use another client (POLICY, "Operational policy component")
    the KeyPackage of the client of mimi://b.example/u/bob is valid for 20 seconds, and this room allows 10: it needs one that expires sooner (POLICY, "Operational policy component")
    this room does not take proposals and commits in wire format 0x0001: send one that its operational policy lists (POLICY, "Operational policy component")
    the message is of epoch 7, and the room is in 10 and accepts at most 1 epoch before that: send it in the epoch of the room (POLICY, "Operational policy component")
    the hub does not host rooms with pseudonyms (ARCH, "Policy")
    there is another room of fixed membership with exactly these participants: use that one (POLICY, "Base Room policy component syntax")
    this room depends on another, whose participants the hub did not look up (POLICY, "Base Room policy component syntax")
    the hub looked mimi://a.example/r/other up, which is not the room on which this one depends (POLICY, "Base Room policy component syntax")
    mimi://b.example/u/bob is not a participant of the parent room: add it there first (POLICY, "Base Room policy component syntax")
    this room would have 3 users and its parent has 3: it must have fewer (POLICY, "Base Room policy component syntax")
    GroupContext extensions may only change to what the hub prescribes (PROTO, "Authenticating proposals")
    no rule allows a proposal of type 0xf00d (POLICY, "Role Capabilities")
    mimi://b.example/u/bob cannot commit this: whoever commits has to be a participant, not banned, and to stay one (PROTO, "Update Room State")
    mimi://b.example/u/bob commits from outside, but none of its changes adds a client of its own (PROTO, "Claim group key information")
    mimi://b.example/u/bob is leaving or being removed, and may only remove its own clients (PROTO, "Update Room State")
    the draft was not resolved from this policy and exactly these changes (a fault of the host)
    "#);
}

#[test]
fn whatever_is_outside_of_an_envelope_is_said_with_its_clause() {
    let reasons = outsides().into_iter().map(Reason::OutsideEnvelope);
    assert_snapshot!(denied(reasons), @r#"
    role 4 (super_admin) must stay as the hub defines it (ARCH, "Policy")
    mimi://b.example/u/bob must stay in the room in role 4 (super_admin), as the hub demands (ARCH, "Policy")
    the hub does not let role 2 (ordinary_user) have canDestroyRoom (ARCH, "Policy")
    the hub hosts rooms only with a limit of at most 10 users (ARCH, "Policy")
    the hub hosts rooms only with a limit of at most 1 client (ARCH, "Policy")
    the hub does not host rooms with pseudonyms (ARCH, "Policy")
    the hub does not host persistent rooms (ARCH, "Policy")
    the hub does not host rooms that can be searched for (ARCH, "Policy")
    logging_policy must stay as the hub sets it (ARCH, "Policy")
    "#);
}

#[test]
fn whatever_is_invalid_is_said_with_its_clause() {
    let invalid = join_links().into_iter().map(Invalid::JoinLinks);
    let invalid = invalids().into_iter().chain(invalid);
    let sentences = invalid.map(|invalid| (invalid.to_string(), invalid.clause()));
    assert_snapshot!(listed(sentences), @r#"
    the room has no roles_list, which every room needs (PROTO, "Room state")
    bot_policy does not decode: at octet 3: a string is not valid UTF-8 (POLICY, "Chat bot policy component")
    component 0xf00d is not known here, so it cannot be changed (EXT, "Updating Application Data in the GroupContext")
    no capability lets anyone change franking_agent (POLICY, "Role Capabilities")
    preauth_list is removed but not there (EXT, "Updating Application Data in the GroupContext")
    preauth_list is removed twice (EXT, "Updating Application Data in the GroupContext")
    preauth_list is both updated and removed: do one of them (EXT, "Updating Application Data in the GroupContext")
    roles_list can be changed, but not removed from a room (PROTO, "Room state")
    mimi://b.example/u/bob is changed more than once in one commit: leave the rest to a later one (PROTO, "Participant List")
    mimi://b.example/u/bob is added but already a participant: change its role instead (PROTO, "Participant List")
    index 1 is past the end of the list of 1 participant (PROTO, "Participant List")
    mimi://b.example/u/bob cannot have role 9, which is not defined in this room: choose another (POLICY, "Role-Based Access Control")
    the room would have 10001 participants, and 10000 is the most (a limit of this implementation)
    not counting the banned, the room has 4 users, and max_users is 3 (POLICY, "Base Room policy component syntax")
    the room metadata is updated twice in one commit: put all of it into one update (PROTO, "Room Metadata")
    room_uri never changes, and metadata cannot be added later (PROTO, "Room Metadata")
    role definitions cannot change in the same commit as participants: make two commits (POLICY, "Role-Based Access Control")
    the preauthorisation list can change in the same commit as participants only if these are removed: make two commits (POLICY, "Preauthorized Users")
    role 2 (ordinary_user) has canAddParticipant, which no role may have in a room of fixed membership (POLICY, "Base Room policy component syntax")
    the room is its own parent (POLICY, "Base Room policy component syntax")
    the parent room mimi://b.example/r/parent is not on the hub of this room (POLICY, "Base Room policy component syntax")
    role 4 (super_admin) may share history, but its participants can have no clients to do it with (POLICY, "Chat history policy component")
    the room has 2 join links, and its policy allows one (POLICY, "Join Link policies component")
    join link 0 is removed twice (POLICY, "Join Link policies component")
    assets are uploaded to the hub, and b.example is not the hub of this room (POLICY, "Asset policies component")
    join_links is too long to encode (RFC 9420 §2.1.2)
    index 1 is past the end of the list of 1 join link (POLICY, "Join Link policies component")
    join link 0 is removed twice (POLICY, "Join Link policies component")
    the room would have 1025 join links, and 1024 is the most (a limit of this implementation)
    "#);
}

#[test]
fn a_move_between_roles_is_said_in_words() {
    let (nobody, banned) = (|| role(0, "nobody"), || role(1, "banned"));
    let moves = [
        (Capability::ADD_PARTICIPANT, nobody(), admin()),
        (Capability::REMOVE_PARTICIPANT, user(), nobody()),
        (Capability::REMOVE_SELF, user(), nobody()),
        (Capability::BAN, admin(), banned()),
        (Capability::BAN, nobody(), banned()),
        (Capability::ADD_PARTICIPANT, nobody(), banned()),
        (Capability::UNBAN, banned(), user()),
        (Capability::CHANGE_USER_ROLE, user(), admin()),
    ];
    let reasons = moves.map(|(capability, from, to)| Reason::RoleMove {
        user: bob(),
        capability,
        roles: Box::new(MoveRoles {
            actor: user(),
            from,
            to,
        }),
    });
    let sentences = denied(reasons);
    assert!(!sentences.contains("role 0"), "{sentences}");
    assert_snapshot!(sentences, @r#"
    mimi://b.example/u/bob has canAddParticipant, but role 2 (ordinary_user) does not let it add someone in role 4 (super_admin) (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canRemoveParticipant, but role 2 (ordinary_user) does not let it remove a participant in role 2 (ordinary_user) (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canRemoveSelf, but role 2 (ordinary_user) does not let it leave the room (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canBan, but role 2 (ordinary_user) does not let it ban a participant in role 4 (super_admin) (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canBan, but role 2 (ordinary_user) does not let it ban someone who is not in the room (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canAddParticipant, but role 2 (ordinary_user) does not let it add someone in role 1 (banned) (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canUnban, but role 2 (ordinary_user) does not let it lift a ban and move its user to role 2 (ordinary_user) (POLICY, "Role-Based Access Control")
    mimi://b.example/u/bob has canChangeUserRole, but role 2 (ordinary_user) does not let it move a participant from role 2 (ordinary_user) to role 4 (super_admin) (POLICY, "Role-Based Access Control")
    "#);
}

#[test]
fn a_constraint_on_active_participants_says_so() {
    let (role, active) = (admin(), true);
    let (min, count) = (2, 1);
    assert_snapshot!(denied([Reason::Minimum { role, active, min, count }]), @r#"role 4 (super_admin) must keep at least 2 active participants and would have 1: let another of them add a client first (POLICY, "Role-Based Access Control")"#);
    let (role, active) = (user(), false);
    let (max, count) = (1, 2);
    assert_snapshot!(denied([Reason::Maximum { role, active, max, count }]), @r#"role 2 (ordinary_user) can have at most 1 participant and would have 2: choose another role, or make room in this one (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn the_role_of_those_outside_has_no_number_in_a_sentence() {
    let (user, role) = (bob(), 0);
    let sentence = Invalid::NoSuchRole { user, role }.to_string();
    assert_snapshot!(sentence, @r#"mimi://b.example/u/bob cannot have the role of those who are not in the room: remove it instead (POLICY, "Role-Based Access Control")"#);
}

#[test]
fn each_component_that_can_be_malformed_has_a_clause_of_its_own() {
    let known = (0..=u16::MAX).map(ComponentId);
    let own = known.filter(|id| clause::of_component(*id) != clause::APP_DATA);
    let read = (0..=u16::MAX).map(ComponentId).filter(|id| {
        let required = [
            ComponentId::PARTICIPANT_LIST,
            ComponentId::ROOM_METADATA,
            ComponentId::ROLES_LIST,
            ComponentId::PREAUTH_LIST,
            ComponentId::BASE_ROOM_POLICY,
        ];
        Further::has(*id) || required.contains(id)
    });
    assert!(own.eq(read));
}

/// A result with a denial is moved for each change that is judged.
#[cfg(target_pointer_width = "64")]
#[test]
fn a_denial_takes_eleven_words() {
    assert!(size_of::<Denied>() <= 88, "{}", size_of::<Denied>());
    assert!(size_of::<Reason>() <= 56, "{}", size_of::<Reason>());
}
