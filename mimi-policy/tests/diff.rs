//! What people are told of a change before they agree to it.

// A test that fails by a panic says where; its arithmetic is on small numbers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod common;
use common::*;
use insta::assert_snapshot;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::media::MediaType;
use mimi_content::tls::Encode;
use mimi_policy::*;
use proptest::prelude::*;
use proptest::sample::Index;

/// A room by its components.
#[derive(Clone)]
struct Side(ComponentMap);

/// Alice, Bob and the hub.
fn side() -> Side {
    let mut room = room();
    room.users.remove(2);
    let mut components = room.components();
    components.remove(ComponentId::STATUS_NOTIFICATION_POLICY);
    Side(components)
}

impl Side {
    fn with(mut self, id: ComponentId, value: &impl Encode) -> Self {
        self.0.insert(id, octets(value));
        self
    }

    fn with_users(self, users: &[(MimiUriText, u32)]) -> Self {
        let users = users.iter().map(|(user, role)| Participant {
            user: uri(user),
            role: *role,
        });
        let list = ParticipantList::new(users.collect()).unwrap();
        self.with(ComponentId::PARTICIPANT_LIST, &list)
    }

    fn with_roles(self, change: impl FnOnce(&mut Vec<Role>)) -> Self {
        let mut roles: Vec<_> = presets::cooperative().iter().cloned().collect();
        change(&mut roles);
        self.with(ComponentId::ROLES_LIST, &RoleList::new(roles).unwrap())
    }

    fn policy(&self) -> RoomPolicy {
        RoomPolicy::from_components(&self.0).unwrap()
    }

    /// What changes if this becomes `after`, a line each.
    fn to(&self, after: &Side) -> String {
        let lines = diff(&self.policy(), &after.policy());
        let lines: Vec<_> = lines.iter().map(Difference::to_string).collect();
        lines.join("\n")
    }

    /// What changes when `value` comes into the room.
    fn gaining(&self, id: ComponentId, value: &impl Encode) -> String {
        self.to(&self.clone().with(id, value))
    }
}

type MimiUriText = &'static str;

const ALICE: MimiUriText = "mimi://a.example/u/alice";
const BOB: MimiUriText = "mimi://b.example/u/bob";
const CATHY: MimiUriText = "mimi://c.example/u/cathy";
const HUB: MimiUriText = "mimi://a.example";

#[test]
fn nothing_changes_if_nothing_does() {
    assert_eq!(diff(&side().policy(), &side().policy()), []);
}

