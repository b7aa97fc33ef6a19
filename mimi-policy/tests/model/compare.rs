//! Whether engine and model agree on what is asked without a commit.

use std::fmt::Debug;

use mimi_policy::{Capability, RoomPolicy, leavers};

use super::ask::commits;
use super::generate::{Questions, names};
use super::pending::Proposal;
use super::questions;
use super::room::{Attempt, Room};

/// Compares all answers that need no attempt.
pub(super) fn answers(policy: &RoomPolicy, room: &Room, asked: &Questions) -> Result<(), String> {
    beginnings(policy, room, asked)?;
    callers(policy, room, asked)?;
    messages(policy, room, asked)?;
    dependants(policy, room, asked)
}

/// `admits` and `may_begin`.
fn beginnings(policy: &RoomPolicy, room: &Room, asked: &Questions) -> Result<(), String> {
    let mut room = room.clone();
    room.clients
        .extend(asked.more.iter().map(|user| (5000, user.clone())));
    let clients = room.client_index();
    let (expected, answer) = (questions::admits(&room), policy.admits(&clients));
    same("admits", &expected, &answer, &room, asked)?;
    let parent = asked.hub.parent_policy();
    let hub = asked.hub.view(parent.as_ref());
    let expected = questions::may_begin(&room, &asked.hub);
    let answer = policy.may_begin(&clients, &hub);
    same("may_begin", &expected, &answer, &room, asked)
}

/// `may_join`, by the same right.
fn callers(policy: &RoomPolicy, room: &Room, asked: &Questions) -> Result<(), String> {
    for who in &asked.callers {
        let (expected, answer) = (
            questions::may_join(room, who),
            policy.may_join(&who.actor()),
        );
        if expected.ok() != answer.as_ref().ok().copied() {
            let what = format!("may_join of {who:?}");
            return Err(differ(&what, &expected, &answer, room, asked));
        }
    }
    Ok(())
}

/// Who may send, receive and report, and which messages come through.
fn messages(policy: &RoomPolicy, room: &Room, asked: &Questions) -> Result<(), String> {
    let (everybody, mut receivers) = (names(), Vec::new());
    for user in &everybody {
        let rights = [
            Capability::SEND_MESSAGE,
            Capability::REPORT_ABUSE,
            Capability::RECEIVE_MESSAGE,
        ];
        let expected = rights.map(|capability| questions::may(room, user, capability));
        let answer = [
            policy.may_send(user).is_ok(),
            policy.may_report(user).is_ok(),
            policy.may_receive(user),
        ];
        if expected != answer {
            let what = format!("sending, reporting or receiving of {user}");
            return Err(differ(&what, &expected, &answer, room, asked));
        }
        receivers.extend(expected[2].then_some(user));
    }
    let fan_out = policy.receivers().map(|entry| entry.user.to_uri());
    let fan_out: Vec<_> = fan_out.collect();
    if fan_out.len() != receivers.len() || !fan_out.iter().all(|user| receivers.contains(&user)) {
        return Err(differ("receivers", &receivers, &fan_out, room, asked));
    }
    let (sent, now) = asked.epochs;
    let expected = (
        questions::accepts_handshake(room, asked.format),
        questions::accepts_epoch(room, sent, now),
    );
    let answer = (
        policy.accepts_handshake(asked.format).is_ok(),
        policy.accepts_epoch(sent, now).is_ok(),
    );
    match expected == answer {
        true => Ok(()),
        false => Err(differ("format and epoch", &expected, &answer, room, asked)),
    }
}

/// Who leaves this room as it left the parent.
fn dependants(policy: &RoomPolicy, room: &Room, asked: &Questions) -> Result<(), String> {
    let (Some(parent), Some(known)) = (&asked.hub.parent, asked.hub.parent_policy()) else {
        return Ok(());
    };
    let expected: Vec<String> = questions::leavers(room, parent)
        .into_iter()
        .map(|user| user.as_str().to_owned())
        .collect();
    let answer = leavers(&known, [((), policy)]).flat_map(|((), users)| users);
    let answer: Vec<String> = answer.map(|user| user.as_str().to_owned()).collect();
    match expected == answer {
        true => Ok(()),
        false => Err(differ("leavers", &expected, &answer, room, asked)),
    }
}

/// `may_propose` of a bundle, where the others before it are waiting. Both must
/// allow all of it together first.
pub(super) fn proposals(
    policy: &RoomPolicy,
    room: &Room,
    attempt: &Attempt,
    asked: &Questions,
) -> Result<(), String> {
    // It is a hub that asks.
    let attempt = Attempt {
        hub: Some(asked.hub.clone()),
        ..attempt.clone()
    };
    let Some(proposal) = Proposal::of(room, &attempt, asked.pending) else {
        return Ok(());
    };
    commits(policy, room, &proposal.together)?;
    let Some((provisional, _)) = commits(policy, room, &proposal.pending)? else {
        return Ok(());
    };
    let expected = proposal.may_come(room);
    let answer = proposal.together.with_candidate(room, |candidate| {
        let (new, pending) = candidate.bundles.split_last().unwrap();
        policy.may_propose(&provisional, pending, new, candidate.clients)
    });
    let what = format!("may_propose of the last of {:#?}", proposal.together);
    same(&what, &expected, &answer, room, asked)
}

/// Both allow it, or neither does.
fn same(
    what: &str,
    expected: &Result<(), impl Debug>,
    answer: &Result<(), impl Debug>,
    room: &Room,
    asked: &Questions,
) -> Result<(), String> {
    if expected.is_ok() == answer.is_ok() {
        return Ok(());
    }
    Err(differ(what, expected, answer, room, asked))
}

fn differ(
    what: &str,
    expected: &impl Debug,
    answer: &impl Debug,
    room: &Room,
    asked: &Questions,
) -> String {
    format!(
        "{what}: the model says {expected:?},\nthe engine {answer:?},\nasked {asked:#?}\nin {room:#?}"
    )
}
