//! Reports of what became of messages.

use std::collections::BTreeSet;

use mimi_content::{MessageStatus, MimiUri, StatusReport};

use super::in_force::status_notifications;
use super::lacking;
use super::requirements::Need;
use super::violation::{Breach, LeaveOut, Violation, Violations};
use crate::capability::Capability;
use crate::components::optionality::Optionality;
use crate::components::status::StatusNotificationPolicy;
use crate::policy::RoomPolicy;

/// Whether `user` tells others of this status of a message: at will, always or
/// never (POLICY, "Status Notifications component").
///
/// `delivered` and `error` are delivery notifications. All other statuses say
/// what a person did with the message, or that it was not read yet, and count as
/// read receipts; unknown ones, too.
#[must_use]
pub fn notification(policy: &RoomPolicy, user: &MimiUri, status: MessageStatus) -> Optionality {
    rule(&status_notifications(policy, user), status)
}

fn rule(rules: &StatusNotificationPolicy, status: MessageStatus) -> Optionality {
    match status {
        MessageStatus::DELIVERED | MessageStatus::ERROR => rules.delivery_notifications,
        _ => rules.read_receipts,
    }
}

/// Judges a report of `user`, before it is sent and after it was received, by
/// the policy of the epoch in which it is sent.
///
/// # Errors
/// With each status in it that the user may not tell others of. A receiver
/// leaves out the entries that have it.
pub fn check_report(
    policy: &RoomPolicy,
    user: &MimiUri,
    report: &StatusReport,
) -> Result<(), Violations> {
    Violations::of(lacking(
        policy,
        user,
        &[Need {
            capability: Capability::SEND_MESSAGE,
            leave_out: LeaveOut::Message,
        }],
    ))?;
    let rules = status_notifications(policy, user);
    let statuses: BTreeSet<_> = report.0.iter().map(|entry| entry.status).collect();
    let forbidden = statuses
        .into_iter()
        .filter(|status| rule(&rules, *status) == Optionality::Forbidden);
    Violations::of(
        forbidden
            .map(|status| Violation {
                breach: Breach::StatusForbidden(status),
                leave_out: LeaveOut::Status(status),
            })
            .collect(),
    )
}
