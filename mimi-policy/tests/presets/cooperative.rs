//! POLICY, "Cooperatively administered room".

use insta::assert_snapshot;
use mimi_policy::presets;

use crate::hall::Hall;
use crate::tables;

#[test]
fn the_roles_have_the_capabilities_of_the_draft() {
    assert_snapshot!(tables::capabilities(&presets::cooperative()), @"
                                    0 1 2 3 4 5
    canAddParticipant               . . x x x .
    canRemoveParticipant            . . x x x x
    canAddOwnClient                 . . x x x .
    canRemoveOwnClient              . . x x x .
    canRemoveSelf                   . . x x x .
    canBan                          . . . x x x
    canUnban                        . . . x x x
    canKick                         . . . x x x
    canChangeUserRole               . . . x x x
    canSendMessage                  . . x x x .
    canReceiveMessage               . . x x x .
    canCopyMessage                  . . x x x .
    canReportAbuse                  . . x x x .
    canReplyToMessage               . . x x x .
    canReactToMessage               . . x x x .
    canDeleteOwnReaction            . . x x x .
    canEditOwnMessage               . . x x x .
    canDeleteOwnMessage             . . x x x .
    canDeleteOtherMessage           . . . x x .
    canStartTopic                   . . x x x .
    canReplyInTopic                 . . x x x .
    canEditOwnTopic                 . . x x x .
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
    canChangeRoomName               . . x x x .
    canChangeRoomDescription        . . . x x .
    canChangeRoomAvatar             . . x x x .
    canChangeRoomSubject            . . x x x .
    canChangeRoomMood               . . x x x .
    canChangeOwnName                . . x x x .
    canChangeOwnPresence            . . x x x .
    canChangeOwnMood                . . x x x .
    canChangeOwnAvatar              . . x x x .
    canDestroyRoom                  . . . . x x
    canChangeRoomMembershipStyle    . . . . x .
    canChangeRoleDefinitions        . . . . . x
    canChangePreauthorizedUserList  . . . . x x
    canChangeMlsOperationalPolicies . . . . . x
    canSendMLSReinitProposal        . . . . . x
    nobody: canOpenJoin canJoinIfPreauthorized canCreateJoinCode canDeleteJoinCode
    nobody: canUseJoinCode canKnock canAcceptKnock canChangeOwnRole
    nobody: canCreateSubgroup canEditReaction canDeleteOtherReaction canSendDirectMessage
    nobody: canTargetMessage canStartCall canJoinCall canSendAudio
    nobody: canReceiveAudio canSendVideo canReceiveVideo canShareScreen
    nobody: canViewSharedScreen canCreateRoom canChangeOtherPolicyAttribute canSendMLSUpdateProposal
    nobody: canSendMLSPSKProposal canSendMLSExternalProposal canSendMLSExternalCommit
    ");
}

#[test]
fn the_roles_have_the_constraints_and_moves_of_the_draft() {
    assert_snapshot!(tables::moves(&presets::cooperative()), @"
    0 no_role         0..    active 0..=0
    1 banned          0..    active 0..=0
    2 ordinary_user   0..    active 0..    (0,[2]) (2,[0])
    3 group_admin     1..    active 0..    (0,[1,2,3]) (1,[0,2,3]) (2,[0,1,3]) (3,[0,1,2])
    4 super_admin     0..    active 0..    (0,[1,2,3,4]) (1,[0,2,3,4]) (2,[0,1,3,4]) (3,[0,1,2,4]) (4,[0,1,2,3])
    5 policy_enforcer 1..=2  active 0..=0  (0,[1]) (1,[0]) (2,[0,1]) (3,[0,1]) (4,[0,1])
    ");
}

#[test]
fn users_run_the_room_and_admins_keep_order() {
    assert_snapshot!(Hall::new(presets::cooperative()).deeds(), @"
    0 no_role: nothing
    1 banned: nothing
    2 ordinary_user: adds 2; removes 2; own joins adds removes leaves; messages sends receives reports; sets name avatar subject mood
    3 group_admin: adds 1 2 3; removes 1 2 3; bans 2 3; unbans to 2 3; kicks 2 3 4; moves 2>3 3>2; own joins adds removes leaves; messages sends receives reports; sets name description avatar subject mood
    4 super_admin: adds 1 2 3 4; removes 1 2 3 4; bans 2 3 4; unbans to 2 3 4; kicks 2 3 4; moves 2>3 2>4 3>2 3>4 4>2 4>3; own joins adds removes leaves; messages sends receives reports; sets name description avatar subject mood; changes base preauth
    5 policy_enforcer: adds 1; removes 1 2 3 4; bans 2 3 4; kicks 2 3 4; changes roles preauth reinit
    ");
}
