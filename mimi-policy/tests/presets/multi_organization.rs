//! POLICY, "Multi-organization administered room".

use insta::assert_snapshot;
use mimi_policy::presets::multi_organization::{
    ORG_A_ADMIN, ORG_A_USER, ORG_B_ADMIN, ORG_B_USER, ORG_C_ADMIN, ORG_C_USER, POLICY_ENFORCER,
    SUPER_ADMIN, multi_organization,
};

use crate::common::{BANNED, uri};
use crate::hall::{Hall, holder, outsider};
use crate::tables;

/// The users and the administrators of each organisation.
const ORGS: [(u32, u32); 3] = [
    (ORG_A_USER, ORG_A_ADMIN),
    (ORG_B_USER, ORG_B_ADMIN),
    (ORG_C_USER, ORG_C_ADMIN),
];

#[test]
fn the_roles_have_the_capabilities_of_the_draft() {
    assert_snapshot!(tables::capabilities(&multi_organization()), @"
                                    0 1 2 3 4 5 6 7 8 9
    canAddParticipant               . . . . . x x x x .
    canRemoveParticipant            . . . . . x x x x x
    canAddOwnClient                 . . x x x x x x x .
    canRemoveOwnClient              . . x x x x x x x .
    canJoinIfPreauthorized          . . x . . x . . x .
    canRemoveSelf                   . . x x x x x x x .
    canBan                          . . . . . x x x x x
    canUnban                        . . . . . . . . x x
    canKick                         . . . . . x x x x x
    canChangeUserRole               . . . . . x x x x x
    canChangeOwnRole                . . x . . x . . x .
    canSendMessage                  . . x x x x x x x .
    canReceiveMessage               . . x x x x x x x .
    canCopyMessage                  . . x x x x x x x .
    canReportAbuse                  . . x x x x x x x .
    canReactToMessage               . . x x x x x x x .
    canDeleteOwnReaction            . . x x x x x x x .
    canDeleteOtherReaction          . . . . . . . . x .
    canEditOwnMessage               . . x x x x x x x .
    canDeleteOwnMessage             . . . . . x x x x .
    canDeleteOtherMessage           . . . . . . . . x .
    canStartTopic                   . . . . . x x x x .
    canReplyInTopic                 . . x x x x x x x .
    canEditOwnTopic                 . . . . . . . . x .
    canEditOtherTopic               . . . . . . . . x .
    canUploadImage                  . . . . . x x x x .
    canUploadAudio                  . . . . . x x x x .
    canUploadVideo                  . . . . . x x x x .
    canUploadAttachment             . . . . . x x x x .
    canDownloadImage                . . x x x x x x x .
    canDownloadAudio                . . x x x x x x x .
    canDownloadVideo                . . x x x x x x x .
    canDownloadAttachment           . . x x x x x x x .
    canSendLink                     . . x x x x x x x .
    canSendLinkPreview              . . x x x x x x x .
    canFollowLink                   . . x x x x x x x .
    canCopyLink                     . . x x x x x x x .
    canChangeRoomName               . . . . . . . . x .
    canChangeRoomDescription        . . . . . . . . x .
    canChangeRoomAvatar             . . . . . . . . x .
    canChangeRoomSubject            . . . . . . . . x .
    canChangeRoomMood               . . . . . . . . x .
    canChangeOwnName                . . x x x x x x x .
    canChangeOwnPresence            . . x x x x x x x .
    canChangeOwnAvatar              . . x x x x x x x .
    canDestroyRoom                  . . . . . . . . x x
    canChangeRoomMembershipStyle    . . . . . . . . x .
    canChangeRoleDefinitions        . . . . . . . . x x
    canChangePreauthorizedUserList  . . . . . . . . x x
    canChangeMlsOperationalPolicies . . . . . . . . . x
    canSendMLSReinitProposal        . . . . . . . . x x
    nobody: canOpenJoin canCreateJoinCode canDeleteJoinCode canUseJoinCode
    nobody: canKnock canAcceptKnock canCreateSubgroup canReplyToMessage
    nobody: canEditReaction canSendDirectMessage canTargetMessage canChangeOwnMood
    nobody: canStartCall canJoinCall canSendAudio canReceiveAudio
    nobody: canSendVideo canReceiveVideo canShareScreen canViewSharedScreen
    nobody: canCreateRoom canChangeOtherPolicyAttribute canSendMLSUpdateProposal canSendMLSPSKProposal
    nobody: canSendMLSExternalProposal canSendMLSExternalCommit
    ");
}

#[test]
fn the_roles_have_the_constraints_and_moves_of_the_draft() {
    assert_snapshot!(tables::moves(&multi_organization()), @"
    0 no_role         0..    active 0..=0
    1 banned          0..    active 0..=0
    2 org_a_user      0..    active 0..    (0,[2]) (2,[0])
    3 org_b_user      0..    active 0..    (0,[3]) (3,[0])
    4 org_c_user      0..    active 0..    (0,[4]) (4,[0])
    5 org_a_admin     0..    active 0..    (0,[2,5]) (2,[0,1,5]) (5,[0,1,2])
    6 org_b_admin     1..=3  active 1..    (0,[3,6]) (3,[0,1,6]) (6,[0,1,3])
    7 org_c_admin     1..=3  active 1..    (0,[4,7]) (4,[0,1,7]) (7,[0,1,4])
    8 super_admin     1..    active 1..    (0,[1,2,3,4,5,6,7,8]) (1,[0,2,3,4,5,6,7,8]) (2,[0,1,5,8]) (3,[0,1,6]) (4,[0,1,7]) (5,[0,1,2,8]) (6,[0,1,3]) (7,[0,1,4]) (8,[0,1,2,5])
    9 policy_enforcer 1..=2  active 0..=0  (0,[1]) (1,[0]) (3,[0,1]) (4,[0,1]) (5,[0,1]) (6,[0,1]) (7,[0,1]) (8,[0,1])
    ");
}

#[test]
fn each_organisation_manages_its_own() {
    assert_snapshot!(Hall::new(multi_organization()).deeds(), @"
    0 no_role: preauthorised as 2 5 8
    1 banned: nothing
    2 org_a_user: takes 2 3 4 5 6 7 8; own joins adds removes leaves; messages sends receives reports
    3 org_b_user: own joins adds removes leaves; messages sends receives reports
    4 org_c_user: own joins adds removes leaves; messages sends receives reports
    5 org_a_admin: adds 2 5; removes 2 5; bans 2 5; kicks 2 3 4 5 6 7 8; moves 2>5 5>2; takes 2 3 4 5 6 7 8; own joins adds removes leaves; messages sends receives reports
    6 org_b_admin: adds 3 6; removes 3 6; bans 3 6; kicks 2 3 4 5 6 7 8; moves 3>6 6>3; own joins adds removes leaves; messages sends receives reports
    7 org_c_admin: adds 4 7; removes 4 7; bans 4 7; kicks 2 3 4 5 6 7 8; moves 4>7 7>4; own joins adds removes leaves; messages sends receives reports
    8 super_admin: adds 1 2 3 4 5 6 7 8; removes 1 2 3 4 5 6 7 8; bans 2 3 4 5 6 7 8; unbans to 2 3 4 5 6 7 8; kicks 2 3 4 5 6 7 8; moves 2>5 2>8 3>6 4>7 5>2 5>8 6>3 7>4 8>2 8>5; takes 2 3 4 5 6 7 8; own joins adds removes leaves; messages sends receives reports; sets name description avatar subject mood; changes roles base preauth reinit
    9 policy_enforcer: adds 1; removes 1 3 4 5 6 7 8; bans 3 4 5 6 7 8; kicks 2 3 4 5 6 7 8; changes roles preauth reinit
    ");
}

#[test]
fn an_org_admin_has_no_say_over_other_organisations() {
    let hall = Hall::new(multi_organization());
    for (own_user, own_admin) in ORGS {
        let admin = holder(own_admin, 'a');
        for (user, other) in ORGS {
            let within = user == own_user;
            for role in [user, other] {
                let target = holder(role, 'b');
                assert_eq!(hall.may_add(&admin, &outsider(), role), within);
                assert_eq!(hall.may_remove(&admin, &target), within);
                assert_eq!(hall.may_ban(&admin, &target), within);
            }
            let promoted = hall.may_move(&admin, &holder(user, 'b'), other);
            let demoted = hall.may_move(&admin, &holder(other, 'b'), user);
            assert_eq!((promoted, demoted), (within, within));
            if !within {
                assert!(!hall.may_move(&admin, &holder(user, 'b'), own_user));
                assert!(!hall.may_move(&admin, &holder(own_user, 'b'), user));
            }
        }
        assert!(!hall.may_remove(&admin, &holder(SUPER_ADMIN, 'b')));
        assert!(!hall.may_move(&admin, &holder(own_admin, 'b'), SUPER_ADMIN));
        // Not even a ban that it spoke itself can it lift.
        assert!(!hall.may_move(&admin, &holder(BANNED, 'b'), own_user));
    }
}

#[test]
fn a_guest_organisation_has_three_admins_at_most() {
    let mut hall = Hall::new(multi_organization());
    let (boss, admin) = (holder(SUPER_ADMIN, 'a'), holder(ORG_B_ADMIN, 'a'));
    let (user, third) = (holder(ORG_B_USER, 'a'), uri("mimi://b.example/u/third"));
    assert!(hall.may_add(&admin, &third, ORG_B_ADMIN));
    assert!(hall.may_move(&admin, &user, ORG_B_ADMIN));
    hall.enter(&third, ORG_B_ADMIN);
    for actor in [&admin, &boss] {
        assert!(!hall.may_add(actor, &outsider(), ORG_B_ADMIN));
        assert!(!hall.may_move(actor, &user, ORG_B_ADMIN));
    }
    // The host's are not counted.
    hall.enter(&uri("mimi://a.example/u/third"), ORG_A_ADMIN);
    assert!(hall.may_add(&boss, &outsider(), ORG_A_ADMIN));
}

#[test]
fn a_guest_organisation_keeps_an_admin_with_a_client() {
    let mut hall = Hall::new(multi_organization());
    let (boss, last) = (holder(SUPER_ADMIN, 'a'), holder(ORG_C_ADMIN, 'a'));
    assert!(hall.may_leave(&last) && hall.may_kick(&boss, &last));
    hall.exit(&holder(ORG_C_ADMIN, 'b'));
    assert!(!hall.may_leave(&last));
    assert!(!hall.may_remove(&boss, &last));
    assert!(!hall.may_ban(&boss, &last));
    assert!(!hall.may_move(&boss, &last, ORG_C_USER));
    assert!(!hall.may_kick(&boss, &last));
}

#[test]
fn the_last_super_admin_stays() {
    let mut hall = Hall::new(multi_organization());
    let (last, other) = (holder(SUPER_ADMIN, 'a'), holder(SUPER_ADMIN, 'b'));
    assert!(hall.may_leave(&last) && hall.may_remove(&other, &last));
    hall.exit(&other);
    assert!(!hall.may_leave(&last));
    assert!(!hall.may_remove(&holder(POLICY_ENFORCER, 'a'), &last));
    assert!(!hall.may_ban(&holder(POLICY_ENFORCER, 'a'), &last));
}
