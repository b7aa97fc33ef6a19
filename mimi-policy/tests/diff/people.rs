//! Participants, roles and preauthorisation.

use super::components::bot;
use super::*;

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

pub(super) fn entry(role: &Role, claims: &[(&'static str, &'static [u8])]) -> PreauthEntry {
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
