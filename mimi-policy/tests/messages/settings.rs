//! Expiry, previews of links, and reports of status.

use mimi_content::component::ComponentId;
use mimi_content::tls::Encode;
use mimi_content::{
    Disposition, Expiration, MessageStatus, NestedPart, PerMessageStatus, StatusReport, Timestamp,
};
use mimi_policy::messages::{
    Breach, Facts, LeaveOut, check, check_report, link_previews, message_expiration, notification,
};
use mimi_policy::{
    Capability, ExpirationDurations, LinkPreviewPolicy, LinkPreviewProxy, MessageExpiration,
    Optionality, RoomPolicy, StatusNotificationPolicy, Uri,
};

use crate::room::*;

fn expiring(policy: MessageExpiration) -> RoomPolicy {
    let octets = policy.to_vec().unwrap();
    room_with(
        &everything(),
        &[(ComponentId::MESSAGE_EXPIRATION_POLICY, octets)],
    )
}

const HOUR: ExpirationDurations = ExpirationDurations {
    min: 60,
    max: 3600,
    default: Some(600),
};

fn expiry(policy: MessageExpiration, expires: Option<Expiration>) -> Option<Breach> {
    let content = mimi_content::MimiContent { expires, ..text() };
    let mut found = breaches(judge(&expiring(policy), &content, &Facts::default()));
    assert!(found.len() < 2);
    found.pop().map(|(breach, leave_out)| {
        assert_eq!(leave_out, LeaveOut::Nothing);
        breach
    })
}

#[test]
fn messages_expire_where_they_have_to_and_only_where_they_may() {
    let after = |seconds| Some(Expiration::AfterReading(seconds));
    let (optional, required) = (
        MessageExpiration::Optional(HOUR),
        MessageExpiration::Required(HOUR),
    );
    assert_eq!(expiry(optional, None), None);
    assert_eq!(expiry(required, None), Some(Breach::ExpirationMissing));
    assert_eq!(expiry(MessageExpiration::Forbidden, None), None);
    assert_eq!(
        expiry(MessageExpiration::Forbidden, after(60)),
        Some(Breach::ExpirationForbidden)
    );
    for policy in [optional, required] {
        let (min, max) = (60, 3600);
        let seconds = 59;
        assert_eq!(
            expiry(policy, after(59)),
            Some(Breach::ExpiresTooSoon { seconds, min })
        );
        assert_eq!(expiry(policy, after(60)), None);
        assert_eq!(expiry(policy, after(3600)), None);
        let seconds = 3601;
        assert_eq!(
            expiry(policy, after(3601)),
            Some(Breach::ExpiresTooLate { seconds, max })
        );
    }
}

#[test]
fn a_time_of_expiry_counts_from_when_the_hub_accepted() {
    let policy = expiring(MessageExpiration::Required(HOUR));
    let content = text().with_expiration(Expiration::At(1_800_000_060));
    let at = |millis| {
        let accepted = Timestamp::from_millis(millis);
        let verdict = check(&policy, &bob(), &content, &Facts::default(), accepted);
        breaches(verdict).pop().map(|(breach, _)| breach)
    };
    assert_eq!(at(1_800_000_000_000), None);
    assert_eq!(at(1_800_000_000_999), None);
    let (seconds, min) = (59, 60);
    let too_soon = Some(Breach::ExpiresTooSoon { seconds, min });
    assert_eq!(at(1_800_000_001_000), too_soon);
    // Long ago, and long ahead.
    let (seconds, min) = (0, 60);
    let too_soon = Some(Breach::ExpiresTooSoon { seconds, min });
    assert_eq!(at(u64::MAX), too_soon);
    let (seconds, max) = (1_800_000_060, 3600);
    assert_eq!(at(0), Some(Breach::ExpiresTooLate { seconds, max }));
}

#[test]
fn a_replacement_needs_no_expiry_since_it_keeps_the_first() {
    let policy = expiring(MessageExpiration::Required(HOUR));
    let edit = text().with_replaces(id(1));
    let facts = replacing(true, false, true, false);
    assert_eq!(judge(&policy, &edit, &facts), Ok(()));
}

