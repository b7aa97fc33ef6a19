//! Previews of links that senders make.

use std::collections::BTreeSet;

use mimi_content::{MimiContent, MimiUri};

use super::assets::{AssetKind, assets};
use super::in_force;
use super::requirements::Need;
use super::violation::{Breach, LeaveOut, Violation};
use crate::capability::Capability;
use crate::components::optionality::Optionality;
use crate::policy::RoomPolicy;

/// What the link preview policy does not accept of a message that takes
/// `needs`. One preview is enough for all links, as nothing says which link it
/// shows; and who may not send previews need not.
pub(super) fn check(
    policy: &RoomPolicy,
    sender: &MimiUri,
    content: &MimiContent<'_>,
    needs: &[Need],
) -> Vec<Violation> {
    let of = |capability| {
        needs
            .iter()
            .filter(move |need| need.capability == capability)
    };
    let mut previews = of(Capability::SEND_LINK_PREVIEW);
    match in_force::previews(policy).send_link_previews {
        Optionality::Optional => Vec::new(),
        Optionality::Forbidden => previews
            .map(|need| Violation {
                breach: Breach::PreviewForbidden,
                leave_out: need.leave_out,
            })
            .collect(),
        Optionality::Required => {
            let services: BTreeSet<_> = assets(&content.body)
                .filter(|asset| asset.kind == AssetKind::Service)
                .map(|asset| LeaveOut::Part(asset.index))
                .collect();
            let has_link =
                of(Capability::SEND_LINK).any(|need| !services.contains(&need.leave_out));
            let missing = has_link
                && previews.next().is_none()
                && policy.can(sender, Capability::SEND_LINK_PREVIEW);
            let violation = Violation {
                breach: Breach::PreviewMissing,
                leave_out: LeaveOut::Nothing,
            };
            missing.then_some(violation).into_iter().collect()
        }
    }
}
