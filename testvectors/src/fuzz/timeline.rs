//! A room in which anything happens, in any order.

use std::collections::BTreeSet;

use mimi_content::timeline::{Grant, Inserted, Received, Replacement, Timeline, sender_only};
use mimi_content::{
    Disposition, Expiration, MessageId, MessageStatus, MimiContent, MimiUri, NestedPart,
    PartSemantics, PerMessageStatus, Salt, StatusReport, Timestamp, TopicId,
};

/// What the tests of the timeline compare with, by public API only.
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the tests use more of the model than this"
)]
#[path = "../../../mimi-content/tests/timeline/model.rs"]
mod model;

use super::policy::Script;
use model::{Happened, Model, seen};

/// Most messages and reports of one run.
const MAX_EVENTS: usize = 24;
/// How many IDs there are, those of messages that never come included.
const IDS: u8 = 16;

/// Messages, reports, readings and the end of some of it, compared with a slow
/// model.
///
/// The octets are instructions, each argument one octet, absent ones 0. First
/// `rule`, `now` and `events`; of these there are `events % 24`, each a message
/// (`kind`, `number`, `sender`, `time`, `about`, `text`) or a report (`kind`,
/// `sender`, `time`, `about`, `status`). What follows says in which order they
/// arrive.
pub fn timeline(data: &[u8]) {
    let mut script = Script(data);
    let rights = if script.octet().is_multiple_of(2) {
        sender_only
    } else {
        generous
    };
    let now = time(script.octet());
    let mut happened = Happened {
        messages: Vec::new(),
        reports: Vec::new(),
        reads: Vec::new(),
        now,
        rights,
    };
    let mut taken = BTreeSet::new();
    for _ in 0..usize::from(script.octet()) % MAX_EVENTS {
        match script.octet() {
            kind @ 0..=199 => {
                let message = message(kind, &mut script);
                if taken.insert(message.id) {
                    happened.messages.push(message);
                }
            }
            200..=239 => {
                let sender = user(script.octet());
                let accepted = time(script.octet());
                happened
                    .reports
                    .push((sender, accepted, report(&mut script)));
            }
            _ => {
                let read = id(script.octet());
                happened.reads.push((read, time(script.octet())));
            }
        }
    }
    compare(&happened, &mut script);
}

fn compare(happened: &Happened, script: &mut Script<'_>) {
    let ids: BTreeSet<MessageId> = (0..IDS).map(id).collect();
    let mut timeline = Timeline::new();
    let mut waiting = happened.messages.clone();
    while !waiting.is_empty() {
        let message = waiting.remove(usize::from(script.octet()) % waiting.len());
        let again = script.octet().is_multiple_of(4);
        timeline.insert(message.clone(), happened.rights);
        if again {
            let before = timeline.clone();
            assert_eq!(
                timeline.insert(message, happened.rights),
                Inserted::Duplicate
            );
            assert!(timeline == before);
        }
    }
    for (sender, accepted, report) in &happened.reports {
        timeline.report(sender, *accepted, report);
    }
    for (read, time) in &happened.reads {
        timeline.read(read, *time);
    }
    let before = Model::new(happened, false);
    assert_eq!(seen(&timeline, &ids), before.view());
    assert_eq!(timeline.next_deadline(), before.next_deadline());
    timeline.expire(happened.now);
    assert_eq!(seen(&timeline, &ids), Model::new(happened, true).view());
}

/// Who has the first letter of the alphabet may do everything.
fn generous(replacement: &Replacement<'_>) -> Grant {
    if *replacement.sender == user(0) {
        return Grant {
            body: true,
            topic: replacement.original_sender == replacement.sender,
        };
    }
    sender_only(replacement)
}

fn message(kind: u8, script: &mut Script<'_>) -> Received {
    let number = script.octet();
    let sender = user(script.octet());
    let accepted = time(script.octet());
    let about = id(script.octet());
    let text = script.octet();
    let plain = || NestedPart::plain(["a", "b", "c"][usize::from(text % 3)]);
    let react = |text: u8| NestedPart::reaction(["\u{2764}", "+"][usize::from(text % 2)]);
    let content = |body| MimiContent::new(Salt::new([text; 16]), body);
    let mut content = match kind % 8 {
        0 | 1 => content(plain()),
        2 => content(plain()).with_reply_to(about),
        3 => content(plain()).with_replaces(about),
        4 => content(NestedPart::null()).with_replaces(about),
        5 => content(react(text)).with_reply_to(about),
        6 => {
            let parts = vec![react(text), react(text / 2)];
            let body = NestedPart::multi(PartSemantics::ProcessAll, parts).unwrap();
            content(body.with_disposition(Disposition::REACTION)).with_reply_to(about)
        }
        _ => content(react(text)).with_replaces(about),
    };
    content.expires = match kind / 8 % 4 {
        0 => Some(Expiration::At(u32::from(text % 4))),
        1 => Some(Expiration::AfterReading(u32::from(text % 4))),
        _ => None,
    };
    if kind / 32 % 2 == 1 {
        content.topic_id = TopicId::new(vec![text % 2]).unwrap();
    }
    Received {
        id: id(number),
        sender,
        accepted,
        content,
    }
}

fn report(script: &mut Script<'_>) -> StatusReport {
    let entries = (0..1 + script.octet() % 3).map(|_| PerMessageStatus {
        message_id: id(script.octet()),
        status: MessageStatus(script.octet() % 9),
    });
    StatusReport(entries.collect())
}

/// Two IDs each differ in their last octet only.
fn id(number: u8) -> MessageId {
    let number = number % IDS;
    let mut octets = [1; 32];
    octets[4] = number / 2;
    octets[31] = number % 2;
    MessageId::new(octets).unwrap()
}

fn user(number: u8) -> MimiUri {
    let name = ["alice", "bob", "mallory"][usize::from(number % 3)];
    MimiUri::new_user("a.example", name).unwrap()
}

/// In steps of half a second, so that some are the same.
fn time(number: u8) -> Timestamp {
    Timestamp::from_millis(u64::from(number % 16) * 500)
}
