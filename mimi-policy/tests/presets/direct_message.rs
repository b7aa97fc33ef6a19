//! A direct message, which the draft describes without an example.

use insta::assert_snapshot;
use mimi_policy::presets::direct_message;

use crate::common::join_client;
use crate::hall::{Hall, holder, outsider};
use crate::tables;

fn hall() -> Hall {
    let mut hall = Hall::new(direct_message());
    hall.0.base = direct_message::base();
    hall
}

#[test]
fn the_participants_talk_and_the_hub_keeps_house() {
    assert_snapshot!(tables::capabilities(&direct_message()), @"
                                    0 2 3
    canAddOwnClient                 . x .
    canRemoveOwnClient              . x .
    canKick                         . . x
    canSendMessage                  . x .
    canReceiveMessage               . x .
    canCopyMessage                  . x .
    canReportAbuse                  . x .
    canReplyToMessage               . x .
    canReactToMessage               . x .
    canEditReaction                 . x .
    canDeleteOwnReaction            . x .
    canEditOwnMessage               . x .
    canDeleteOwnMessage             . x .
    canStartTopic                   . x .
    canReplyInTopic                 . x .
    canEditOwnTopic                 . x .
    canUploadImage                  . x .
    canUploadAudio                  . x .
    canUploadVideo                  . x .
    canUploadAttachment             . x .
    canDownloadImage                . x .
    canDownloadAudio                . x .
    canDownloadVideo                . x .
    canDownloadAttachment           . x .
    canSendLink                     . x .
    canSendLinkPreview              . x .
    canFollowLink                   . x .
    canCopyLink                     . x .
    canChangeRoomName               . x .
    canChangeRoomAvatar             . x .
    canChangeRoomSubject            . x .
    canChangeRoomMood               . x .
    canChangeOwnName                . x .
    canChangeOwnPresence            . x .
    canChangeOwnMood                . x .
    canChangeOwnAvatar              . x .
    canDestroyRoom                  . . x
    canChangeMlsOperationalPolicies . . x
    canSendMLSReinitProposal        . . x
    nobody: canAddParticipant canRemoveParticipant canOpenJoin canJoinIfPreauthorized
    nobody: canRemoveSelf canCreateJoinCode canDeleteJoinCode canUseJoinCode
    nobody: canBan canUnban canKnock canAcceptKnock
    nobody: canChangeUserRole canChangeOwnRole canCreateSubgroup canDeleteOtherReaction
    nobody: canDeleteOtherMessage canEditOtherTopic canSendDirectMessage canTargetMessage
    nobody: canChangeRoomDescription canStartCall canJoinCall canSendAudio
    nobody: canReceiveAudio canSendVideo canReceiveVideo canShareScreen
    nobody: canViewSharedScreen canCreateRoom canChangeRoomMembershipStyle canChangeRoleDefinitions
    nobody: canChangePreauthorizedUserList canChangeOtherPolicyAttribute canSendMLSUpdateProposal canSendMLSPSKProposal
    nobody: canSendMLSExternalProposal canSendMLSExternalCommit
    ");
}

#[test]
fn nobody_moves_anybody() {
    assert_snapshot!(tables::moves(&direct_message()), @"
    0 no_role         0..    active 0..=0
    2 participant     0..    active 0..
    3 policy_enforcer 0..=2  active 0..=0
    ");
}

#[test]
fn all_have_the_same_rights_and_nobody_comes_or_goes() {
    assert_snapshot!(hall().deeds(), @"
    0 no_role: nothing
    2 participant: own joins adds removes; messages sends receives reports; sets name avatar subject mood
    3 policy_enforcer: kicks 2; changes reinit
    ");
}

#[test]
fn the_hub_removes_a_lost_client_and_its_user_comes_back() {
    let mut hall = hall();
    let (user, hub) = (
        holder(direct_message::PARTICIPANT, 'a'),
        holder(direct_message::POLICY_ENFORCER, 'a'),
    );
    assert!(hall.may_kick(&hub, &user));
    assert!(!hall.may_kick(&holder(direct_message::PARTICIPANT, 'b'), &user));
    hall.0.clients.remove(0);
    let joiner = mimi_policy::Actor::joiner(&user);
    assert!(hall.0.act(joiner, &[join_client(&user)]).is_ok());
}

#[test]
fn neither_invitation_nor_code_nor_claims_let_anyone_in() {
    let hall = hall();
    for user in [
        holder(direct_message::PARTICIPANT, 'a'),
        holder(direct_message::POLICY_ENFORCER, 'a'),
    ] {
        assert!(!hall.may_add(&user, &outsider(), direct_message::PARTICIPANT));
    }
    assert!(!hall.may_join(direct_message::PARTICIPANT, true, true));
}