#[test]
fn a_room_suggests_an_expiry() {
    let policy = message_expiration(&expiring(MessageExpiration::Optional(HOUR)));
    assert_eq!(
        policy.durations().and_then(|times| times.default),
        Some(600)
    );
    // Without a policy, anything goes.
    let free = message_expiration(&room(&[]));
    assert!(free.durations().is_some_and(|times| times.contains(0)
        && times.contains(u32::MAX)
        && times.default.is_none()));
}

fn previewing(send: Optionality, bob_can: &[Capability]) -> RoomPolicy {
    let policy = LinkPreviewPolicy {
        autodetect_hyperlinks: false,
        send_link_previews: send,
        automatic_link_previews: Optionality::Required,
        proxy: LinkPreviewProxy::Required(Uri::parse("https://proxy.example").unwrap()),
    };
    let octets = policy.to_vec().unwrap();
    room_with(bob_can, &[(ComponentId::LINK_PREVIEW_POLICY, octets)])
}

fn link() -> NestedPart<'static> {
    NestedPart::markdown("<https://a.example>")
}

fn preview() -> NestedPart<'static> {
    NestedPart::plain("A page").with_disposition(Disposition::PREVIEW)
}

#[test]
fn previews_are_sent_where_they_have_to_and_only_where_they_may() {
    let both = || all_of(vec![link(), preview()]);
    let forbidden = (Breach::PreviewForbidden, LeaveOut::Part(2));
    let missing = (Breach::PreviewMissing, LeaveOut::Nothing);
    for (send, with, without) in [
        (Optionality::Optional, vec![], vec![]),
        (Optionality::Required, vec![], vec![missing]),
        (Optionality::Forbidden, vec![forbidden], vec![]),
    ] {
        let policy = previewing(send, &everything());
        let found = |body| breaches(judge(&policy, &message(body), &Facts::default()));
        assert_eq!(found(both()), with);
        assert_eq!(found(link()), without);
        assert_eq!(found(NestedPart::plain("no link")), []);
        // A conference needs no preview.
        assert_eq!(found(asset("", Disposition::SESSION)), []);
    }
}

#[test]
fn a_multipart_that_is_a_preview_counts_with_what_it_holds() {
    let inner = all_of(vec![NestedPart::plain("A"), NestedPart::plain("page")]);
    let inner = inner.with_disposition(Disposition::PREVIEW);
    let policy = previewing(Optionality::Forbidden, &everything());
    let content = message(all_of(vec![link(), inner]));
    let found = judge(&policy, &content, &Facts::default()).unwrap_err();
    // The multipart; its parts say that they are to be rendered.
    assert!(found.leave_out_parts().into_iter().eq([2]));
}

#[test]
fn who_may_send_no_previews_need_not() {
    let mut can = everything();
    can.retain(|one| *one != Capability::SEND_LINK_PREVIEW);
    let policy = previewing(Optionality::Required, &can);
    assert_eq!(judge(&policy, &message(link()), &Facts::default()), Ok(()));
    let send = |user| link_previews(&policy, &user).send_link_previews;
    assert_eq!(send(bob()), Optionality::Forbidden);
    assert_eq!(send(alice()), Optionality::Required);
}

#[test]
fn who_may_follow_no_links_makes_no_previews() {
    let mut can = everything();
    can.retain(|one| *one != Capability::FOLLOW_LINK);
    let policy = previewing(Optionality::Optional, &can);
    let rules = link_previews(&policy, &bob());
    assert_eq!(rules.automatic_link_previews, Optionality::Forbidden);
    let rules = link_previews(&policy, &alice());
    assert_eq!(rules.automatic_link_previews, Optionality::Required);
    assert!(!rules.autodetect_hyperlinks);
    assert!(
        matches!(rules.proxy, LinkPreviewProxy::Required(uri) if uri.as_str() == "https://proxy.example")
    );
    // Without a policy it is theirs to choose.
    let rules = link_previews(&room(&everything()), &bob());
    assert_eq!(rules.automatic_link_previews, Optionality::Optional);
    assert_eq!(rules.proxy, LinkPreviewProxy::Forbidden);
}

