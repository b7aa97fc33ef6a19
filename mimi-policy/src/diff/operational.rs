//! `mls_operational_policy` in words.

use std::fmt::{self, Display, Formatter};

use super::Change;
use super::further::allowed;
use super::lines::{Lines, Media, Of, Sides};
use crate::components::operational::{
    ExtendedCapabilities, MinDefaultMaxTime, OperationalParameters, PendingProposalPolicy,
};

pub(super) fn diff(_: &Change<'_>, policy: &Sides<'_, OperationalParameters>, lines: &mut Lines) {
    policy.value(lines, "proposing from outside", |policy| {
        allowed(policy.external_proposal_allowed)
    });
    policy.value(lines, "joining by an external commit", |policy| {
        allowed(policy.external_commit_allowed)
    });
    let mandatory = policy.inside(|policy| Some(&policy.mandatory_capabilities));
    diff_capabilities("mandatory", &mandatory, lines);
    let usual = policy.inside(|policy| Some(&policy.default_capabilities));
    diff_capabilities("usual", &usual, lines);
    let forbidden = policy.inside(|policy| Some(&policy.forbidden_capabilities));
    diff_capabilities("forbidden", &forbidden, lines);
    let formats = "the list of wire formats of handshakes";
    policy.list(lines, formats, |policy| &policy.handshake_formats);
    policy.value(lines, "committing what is pending", |policy| {
        Pending(policy.pending_proposal_policy)
    });
    diff_times(policy, lines);
    diff_numbers(policy, lines);
}

fn diff_times(policy: &Sides<'_, OperationalParameters>, lines: &mut Lines) {
    policy.value(lines, "the time between updates of a leaf node", |policy| {
        Time(policy.leaf_node_update_time)
    });
    policy.value(lines, "the lifetime of unused keys", |policy| {
        Time(policy.sender_nonce_keypair_lifetime)
    });
    policy.value(lines, "the time that early messages are kept", |policy| {
        Time(policy.buffer_incoming_message_time)
    });
    policy.value(lines, "the longest lifetime of a KeyPackage", |policy| {
        Of(policy.max_kp_lifetime, "seconds")
    });
    policy.value(lines, "the longest lifetime of a credential", |policy| {
        Of(policy.max_credential_lifetime, "seconds")
    });
    policy.value(lines, "the lifetime of resumption PSKs", |policy| {
        Of(policy.resumption_psk_lifetime, "seconds")
    });
}

fn diff_numbers(policy: &Sides<'_, OperationalParameters>, lines: &mut Lines) {
    policy.value(lines, "the maximum of unused keys", |policy| {
        policy.max_keypairs
    });
    policy.value(lines, "the maximum of early messages", |policy| {
        policy.max_buffered_messages
    });
    policy.value(lines, "the number of past epochs for messages", |policy| {
        policy.app_message_policy.epoch_tolerance
    });
    policy.value(lines, "the padding of messages", |policy| {
        Of(policy.app_message_policy.pad_to_size, "octets")
    });
    policy.value(lines, "the longest skip in a ratchet", |policy| {
        Of(
            policy.app_message_policy.max_generations_skipahead,
            "generations",
        )
    });
}

fn diff_capabilities(kind: &str, all: &Sides<'_, ExtendedCapabilities>, lines: &mut Lines) {
    let of = |what| format!("the list of {kind} {what}");
    all.list(lines, of("MLS versions"), |all| &all.versions);
    all.list(lines, of("cipher suites"), |all| &all.cipher_suites);
    all.list(lines, of("extensions"), |all| &all.extensions);
    all.list(lines, of("proposal types"), |all| &all.proposals);
    all.list(lines, of("credential types"), |all| &all.credentials);
    all.list(lines, of("wire formats"), |all| &all.wire_formats);
    all.list(lines, of("components"), |all| &all.component_ids);
    all.list(lines, of("Safe AAD components"), |all| &all.safe_aad_types);
    all.list(lines, of("media types"), |all| {
        all.media_types.iter().map(Media)
    });
    all.list(lines, of("content types"), |all| &all.content_types);
}

#[derive(PartialEq)]
struct Time(MinDefaultMaxTime);

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let MinDefaultMaxTime { min, default, max } = self.0;
        write!(f, "{default} seconds, at least {min} and at most {max}")
    }
}

#[derive(PartialEq)]
struct Pending(PendingProposalPolicy);

impl Display for Pending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            PendingProposalPolicy::Unspecified => f.write_str("at will"),
            PendingProposalPolicy::ImmediateCommit => f.write_str("immediate"),
            PendingProposalPolicy::RandomDelay { min_ms, max_ms } => {
                write!(f, "delayed by {min_ms} to {max_ms} milliseconds")
            }
        }
    }
}