#[test]
fn what_others_can_do_with_ones_messages_comes_first() {
    let logging = LoggingPolicy::Required(LoggingDetails {
        clients: vec![Uri::parse("mimi://a.example/d/log/1").unwrap()],
        ..LoggingDetails::default()
    });
    let base = BaseRoomPolicy {
        pseudonyms_allowed: true,
        discoverable: true,
        ..BaseRoomPolicy::default()
    };
    let history = HistoryPolicy::Optional(HistoryDetails {
        roles: vec![GROUP_ADMIN],
        automatic: true,
        max_period: 86_400,
    });
    let bots = BotPolicy {
        allowed_bots: vec![bot("Dealer")],
    };
    let named = RoomMetadata {
        name: "Poker".to_owned(),
        ..metadata()
    };
    let after = side()
        .with(ComponentId::ROOM_METADATA, &named)
        .with(ComponentId::BASE_ROOM_POLICY, &base)
        .with(ComponentId::BOT_POLICY, &bots)
        .with(ComponentId::CHAT_HISTORY_POLICY, &history)
        .with(ComponentId::LOGGING_POLICY, &logging)
        .with_users(&[
            (ALICE, SUPER_ADMIN),
            (BOB, GROUP_ADMIN),
            (HUB, POLICY_ENFORCER),
        ]);
    assert_snapshot!(side().to(&after), @r#"
    logging of messages is now required (before: not regulated)
    the list of those who log messages now includes mimi://a.example/d/log/1
    sharing history with new participants is now optional (before: not regulated)
    the list of roles that can share history now includes role 3 (group_admin)
    sharing history without asking is now allowed (before: not regulated)
    the time that shared history goes back is now 86400 seconds (before: none)
    the bot "Dealer" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer" (before: not allowed)
    the use of pseudonyms is now allowed (before: not allowed)
    finding this room by a search is now possible (before: not possible)
    mimi://b.example/u/bob moves from role 2 (ordinary_user) to role 3 (group_admin)
    the name of the room is now "Poker" (before: "Clubhouse")
    "#);
    assert_snapshot!(after.to(&side()), @r#"
    logging of messages is now not regulated (before: required)
    the list of those who log messages no longer includes mimi://a.example/d/log/1
    sharing history with new participants is now not regulated (before: optional)
    the list of roles that can share history no longer includes role 3 (group_admin)
    sharing history without asking is now not regulated (before: allowed)
    the time that shared history goes back is now none (before: 86400 seconds)
    the bot "Dealer" is now not allowed (before: allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer")
    the use of pseudonyms is now not allowed (before: allowed)
    finding this room by a search is now not possible (before: possible)
    mimi://b.example/u/bob moves from role 3 (group_admin) to role 2 (ordinary_user)
    the name of the room is now "Clubhouse" (before: "Poker")
    "#);
    let lines = diff(&side().policy(), &after.policy());
    assert_eq!(lines[0].component(), ComponentId::LOGGING_POLICY);
    assert_eq!(
        lines.last().unwrap().component(),
        ComponentId::ROOM_METADATA
    );
}

#[test]
fn participants_come_and_go_and_move() {
    let after = side().with_users(&[
        (ALICE, GROUP_ADMIN),
        (CATHY, ORDINARY_USER),
        (HUB, POLICY_ENFORCER),
    ]);
    assert_snapshot!(side().to(&after), @"
    mimi://c.example/u/cathy is added in role 2 (ordinary_user)
    mimi://a.example/u/alice moves from role 4 (super_admin) to role 3 (group_admin)
    mimi://b.example/u/bob is removed (before: role 2 (ordinary_user))
    ");
    let banned = side().with_users(&[(ALICE, SUPER_ADMIN), (BOB, BANNED), (HUB, POLICY_ENFORCER)]);
    assert_snapshot!(side().to(&banned), @"mimi://b.example/u/bob moves from role 2 (ordinary_user) to role 1 (banned)");
    // The same people in another order are the same people.
    let turned = side().with_users(&[
        (BOB, ORDINARY_USER),
        (ALICE, SUPER_ADMIN),
        (HUB, POLICY_ENFORCER),
    ]);
    assert_snapshot!(side().to(&turned), @"participant_list is written in another way and says the same");
}

#[test]
fn of_ten_thousand_participants_a_few_are_named() {
    let crowd = |range: std::ops::Range<usize>, role| {
        let users = range.map(|n| Participant {
            user: uri(&format!("mimi://a.example/u/{n}")),
            role,
        });
        let list = ParticipantList::new(users.collect()).unwrap();
        side().with(ComponentId::PARTICIPANT_LIST, &list)
    };
    let (old, new) = (crowd(0..10_000, 2), crowd(5_000..15_000, 3));
    let lines = diff(&old.policy(), &new.policy());
    assert_eq!(lines.len(), 3 * Difference::MAX_NAMED + 1);
    assert_snapshot!(lines.last().unwrap(), @"more participants change: added 4980, moved 4980, removed 4980");
    // Exactly as many as are named leave nothing to add.
    let lines = diff(&crowd(0..0, 2).policy(), &crowd(0..20, 2).policy());
    assert_eq!(lines.len(), 20);
    let lines = diff(&crowd(0..0, 2).policy(), &crowd(0..21, 2).policy());
    assert_snapshot!(lines[20], @"more participants change: added 1, moved 0, removed 0");
}

#[test]
fn roles_are_told_by_what_they_can_do() {
    let after = side().with_roles(|roles| {
        let user = &mut roles[2];
        user.capabilities = [Capability::SEND_MESSAGE, Capability(0xf00d)]
            .into_iter()
            .collect();
        let admin = &mut roles[3];
        admin.role_changes.pop();
        admin.role_changes.push(RoleChanges {
            from: 0,
            to: vec![4],
        });
        (admin.min_participants, admin.max_participants) = (2, Some(5));
        (admin.min_active, admin.max_active) = (1, Some(4));
        "boss".clone_into(&mut admin.name);
        "runs things".clone_into(&mut admin.description);
        roles.push(Role {
            index: 9,
            name: "guest".to_owned(),
            capabilities: [Capability::RECEIVE_MESSAGE].into_iter().collect(),
            max_participants: Some(3),
            ..Role::default()
        });
        roles.push(Role {
            index: 10,
            ..Role::default()
        });
    });
    assert_snapshot!(side().to(&after), @r#"
    role 2 (ordinary_user) now has capability 0xf00d
    role 2 (ordinary_user) no longer has canAddParticipant, canRemoveParticipant, canAddOwnClient, canRemoveOwnClient, canRemoveSelf, canReceiveMessage, canCopyMessage, canReportAbuse, canReplyToMessage, canReactToMessage, canDeleteOwnReaction, canEditOwnMessage, canDeleteOwnMessage, canStartTopic, canReplyInTopic, canEditOwnTopic, canUploadImage, canUploadAudio, canUploadVideo, canUploadAttachment, canDownloadImage, canDownloadAudio, canDownloadVideo, canDownloadAttachment, canSendLink, canSendLinkPreview, canFollowLink, canCopyLink, canChangeRoomName, canChangeRoomAvatar, canChangeRoomSubject, canChangeRoomMood, canChangeOwnName, canChangeOwnPresence, canChangeOwnMood and canChangeOwnAvatar
    the set of role changes that role 3 (boss) can make now includes 0 to 4
    the set of role changes that role 3 (boss) can make no longer includes 3 to 0, 3 to 1 and 3 to 2
    the name of role 3 is now "boss" (before: "group_admin")
    the description of role 3 is now "runs things" (before: empty)
    the minimum of participants in role 3 (boss) is now 2 (before: 1)
    the minimum of active participants in role 3 (boss) is now 1 (before: 0)
    the maximum of participants in role 3 (boss) is now 5 (before: unlimited)
    the maximum of active participants in role 3 (boss) is now 4 (before: unlimited)
    role 9 (guest) is new and has canReceiveMessage
    the maximum of participants in role 9 (guest) is now 3 (before: unlimited)
    role 10 is new and can do nothing
    "#);
    assert_snapshot!(after.to(&side()), @r#"
    role 2 (ordinary_user) now has canAddParticipant, canRemoveParticipant, canAddOwnClient, canRemoveOwnClient, canRemoveSelf, canReceiveMessage, canCopyMessage, canReportAbuse, canReplyToMessage, canReactToMessage, canDeleteOwnReaction, canEditOwnMessage, canDeleteOwnMessage, canStartTopic, canReplyInTopic, canEditOwnTopic, canUploadImage, canUploadAudio, canUploadVideo, canUploadAttachment, canDownloadImage, canDownloadAudio, canDownloadVideo, canDownloadAttachment, canSendLink, canSendLinkPreview, canFollowLink, canCopyLink, canChangeRoomName, canChangeRoomAvatar, canChangeRoomSubject, canChangeRoomMood, canChangeOwnName, canChangeOwnPresence, canChangeOwnMood and canChangeOwnAvatar
    role 2 (ordinary_user) no longer has capability 0xf00d
    the set of role changes that role 3 (group_admin) can make now includes 3 to 0, 3 to 1 and 3 to 2
    the set of role changes that role 3 (group_admin) can make no longer includes 0 to 4
    the name of role 3 is now "group_admin" (before: "boss")
    the description of role 3 is now empty (before: "runs things")
    the minimum of participants in role 3 (group_admin) is now 1 (before: 2)
    the minimum of active participants in role 3 (group_admin) is now 0 (before: 1)
    the maximum of participants in role 3 (group_admin) is now unlimited (before: 5)
    the maximum of active participants in role 3 (group_admin) is now unlimited (before: 4)
    role 9 (guest) is gone
    role 10 is gone
    "#);
}

#[test]
fn the_same_roles_written_otherwise_are_the_same() {
    let turned = side().with_roles(|roles| roles.reverse());
    assert_snapshot!(side().to(&turned), @"roles_list is written in another way and says the same");
}

fn entry(role: &Role, claims: &[(&'static str, &'static [u8])]) -> PreauthEntry {
    let claims = claims.iter().map(|(id, value)| Claim {
        credential_type: 2,
        id: id.as_bytes().into(),
        value: (*value).into(),
    });
    PreauthEntry {
        claims: claims.collect(),
        role: role.clone(),
    }
}

#[test]
fn preauthorisations_are_told_by_whom_they_are_for() {
    let roles = presets::cooperative();
    let (user, admin) = (roles.get(2).unwrap(), roles.get(3).unwrap());
    let staff = entry(user, &[("staff", b"yes")]);
    let hr = entry(admin, &[("staff", b"yes"), ("department", b"h\xffr")]);
    let none = entry(user, &[]);
    let list = |entries: &[&PreauthEntry]| {
        let entries = entries.iter().map(|entry| (*entry).clone()).collect();
        side().with(ComponentId::PREAUTH_LIST, &PreauthList(entries))
    };
    assert_snapshot!(side().to(&list(&[&hr, &staff, &none])), @r#"
    nobody, by a rule without claims, is now preauthorised for role 2 (ordinary_user)
    whoever has "staff" = "yes" (credential type 2) is now preauthorised for role 2 (ordinary_user)
    whoever has "staff" = "yes" (credential type 2) and "department" = 3 octets that are no text (credential type 2) is now preauthorised for role 3 (group_admin)
    "#);
    assert_snapshot!(list(&[&hr, &staff]).to(&list(&[&staff])), @r#"whoever has "staff" = "yes" (credential type 2) and "department" = 3 octets that are no text (credential type 2) is no longer preauthorised for role 3 (group_admin)"#);
    // The first that matches decides, so the order matters.
    assert_snapshot!(list(&[&hr, &staff]).to(&list(&[&staff, &hr])), @"the preauthorisations are in another order, and the first that matches decides");
    assert_snapshot!(list(&[&hr, &staff]).to(&list(&[&none, &staff, &hr])), @"
    nobody, by a rule without claims, is now preauthorised for role 2 (ordinary_user)
    the preauthorisations are in another order, and the first that matches decides
    ");
    let mut other = staff.clone();
    other.role.min_active = 7;
    assert_snapshot!(list(&[&staff]).to(&list(&[&other])), @"the number of preauthorisations with another definition of their role is 1");
    assert_snapshot!(list(&[&staff]).to(&list(&[&staff, &staff])), @"preauth_list is written in another way and says the same");
    let many: Vec<_> = (0..25u8)
        .map(|n| entry(user, &[("n", &*vec![n + 65].leak())]))
        .collect();
    let many: Vec<_> = many.iter().collect();
    let lines = side().to(&list(&many));
    assert_eq!(lines.lines().count(), 21);
    assert_snapshot!(lines.lines().last().unwrap(), @"the number of more rules on who is now preauthorised is 5");
    assert_snapshot!(side().to(&list(&[])), @"preauth_list is added, with 1 octets");
}

#[test]
fn preauthorisations_that_a_new_definition_puts_out_of_force() {
    let roles = presets::cooperative();
    let preauth = PreauthList(vec![entry(roles.get(2).unwrap(), &[("staff", b"yes")])]);
    let before = side().with(ComponentId::PREAUTH_LIST, &preauth);
    let after = before.clone().with_roles(|roles| {
        roles[2].capabilities = roles[2].capabilities.iter().rev_order();
    });
    assert_snapshot!(before.to(&after), @"the number of preauthorisations that no longer count, by the definition of their role, is 1");
    assert_snapshot!(after.to(&before), @"the number of preauthorisations that now count, by the definition of their role, is 1");
}

/// The same capabilities in another order.
trait RevOrder {
    fn rev_order(self) -> CapabilitySet;
}

impl<I: Iterator<Item = Capability>> RevOrder for I {
    fn rev_order(self) -> CapabilitySet {
        let mut all: Vec<_> = self.collect();
        all.reverse();
        all.into_iter().collect()
    }
}

#[test]
fn every_field_of_the_base_policy_has_its_words() {
    let base = BaseRoomPolicy {
        fixed_membership: true,
        parent_room: Some(uri("mimi://a.example/r/parent")),
        multi_device: false,
        max_clients: Some(20),
        max_users: Some(10),
        pseudonyms_allowed: true,
        persistent_room: true,
        discoverable: true,
        policy_components: vec![ComponentId::ROLES_LIST, ComponentId(0xfe26)],
    };
    let fixed = side().with_roles(|roles| {
        for role in roles {
            let adds = |c: &Capability| *c != Capability::ADD_PARTICIPANT;
            role.capabilities = role.capabilities.iter().filter(adds).collect();
        }
    });
    assert_snapshot!(fixed.gaining(ComponentId::BASE_ROOM_POLICY, &base), @"
    the use of pseudonyms is now allowed (before: not allowed)
    finding this room by a search is now possible (before: not possible)
    the list of participants is now fixed (before: open to change)
    having several clients is now not allowed (before: allowed)
    the room without clients is now kept (before: given up)
    the room on whose participants this one draws is now mimi://a.example/r/parent (before: none)
    the maximum of clients is now 20 (before: unlimited)
    the maximum of users is now 10 (before: unlimited)
    the list of policy components now includes roles_list and component 0xfe26
    ");
    assert_snapshot!(fixed.clone().with(ComponentId::BASE_ROOM_POLICY, &base).to(&fixed), @"
    the use of pseudonyms is now not allowed (before: allowed)
    finding this room by a search is now not possible (before: possible)
    the list of participants is now open to change (before: fixed)
    having several clients is now allowed (before: not allowed)
    the room without clients is now given up (before: kept)
    the room on whose participants this one draws is now none (before: mimi://a.example/r/parent)
    the maximum of clients is now unlimited (before: 20)
    the maximum of users is now unlimited (before: 10)
    the list of policy components no longer includes roles_list and component 0xfe26
    ");
}

#[test]
fn every_field_of_the_metadata_has_its_words() {
    let description = |language: &str, content: &'static [u8]| RichDescription {
        media_type: "text/markdown".to_owned(),
        language: language.to_owned(),
        content: content.into(),
    };
    let new = RoomMetadata {
        room: uri("mimi://a.example/r/other"),
        name: "Den \u{202e}evil".to_owned(),
        descriptions: vec![
            description("en", b"*quiet*"),
            description("de", b"\xff\xfe"),
        ],
        avatar: "https://a.example/a.png".to_owned(),
        subject: "x".repeat(70),
        mood: "calm".to_owned(),
    };
    assert_snapshot!(side().gaining(ComponentId::ROOM_METADATA, &new), @r#"
    the identity of the room is now mimi://a.example/r/other (before: mimi://a.example/r/clubhouse)
    the name of the room is now "Den \u{202e}evil" (before: "Clubhouse")
    the subject of the room is now "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (before: empty)
    the mood of the room is now "calm" (before: empty)
    the avatar of the room is now "https://a.example/a.png" (before: empty)
    the description with language "de" and type "text/markdown" is now 2 octets that are no text (before: none)
    the description with language "en" and type "text/markdown" is now "*quiet*" (before: none)
    "#);
    let twice = RoomMetadata {
        descriptions: vec![description("en", b"*quiet*"), description("en", b"*loud*")],
        ..metadata()
    };
    assert_snapshot!(side().gaining(ComponentId::ROOM_METADATA, &twice), @r#"the description with language "en" and type "text/markdown" is now "*quiet*" and "*loud*" (before: none)"#);
}

fn bot(name: &str) -> Bot {
    Bot {
        name: name.to_owned(),
        description: "deals cards".to_owned(),
        homepage: Some(Uri::parse("https://bots.example/dealer").unwrap()),
        role: BotRole::Index(ORDINARY_USER),
        can_target_message_in_group: true,
        per_user_content: true,
    }
}

#[test]
fn bots_are_told_by_name_and_by_what_they_can_do() {
    let bots = |bots: &[Bot]| {
        let allowed_bots = bots.to_vec();
        side().with(ComponentId::BOT_POLICY, &BotPolicy { allowed_bots })
    };
    let dealer = bot("Dealer");
    let plain = Bot {
        description: String::new(),
        homepage: None,
        role: BotRole::LocalClient,
        can_target_message_in_group: false,
        per_user_content: false,
        ..dealer.clone()
    };
    let outside = Bot {
        role: BotRole::Index(0),
        ..plain.clone()
    };
    let (one, other) = (
        bots(std::slice::from_ref(&dealer)),
        bots(std::slice::from_ref(&plain)),
    );
    assert_snapshot!(other.to(&one), @r#"the bot "Dealer" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer" (before: allowed inside the client of a user)"#);
    assert_snapshot!(one.to(&bots(&[bot("Helper"), outside.clone()])), @r#"
    the bot "Dealer" is now allowed without a role (before: allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer")
    the bot "Helper" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer" (before: not allowed)
    "#);
    assert_snapshot!(one.to(&bots(&[dealer.clone(), plain])), @r#"the bot "Dealer" is now allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer"; allowed inside the client of a user (before: allowed in role 2 (ordinary_user), can write to single users, can tell each user something else, described as "deals cards", at "https://bots.example/dealer")"#);
    let (a, b) = (bots(&[bot("A"), bot("B")]), bots(&[bot("B"), bot("A")]));
    assert_snapshot!(a.to(&b), @"bot_policy is written in another way and says the same");
    // Texts that look alike when shortened still differ.
    let long = |end: &str| Bot {
        description: format!("{}{end}", "x".repeat(64)),
        ..outside.clone()
    };
    assert_snapshot!(bots(&[long("one")]).to(&bots(&[long("two")])), @r#"the bot "Dealer" is now allowed without a role, described as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" (before: allowed without a role, described as "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…")"#);
}

#[test]
fn logging_and_history_have_their_words() {
    let client = |n| Uri::parse(&format!("mimi://{n}.example/d/log/1")).unwrap();
    let details = LoggingDetails {
        clients: vec![client("a"), client("b")],
        machine_readable_policy: Some(Uri::parse("https://a.example/log.json").unwrap()),
        human_readable_policy: Some(Uri::parse("https://a.example/log").unwrap()),
    };
    let logged = LoggingPolicy::Optional(details.clone());
    let logged = side().with(ComponentId::LOGGING_POLICY, &logged);
    assert_snapshot!(side().to(&logged), @r#"
    logging of messages is now optional (before: not regulated)
    the list of those who log messages now includes mimi://a.example/d/log/1 and mimi://b.example/d/log/1
    the logging policy for machines is now "https://a.example/log.json" (before: none)
    the logging policy for people is now "https://a.example/log" (before: none)
    "#);
    let fewer = LoggingPolicy::Required(LoggingDetails {
        clients: vec![client("c"), client("b")],
        ..details
    });
    assert_snapshot!(logged.gaining(ComponentId::LOGGING_POLICY, &fewer), @"
    logging of messages is now required (before: optional)
    the list of those who log messages now includes mimi://c.example/d/log/1
    the list of those who log messages no longer includes mimi://a.example/d/log/1
    ");
    let off = LoggingPolicy::Forbidden;
    assert_snapshot!(logged.gaining(ComponentId::LOGGING_POLICY, &off), @r#"
    logging of messages is now forbidden (before: optional)
    the list of those who log messages no longer includes mimi://a.example/d/log/1 and mimi://b.example/d/log/1
    the logging policy for machines is now none (before: "https://a.example/log.json")
    the logging policy for people is now none (before: "https://a.example/log")
    "#);

    let details = HistoryDetails {
        roles: vec![GROUP_ADMIN, 9],
        automatic: true,
        max_period: 3600,
    };
    let shared = HistoryPolicy::Required(details.clone());
    let shared = side().with(ComponentId::CHAT_HISTORY_POLICY, &shared);
    assert_snapshot!(side().to(&shared), @"
    sharing history with new participants is now required (before: not regulated)
    the list of roles that can share history now includes role 3 (group_admin) and role 9
    sharing history without asking is now allowed (before: not regulated)
    the time that shared history goes back is now 3600 seconds (before: none)
    ");
    let fewer = HistoryPolicy::Optional(HistoryDetails {
        roles: vec![9],
        automatic: false,
        max_period: 60,
    });
    assert_snapshot!(shared.gaining(ComponentId::CHAT_HISTORY_POLICY, &fewer), @"
    sharing history with new participants is now optional (before: required)
    the list of roles that can share history no longer includes role 3 (group_admin)
    sharing history without asking is now not allowed (before: allowed)
    the time that shared history goes back is now 60 seconds (before: 3600 seconds)
    ");
    let off = HistoryPolicy::Forbidden;
    assert_snapshot!(shared.gaining(ComponentId::CHAT_HISTORY_POLICY, &off), @"
    sharing history with new participants is now forbidden (before: required)
    the list of roles that can share history no longer includes role 3 (group_admin) and role 9
    sharing history without asking is now not allowed (before: allowed)
    the time that shared history goes back is now none (before: 3600 seconds)
    ");
}

#[test]
fn notifications_and_expiry_have_their_words() {
    let status = StatusNotificationPolicy {
        delivery_notifications: Optionality::Required,
        read_receipts: Optionality::Forbidden,
    };
    assert_snapshot!(side().gaining(ComponentId::STATUS_NOTIFICATION_POLICY, &status), @"
    telling that a message arrived is now required (before: not regulated)
    telling that a message was read is now forbidden (before: not regulated)
    ");
    let times = ExpirationDurations {
        min: 60,
        max: 3600,
        default: Some(600),
    };
    let id = ComponentId::MESSAGE_EXPIRATION_POLICY;
    let optional = side().with(id, &MessageExpiration::Optional(times));
    assert_snapshot!(side().to(&optional), @"
    expiry of messages is now optional (before: not regulated)
    the shortest time to expiry is now 60 seconds (before: none)
    the longest time to expiry is now 3600 seconds (before: none)
    the usual time to expiry is now 600 seconds (before: none)
    ");
    let required = MessageExpiration::Required(ExpirationDurations {
        default: None,
        ..times
    });
    assert_snapshot!(optional.gaining(id, &required), @"
    expiry of messages is now required (before: optional)
    the usual time to expiry is now none (before: 600 seconds)
    ");
    assert_snapshot!(optional.gaining(id, &MessageExpiration::Forbidden), @"
    expiry of messages is now forbidden (before: optional)
    the shortest time to expiry is now none (before: 60 seconds)
    the longest time to expiry is now none (before: 3600 seconds)
    the usual time to expiry is now none (before: 600 seconds)
    ");
}

#[test]
fn join_links_are_counted_but_not_shown() {
    let policy = JoinLinkPolicy {
        on_request: false,
        request_uri: Some(Uri::parse("https://a.example/ask").unwrap()),
        multiuser: true,
        expiration: 3600,
    };
    let ruled = side().with(ComponentId::JOIN_LINK_POLICY, &policy);
    assert_snapshot!(side().to(&ruled), @r#"
    making several join links is now allowed (before: not regulated)
    using a join link several times is now allowed (before: not regulated)
    the lifetime of a join link is now 3600 seconds (before: not regulated)
    the place to ask for a join link is now "https://a.example/ask" (before: none)
    "#);
    let single = JoinLinkPolicy {
        on_request: true,
        request_uri: None,
        multiuser: false,
        expiration: 60,
    };
    assert_snapshot!(ruled.gaining(ComponentId::JOIN_LINK_POLICY, &single), @r#"
    making several join links is now not allowed (before: allowed)
    using a join link several times is now not allowed (before: allowed)
    the lifetime of a join link is now 60 seconds (before: 3600 seconds)
    the place to ask for a join link is now none (before: "https://a.example/ask")
    "#);

    let links = |links: &[&'static str]| {
        let links = links.iter().map(|link| JoinLink(link.as_bytes().into()));
        side().with(ComponentId::JOIN_LINKS, &JoinLinks(links.collect()))
    };
    assert_snapshot!(links(&["secret"]).to(&links(&["hidden", "concealed"])), @"
    the number of new join links is 2
    the number of join links that are gone is 1
    ");
    assert_snapshot!(links(&["secret", "hidden"]).to(&links(&["hidden", "secret"])), @"join_links is written in another way and says the same");
    assert_snapshot!(side().to(&links(&[])), @"join_links is added, with 1 octets");
}

#[test]
fn link_previews_have_their_words() {
    let open = LinkPreviewPolicy {
        autodetect_hyperlinks: true,
        send_link_previews: Optionality::Optional,
        automatic_link_previews: Optionality::Required,
        proxy: LinkPreviewProxy::Required(Uri::parse("https://a.example/proxy").unwrap()),
    };
    let id = ComponentId::LINK_PREVIEW_POLICY;
    let before = side().with(id, &open);
    assert_snapshot!(side().to(&before), @r#"
    making links of text that looks like one is now allowed (before: not regulated)
    sending previews of links is now optional (before: not regulated)
    fetching previews of links is now required (before: not regulated)
    a proxy for previews of links is now required, at "https://a.example/proxy" (before: not regulated)
    "#);
    let shut = LinkPreviewPolicy {
        autodetect_hyperlinks: false,
        send_link_previews: Optionality::Forbidden,
        automatic_link_previews: Optionality::Forbidden,
        proxy: LinkPreviewProxy::Forbidden,
    };
    assert_snapshot!(before.gaining(id, &shut), @r#"
    making links of text that looks like one is now not allowed (before: allowed)
    sending previews of links is now forbidden (before: optional)
    fetching previews of links is now forbidden (before: required)
    a proxy for previews of links is now forbidden (before: required, at "https://a.example/proxy")
    "#);
}

fn assets() -> AssetPolicy {
    let domain = |text| DomainName::parse(text).unwrap();
    AssetPolicy {
        upload_location: AssetUploadLocation::LOCAL_PROVIDER,
        upload_domains: vec![
            ProviderAssetUploadDomains {
                provider: domain("a.example"),
                destinations: vec![domain("files.a.example"), domain("cdn.a.example")],
            },
            ProviderAssetUploadDomains {
                provider: domain("b.example"),
                destinations: Vec::new(),
            },
        ],
        download_privacy: DownloadPrivacy {
            allowed: vec![DownloadPrivacyType::OHTTP, DownloadPrivacyType(9)],
            forbidden: vec![DownloadPrivacyType::DIRECT],
            default: DownloadPrivacyType::HUB_PROXY,
        },
        max_image: 1,
        max_audio: 2,
        max_video: 3,
        max_attachment: 4,
        forbidden_media_types: vec![MediaType::new("text/html")],
        permitted_media_types: Some(vec!["text/plain;charset=utf-8".parse().unwrap()]),
    }
}

#[test]
fn assets_have_their_words() {
    let id = ComponentId::ASSET_POLICY;
    let before = side().with(id, &assets());
    assert_snapshot!(side().to(&before), @"
    the place to upload files to is now the provider of each user (before: not regulated)
    the list of hosts for files now includes cdn.a.example for a.example, files.a.example for a.example and none for b.example
    the list of ways to download that are allowed now includes by Oblivious HTTP and unknown (9)
    the list of ways to download that are forbidden now includes directly
    the usual way to download is now by a proxy of the hub (before: not regulated)
    the largest image is now 1 octets (before: not regulated)
    the largest audio is now 2 octets (before: not regulated)
    the largest video is now 3 octets (before: not regulated)
    the largest attachment is now 4 octets (before: not regulated)
    the list of forbidden media types now includes text/html
    sending media types that are not permitted by name is now not allowed (before: not regulated)
    the list of permitted media types now includes text/plain; charset=utf-8
    ");
    let mut after = assets();
    after.upload_location = AssetUploadLocation::HUB;
    after.upload_domains.pop();
    after.upload_domains[0].destinations.pop();
    after.max_video = 30;
    after.permitted_media_types = None;
    assert_snapshot!(before.gaining(id, &after), @"
    the place to upload files to is now the hub (before: the provider of each user)
    the list of hosts for files no longer includes cdn.a.example for a.example and none for b.example
    the largest video is now 30 octets (before: 3 octets)
    sending media types that are not permitted by name is now allowed (before: not allowed)
    the list of permitted media types no longer includes text/plain; charset=utf-8
    ");
}

fn operational() -> OperationalParameters {
    let time = MinDefaultMaxTime {
        min: 1,
        default: 2,
        max: 3,
    };
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities {
            cipher_suites: vec![1],
            component_ids: vec![ComponentId::ROLES_LIST],
            ..ExtendedCapabilities::default()
        },
        default_capabilities: ExtendedCapabilities {
            media_types: vec![MediaType::new("text/plain")],
            ..ExtendedCapabilities::default()
        },
        forbidden_capabilities: ExtendedCapabilities {
            extensions: vec![7, 8],
            ..ExtendedCapabilities::default()
        },
        handshake_formats: vec![1, 0xf0a1],
        external_proposal_allowed: true,
        external_commit_allowed: false,
        pending_proposal_policy: PendingProposalPolicy::RandomDelay {
            min_ms: 10,
            max_ms: 100,
        },
        leaf_node_update_time: time,
        app_message_policy: AppMessagePolicy {
            epoch_tolerance: 1,
            pad_to_size: 2,
            max_generations_skipahead: 3,
        },
        max_kp_lifetime: 4,
        max_credential_lifetime: 5,
        resumption_psk_lifetime: 6,
        sender_nonce_keypair_lifetime: time,
        max_keypairs: 7,
        buffer_incoming_message_time: time,
        max_buffered_messages: 8,
    }
}

#[test]
fn the_operational_policy_has_its_words() {
    let id = ComponentId::MLS_OPERATIONAL_POLICY;
    let before = side().with(id, &operational());
    assert_snapshot!(side().to(&before), @"
    proposing from outside is now allowed (before: not regulated)
    joining by an external commit is now not allowed (before: not regulated)
    the list of mandatory cipher suites now includes 1
    the list of mandatory components now includes roles_list
    the list of usual media types now includes text/plain
    the list of forbidden extensions now includes 7 and 8
    the list of wire formats of handshakes now includes 1 and 61601
    committing what is pending is now delayed by 10 to 100 milliseconds (before: not regulated)
    the time between updates of a leaf node is now 2 seconds, at least 1 and at most 3 (before: not regulated)
    the lifetime of unused keys is now 2 seconds, at least 1 and at most 3 (before: not regulated)
    the time that early messages are kept is now 2 seconds, at least 1 and at most 3 (before: not regulated)
    the longest lifetime of a KeyPackage is now 4 seconds (before: not regulated)
    the longest lifetime of a credential is now 5 seconds (before: not regulated)
    the lifetime of resumption PSKs is now 6 seconds (before: not regulated)
    the maximum of unused keys is now 7 (before: not regulated)
    the maximum of early messages is now 8 (before: not regulated)
    the number of past epochs for messages is now 1 (before: not regulated)
    the padding of messages is now 2 octets (before: not regulated)
    the longest skip in a ratchet is now 3 generations (before: not regulated)
    ");
    let mut after = operational();
    after.external_commit_allowed = true;
    after.pending_proposal_policy = PendingProposalPolicy::ImmediateCommit;
    after.forbidden_capabilities.extensions = vec![8];
    assert_snapshot!(before.gaining(id, &after), @"
    joining by an external commit is now allowed (before: not allowed)
    the list of forbidden extensions no longer includes 7
    committing what is pending is now immediate (before: delayed by 10 to 100 milliseconds)
    ");
}

#[test]
fn components_that_are_not_understood_are_told_by_their_size() {
    let id = ComponentId(0xfe26);
    let set = |octets: &'static [u8]| {
        let mut side = side();
        side.0.insert(id, octets);
        side
    };
    let mut without = side();
    without.0.remove(id);
    assert_snapshot!(set(b"one").to(&set(b"other")), @"component 0xfe26 changes in a way that is not understood here: 5 octets, before 3");
    assert_snapshot!(without.to(&set(b"one")), @"component 0xfe26 is added, with 3 octets");
    assert_snapshot!(set(b"one").to(&without), @"component 0xfe26 is gone, with 3 octets");
}

#[test]
fn a_list_in_a_line_ends() {
    let types = |count: u16| {
        let mut parameters = operational();
        parameters.forbidden_capabilities.extensions = (0..count).collect();
        side().with(ComponentId::MLS_OPERATIONAL_POLICY, &parameters)
    };
    assert_snapshot!(types(0).to(&types(1024)), @"the list of forbidden extensions now includes 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 and 1008 more");
}

/// Parts of a policy that differ a little or a lot, some only in how they are
/// written.
fn variants() -> Vec<(ComponentId, Vec<Option<Vec<u8>>>)> {
    let some = |value: &dyn Fn() -> Vec<u8>| Some(value());
    let list = |users: &[(MimiUriText, u32)]| {
        let side = side().with_users(users);
        side.0
            .get(ComponentId::PARTICIPANT_LIST)
            .map(|b| b.to_vec())
    };
    let roles = |change: fn(&mut Vec<Role>)| {
        let side = side().with_roles(change);
        side.0.get(ComponentId::ROLES_LIST).map(|b| b.to_vec())
    };
    let cooperative = presets::cooperative();
    let staff = entry(cooperative.get(2).unwrap(), &[("staff", b"yes")]);
    let hr = entry(cooperative.get(3).unwrap(), &[("hr", b"yes")]);
    let mut stale = staff.clone();
    stale.role.min_active = 1;
    let preauth = |entries: &[&PreauthEntry]| {
        let entries = entries.iter().map(|entry| (*entry).clone()).collect();
        Some(octets(&PreauthList(entries)))
    };
    let base = |max_users, components: &[ComponentId]| {
        Some(octets(&BaseRoomPolicy {
            max_users,
            policy_components: components.to_vec(),
            ..BaseRoomPolicy::default()
        }))
    };
    let bots = |names: &[&str]| {
        let allowed_bots = names.iter().map(|name| bot(name)).collect();
        Some(octets(&BotPolicy { allowed_bots }))
    };
    let links = |links: &[&'static str]| {
        let links = links.iter().map(|link| JoinLink(link.as_bytes().into()));
        Some(octets(&JoinLinks(links.collect())))
    };
    let assets = |change: fn(&mut AssetPolicy)| {
        let mut assets = assets();
        change(&mut assets);
        Some(octets(&assets))
    };
    vec![
        (
            ComponentId::PARTICIPANT_LIST,
            vec![
                list(&[]),
                list(&[(ALICE, 2), (BOB, 2)]),
                list(&[(BOB, 2), (ALICE, 2)]),
                list(&[(BOB, 3), (CATHY, 2)]),
            ],
        ),
        (
            ComponentId::ROLES_LIST,
            vec![
                roles(|_| {}),
                roles(|roles| roles.reverse()),
                roles(|roles| roles[2].role_changes.reverse()),
                roles(|roles| roles[2].min_active = 3),
                roles(|roles| roles[5].description = "x".repeat(100)),
                roles(|roles| roles[5].description = "x".repeat(101)),
            ],
        ),
        (
            ComponentId::PREAUTH_LIST,
            vec![
                None,
                preauth(&[]),
                preauth(&[&staff, &hr]),
                preauth(&[&hr, &staff]),
                preauth(&[&staff, &hr, &staff]),
                preauth(&[&stale, &hr]),
            ],
        ),
        (
            ComponentId::BASE_ROOM_POLICY,
            vec![
                base(None, &[]),
                base(Some(9), &[]),
                base(None, &[ComponentId(1), ComponentId(2)]),
                base(None, &[ComponentId(2), ComponentId(1), ComponentId(2)]),
            ],
        ),
        (
            ComponentId::BOT_POLICY,
            vec![
                None,
                bots(&[]),
                bots(&["A", "B"]),
                bots(&["B", "A"]),
                bots(&["A", "A", "B"]),
            ],
        ),
        (
            ComponentId::JOIN_LINKS,
            vec![
                None,
                links(&[]),
                links(&["a", "b"]),
                links(&["b", "a"]),
                links(&["a", "a"]),
            ],
        ),
        (
            ComponentId::ASSET_POLICY,
            vec![
                None,
                assets(|_| {}),
                assets(|assets| assets.upload_domains.reverse()),
                assets(|assets| assets.permitted_media_types = None),
                assets(|assets| assets.permitted_media_types = Some(Vec::new())),
            ],
        ),
        (
            ComponentId(0xfe26),
            vec![
                None,
                some(&Vec::new),
                Some(b"x".to_vec()),
                Some(b"y".to_vec()),
            ],
        ),
    ]
}

fn assembled(choices: &[Index]) -> RoomPolicy {
    let parts = variants();
    let parts = parts.iter().zip(choices);
    let parts = parts.filter_map(|((id, variants), choice)| {
        let octets = choice.get(variants).clone()?;
        Some((*id, octets))
    });
    let components: ComponentMap = parts.collect();
    RoomPolicy::from_components(&components).unwrap()
}

proptest! {
    #[test]
    fn there_is_a_difference_exactly_if_the_policies_differ(
        old in prop::collection::vec(any::<Index>(), 8),
        new in prop::collection::vec(any::<Index>(), 8),
        same in any::<u8>(),
    ) {
        // Some parts are the same, or hardly any policy would be.
        let parts = old.iter().zip(&new).enumerate();
        let new: Vec<_> = parts
            .map(|(at, (old, new))| if same & (1 << at) == 0 { *new } else { *old })
            .collect();
        let (old, new) = (assembled(&old), assembled(&new));
        let lines = diff(&old, &new);
        prop_assert_eq!(lines.is_empty(), old == new, "{:?}", lines);
        let changed = |id| old.components().get(id) != new.components().get(id);
        prop_assert!(lines.iter().all(|line| changed(line.component())));
        prop_assert!(lines.iter().all(|line| !line.to_string().is_empty()));
    }
}

#[test]
fn each_pair_of_variants_of_a_component_differs() {
    for (at, (id, variants)) in variants().iter().enumerate() {
        for (one, old) in variants.iter().enumerate() {
            for (other, new) in variants.iter().enumerate() {
                let first = |choice: &Option<Vec<u8>>| {
                    let mut components = side().0;
                    let list = ParticipantList::default();
                    components.insert(ComponentId::PARTICIPANT_LIST, octets(&list));
                    match choice {
                        Some(octets) => drop(components.insert(*id, octets.clone())),
                        None => drop(components.remove(*id)),
                    }
                    RoomPolicy::from_components(&components).unwrap()
                };
                let lines = diff(&first(old), &first(new));
                assert_eq!(lines.is_empty(), one == other, "{at}: {one} and {other}");
                assert!(lines.iter().all(|line| line.component() == *id));
            }
        }
    }
}