fn reporting(
    delivery_notifications: Optionality,
    read_receipts: Optionality,
    bob_can: &[Capability],
) -> RoomPolicy {
    let policy = StatusNotificationPolicy {
        delivery_notifications,
        read_receipts,
    };
    let octets = policy.to_vec().unwrap();
    let component = (ComponentId::STATUS_NOTIFICATION_POLICY, octets);
    room_with(bob_can, &[component])
}

const DELIVERIES: [MessageStatus; 2] = [MessageStatus::DELIVERED, MessageStatus::ERROR];
const READS: [MessageStatus; 6] = [
    MessageStatus::UNREAD,
    MessageStatus::READ,
    MessageStatus::EXPIRED,
    MessageStatus::DELETED,
    MessageStatus::HIDDEN,
    MessageStatus(99),
];

fn report() -> StatusReport {
    let all = DELIVERIES.into_iter().chain(READS);
    // Each twice.
    let entries = all.clone().chain(all).map(|status| PerMessageStatus {
        message_id: id(1),
        status,
    });
    StatusReport(entries.collect())
}

#[test]
fn each_status_is_a_delivery_notification_or_a_read_receipt() {
    let (required, optional) = (Optionality::Required, Optionality::Optional);
    let policy = reporting(required, optional, &everything());
    for status in DELIVERIES {
        assert_eq!(notification(&policy, &bob(), status), required);
    }
    for status in READS {
        assert_eq!(notification(&policy, &bob(), status), optional);
    }
    assert_eq!(check_report(&policy, &bob(), &report()), Ok(()));
}

#[test]
fn what_is_forbidden_is_left_out_of_reports() {
    let (optional, forbidden) = (Optionality::Optional, Optionality::Forbidden);
    for (policy, kept, dropped) in [
        (
            reporting(optional, forbidden, &everything()),
            &DELIVERIES[..],
            &READS[..],
        ),
        (
            reporting(forbidden, optional, &everything()),
            &READS[..],
            &DELIVERIES[..],
        ),
    ] {
        let found = check_report(&policy, &bob(), &report()).unwrap_err();
        assert!(!found.leave_out_message());
        assert_eq!(found.iter().len(), dropped.len());
        assert!(kept.iter().all(|status| !found.leave_out_status(*status)));
        assert!(dropped.iter().all(|status| found.leave_out_status(*status)));
    }
    let policy = reporting(optional, forbidden, &everything());
    let read = StatusReport(vec![PerMessageStatus {
        message_id: id(1),
        status: MessageStatus::READ,
    }]);
    let found = check_report(&policy, &bob(), &read).unwrap_err();
    insta::assert_snapshot!(
        found,
        @r#"this room does not allow reports with the status "read" (POLICY, "Status Notifications component")"#
    );
}

#[test]
fn who_may_not_send_reports_nothing() {
    let required = Optionality::Required;
    let mut can = everything();
    can.retain(|one| *one != Capability::SEND_MESSAGE);
    let policy = reporting(required, required, &can);
    let status = MessageStatus::READ;
    assert_eq!(
        notification(&policy, &bob(), status),
        Optionality::Forbidden
    );
    assert_eq!(notification(&policy, &alice(), status), required);
    let found = check_report(&policy, &bob(), &report()).unwrap_err();
    assert!(found.leave_out_message() && found.leave_out_status(status));
    assert!(check_report(&policy, &stranger(), &report()).is_err());
}

#[test]
fn without_a_policy_each_reports_as_it_likes() {
    let policy = room(&everything());
    let status = MessageStatus::READ;
    assert_eq!(notification(&policy, &bob(), status), Optionality::Optional);
    assert_eq!(check_report(&policy, &bob(), &report()), Ok(()));
}
