//! POLICY, "Moderated room".

use insta::assert_snapshot;
use mimi_policy::presets::moderated;

use crate::hall::{Hall, holder};
use crate::tables;

#[test]
fn the_roles_have_the_capabilities_of_the_draft() {
    assert_snapshot!(tables::capabilities(&moderated()), @"
                                    0 1 2 3 4 5 6 7
    canAddParticipant               . . . . . x x .
    canRemoveParticipant            . . . . . x x x
    canAddOwnClient                 . . . x x x x .
    canRemoveOwnClient              . . . x x x x .
    canJoinIfPreauthorized          . . . x x x x .
    canRemoveSelf                   . . x x x x x .
    canCreateJoinCode               . . . . . x x .
    canDeleteJoinCode               . . . . . x x .
    canUseJoinCode                  x . . . . . . .
    canBan                          . . . . . x x x
    canUnban                        . . . . . x x x
    canKick                         . . . . . x x x
    canChangeUserRole               . . . . . x x x
    canChangeOwnRole                . . . x x x x .
    canSendMessage                  . . . . x x x .
    canReceiveMessage               . . x x x x x .
    canCopyMessage                  . . x x x x x .
    canReportAbuse                  . . . x x x x .
    canReactToMessage               . . x x x x x .
    canDeleteOwnReaction            . . x x x x x .
    canDeleteOtherReaction          . . . . . x x .
    canEditOwnMessage               . . . . x x x .
    canDeleteOwnMessage             . . . . x x x .
    canDeleteOtherMessage           . . . . . x x .
    canStartTopic                   . . . . x x x .
    canReplyInTopic                 . . . x x x x .
    canEditOwnTopic                 . . . . . x x .
    canEditOtherTopic               . . . . . x x .
    canUploadImage                  . . . . x x x .
    canUploadAudio                  . . . . x x x .
    canUploadVideo                  . . . . x x x .
    canUploadAttachment             . . . . x x x .
    canDownloadImage                . . x x x x x .
    canDownloadAudio                . . x x x x x .
    canDownloadVideo                . . x x x x x .
    canDownloadAttachment           . . . x x x x .
    canSendLink                     . . . . x x x .
    canSendLinkPreview              . . . . x x x .
    canFollowLink                   . . x x x x x .
    canCopyLink                     . . x x x x x .
    canChangeRoomName               . . . . . x x .
    canChangeRoomDescription        . . . . . . x .
    canChangeRoomAvatar             . . . . . x x .
    canChangeRoomSubject            . . . . . x x .
    canChangeRoomMood               . . . . . x x .
    canChangeOwnName                . . . x x x x .
    canChangeOwnPresence            . . . x x x x .
    canChangeOwnAvatar              . . . x x x x .
    canDestroyRoom                  . . . . . . x x
    canChangeRoomMembershipStyle    . . . . . . x .
    canChangeRoleDefinitions        . . . . . . x x
    canChangePreauthorizedUserList  . . . . . . x x
    canChangeMlsOperationalPolicies . . . . . . . x
    canSendMLSReinitProposal        . . . . . . x x
    nobody: canOpenJoin canKnock canAcceptKnock canCreateSubgroup
    nobody: canReplyToMessage canEditReaction canSendDirectMessage canTargetMessage
    nobody: canChangeOwnMood canStartCall canJoinCall canSendAudio
    nobody: canReceiveAudio canSendVideo canReceiveVideo canShareScreen
    nobody: canViewSharedScreen canCreateRoom canChangeOtherPolicyAttribute canSendMLSUpdateProposal
    nobody: canSendMLSPSKProposal canSendMLSExternalProposal canSendMLSExternalCommit
    ");
}

#[test]
fn the_roles_have_the_constraints_and_moves_of_the_draft() {
    assert_snapshot!(tables::moves(&moderated()), @"
    0 no_role         0..    active 0..    (0,[2,3])
    1 banned          0..    active 0..=0
    2 guest           0..    active 0..    (0,[2]) (2,[0])
    3 attendee        0..    active 0..    (0,[3]) (3,[0])
    4 speaker         0..    active 0..    (0,[4]) (4,[0])
    5 moderator       1..    active 0..    (0,[1,2,3,4,5]) (1,[0,2,3,4,5]) (2,[0,1,3,4,5]) (3,[0,1,2,4,5]) (4,[0,1,2,3,5]) (5,[0,1,2,3,4])
    6 super_admin     0..    active 0..    (0,[1,2,3,4,5,6]) (1,[0,2,3,4,5,6]) (2,[0,1,3,4,5,6]) (3,[0,1,2,4,5,6]) (4,[0,1,2,3,5,6]) (5,[0,1,2,3,4,6]) (6,[0,1,2,3,4,5])
    7 policy_enforcer 1..=2  active 0..=0  (0,[1]) (1,[0]) (2,[0,1]) (3,[0,1]) (4,[0,1]) (5,[0,1]) (6,[0,1])
    ");
}

#[test]
fn few_speak_and_moderators_say_who() {
    assert_snapshot!(Hall::new(moderated()).deeds(), @"
    0 no_role: by code as 2 3; preauthorised as 3 4 5 6
    1 banned: nothing
    2 guest: own leaves; messages receives
    3 attendee: takes 2 3 4 5 6; own joins adds removes leaves; messages receives reports
    4 speaker: takes 2 3 4 5 6; own joins adds removes leaves; messages sends receives reports
    5 moderator: adds 1 2 3 4 5; removes 1 2 3 4 5; bans 2 3 4 5; unbans to 2 3 4 5; kicks 2 3 4 5 6; moves 2>3 2>4 2>5 3>2 3>4 3>5 4>2 4>3 4>5 5>2 5>3 5>4; takes 2 3 4 5 6; own joins adds removes leaves; messages sends receives reports; sets name avatar subject mood
    6 super_admin: adds 1 2 3 4 5 6; removes 1 2 3 4 5 6; bans 2 3 4 5 6; unbans to 2 3 4 5 6; kicks 2 3 4 5 6; moves 2>3 2>4 2>5 2>6 3>2 3>4 3>5 3>6 4>2 4>3 4>5 4>6 5>2 5>3 5>4 5>6 6>2 6>3 6>4 6>5; takes 2 3 4 5 6; own joins adds removes leaves; messages sends receives reports; sets name description avatar subject mood; changes roles base preauth reinit
    7 policy_enforcer: adds 1; removes 1 2 3 4 5 6; bans 2 3 4 5 6; kicks 2 3 4 5 6; changes roles preauth reinit
    ");
}

#[test]
fn an_attendee_is_heard_once_a_moderator_made_it_a_speaker() {
    let hall = Hall::new(moderated());
    let (attendee, moderator) = (
        holder(moderated::ATTENDEE, 'a'),
        holder(moderated::MODERATOR, 'a'),
    );
    assert!(hall.0.policy().may_send(&attendee).is_err());
    assert!(!hall.may_move(
        &holder(moderated::SPEAKER, 'a'),
        &attendee,
        moderated::SPEAKER
    ));
    assert!(hall.may_move(&moderator, &attendee, moderated::SPEAKER));
    let mut hall = hall;
    hall.exit(&attendee);
    hall.enter(&attendee, moderated::SPEAKER);
    assert!(hall.0.policy().may_send(&attendee).is_ok());
}
