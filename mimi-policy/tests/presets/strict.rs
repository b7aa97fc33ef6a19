//! POLICY, "Strictly administered room".

use insta::assert_snapshot;
use mimi_policy::presets::{self, GROUP_ADMIN, ORDINARY_USER, SUPER_ADMIN};

use crate::hall::{Hall, holder};
use crate::tables;

#[test]
fn the_roles_have_the_capabilities_of_the_draft() {
    assert_snapshot!(tables::capabilities(&presets::strict()), @"
                                    0 1 2 3 4 5
    canAddParticipant               . . . x x .
    canRemoveParticipant            . . . x x x
    canAddOwnClient                 . . x x x .
    canRemoveOwnClient              . . x x x .
    canJoinIfPreauthorized          . . x x x .
    canRemoveSelf                   . . x x x .
    canCreateJoinCode               . . . x x .
    canDeleteJoinCode               . . . x x .
    canUseJoinCode                  x . . . . .
    canBan                          . . . x x x
    canUnban                        . . . x x x
    canKick                         . . . x x x
    canChangeUserRole               . . . x x x
    canChangeOwnRole                . . x x x .
    canSendMessage                  . . x x x .
    canReceiveMessage               . . x x x .
    canCopyMessage                  . . x x x .
    canReportAbuse                  . . x x x .
    canReactToMessage               . . x x x .
    canDeleteOwnReaction            . . x x x .
    canDeleteOtherReaction          . . . x x .
    canEditOwnMessage               . . x x x .
    canDeleteOwnMessage             . . x x x .
    canDeleteOtherMessage           . . . x x .
    canStartTopic                   . . x x x .
    canReplyInTopic                 . . x x x .
    canEditOwnTopic                 . . . x x .
    canEditOtherTopic               . . . x x .
    canUploadImage                  . . x x x .
    canUploadAudio                  . . x x x .
    canUploadVideo                  . . x x x .
    canUploadAttachment             . . x x x .
    canDownloadImage                . . x x x .
    canDownloadAudio                . . x x x .
    canDownloadVideo                . . x x x .
    canDownloadAttachment           . . x x x .
    canSendLink                     . . x x x .
    canSendLinkPreview              . . x x x .
    canFollowLink                   . . x x x .
    canCopyLink                     . . x x x .
    canChangeRoomName               . . . x x .
    canChangeRoomDescription        . . . x x .
    canChangeRoomAvatar             . . . x x .
    canChangeRoomSubject            . . . x x .
    canChangeRoomMood               . . . x x .
    canChangeOwnName                . . x x x .
    canChangeOwnPresence            . . x x x .
    canChangeOwnMood                . . x x x .
    canChangeOwnAvatar              . . x x x .
    canDestroyRoom                  . . . . x x
    canChangeRoomMembershipStyle    . . . . x .
    canChangeRoleDefinitions        . . . . x x
    canChangePreauthorizedUserList  . . . . x x
    canChangeMlsOperationalPolicies . . . . . x
    canSendMLSReinitProposal        . . . . x x
    nobody: canOpenJoin canKnock canAcceptKnock canCreateSubgroup
    nobody: canReplyToMessage canEditReaction canSendDirectMessage canTargetMessage
    nobody: canStartCall canJoinCall canSendAudio canReceiveAudio
    nobody: canSendVideo canReceiveVideo canShareScreen canViewSharedScreen
    nobody: canCreateRoom canChangeOtherPolicyAttribute canSendMLSUpdateProposal canSendMLSPSKProposal
    nobody: canSendMLSExternalProposal canSendMLSExternalCommit
    ");
}

#[test]
fn the_roles_have_the_constraints_and_moves_of_the_draft() {
    assert_snapshot!(tables::moves(&presets::strict()), @"
    0 no_role         0..    active 0..=0  (0,[2])
    1 banned          0..    active 0..=0
    2 ordinary_user   0..    active 0..    (0,[2]) (2,[0])
    3 group_admin     1..    active 0..    (0,[1,2,3]) (1,[0,2,3]) (2,[0,1,3]) (3,[0,1,2])
    4 super_admin     0..    active 0..    (0,[1,2,3,4]) (1,[0,2,3,4]) (2,[0,1,3,4]) (3,[0,1,2,4]) (4,[0,1,2,3])
    5 policy_enforcer 1..=2  active 0..=0  (0,[1]) (1,[0]) (2,[0,1]) (3,[0,1]) (4,[0,1])
    ");
}

#[test]
fn only_admins_say_who_is_in() {
    assert_snapshot!(Hall::new(presets::strict()).deeds(), @"
    0 no_role: by code as 2; preauthorised as 2 3 4
    1 banned: nothing
    2 ordinary_user: takes 2 3 4; own joins adds removes leaves; messages sends receives reports
    3 group_admin: adds 1 2 3; removes 1 2 3; bans 2 3; unbans to 2 3; kicks 2 3 4; moves 2>3 3>2; takes 2 3 4; own joins adds removes leaves; messages sends receives reports; sets name description avatar subject mood
    4 super_admin: adds 1 2 3 4; removes 1 2 3 4; bans 2 3 4; unbans to 2 3 4; kicks 2 3 4; moves 2>3 2>4 3>2 3>4 4>2 4>3; takes 2 3 4; own joins adds removes leaves; messages sends receives reports; sets name description avatar subject mood; changes roles base preauth reinit
    5 policy_enforcer: adds 1; removes 1 2 3 4; bans 2 3 4; kicks 2 3 4; changes roles preauth reinit
    ");
}

#[test]
fn the_last_group_admin_stays_whoever_wants_it_gone() {
    let mut hall = Hall::new(presets::strict());
    hall.exit(&holder(GROUP_ADMIN, 'b'));
    let last = holder(GROUP_ADMIN, 'a');
    let boss = holder(SUPER_ADMIN, 'a');
    assert!(!hall.may_leave(&last));
    assert!(!hall.may_remove(&boss, &last));
    assert!(!hall.may_ban(&boss, &last));
    assert!(!hall.may_move(&boss, &last, ORDINARY_USER));
    // Its clients may go: the minimum is of participants.
    assert!(hall.may_kick(&boss, &last));
}
