//! Rooms at random, against the slow model.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::timeline::{
    Change, Grant, Inserted, Received, Replacement, Timeline, sender_only,
};
use mimi_content::{
    Expiration, MessageId, MessageStatus, MimiContent, MimiUri, NestedPart, PerMessageStatus,
    StatusReport, Timestamp,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::common::*;
use crate::model::{
    Drawn, Happened, Model, Reactions, View, seen, seen_message, seen_reactions, seen_statuses,
};

/// So few that they refer to each other all the time.
const IDS: u32 = 9;

fn any_id() -> impl Strategy<Value = u32> {
    0..IDS
}

fn any_user() -> impl Strategy<Value = MimiUri> {
    prop::sample::select(vec![alice(), bob(), mallory()])
}

fn any_body() -> impl Strategy<Value = NestedPart<'static>> {
    let emoji = || prop::sample::select(vec!["❤", "👍"]).prop_map(NestedPart::reaction);
    prop_oneof![
        3 => "[ab]".prop_map(NestedPart::plain),
        2 => Just(NestedPart::null()),
        3 => emoji(),
        1 => vec(emoji(), 2..4).prop_map(all_of),
        1 => emoji().prop_map(|emoji| all_of(vec![emoji, NestedPart::plain("c")])),
    ]
}

fn any_content() -> impl Strategy<Value = MimiContent<'static>> {
    let expires = prop_oneof![
        (0u32..3).prop_map(Expiration::At),
        (0u32..3).prop_map(Expiration::AfterReading),
    ];
    (
        any_body(),
        option::of(any_id()),
        option::of(any_id()),
        prop::sample::select(vec!["", "", "t", "u"]),
        option::weighted(0.3, expires),
        option::weighted(0.2, "[st]"),
    )
        .prop_map(|(body, replaces, in_reply_to, topic, expires, subject)| {
            let mut content = in_topic(content(body), topic);
            content.replaces = replaces.map(id);
            content.in_reply_to = in_reply_to.map(id);
            content.expires = expires;
            match subject {
                Some(subject) => with_subject(content, &subject),
                None => content,
            }
        })
}

fn any_report() -> impl Strategy<Value = (MimiUri, Timestamp, StatusReport)> {
    let entry = (any_id(), 0u8..9).prop_map(|(number, status)| PerMessageStatus {
        message_id: id(number),
        status: MessageStatus(status),
    });
    (any_user(), 0u64..4, vec(entry, 0..5))
        .prop_map(|(user, millis, entries)| (user, at(millis), StatusReport(entries)))
}

/// Alice deletes what she likes, everybody moves their own messages and she
/// all, and reactions cannot be edited.
fn elaborate(replacement: &Replacement<'_>) -> Grant {
    let is_alice = *replacement.sender == alice();
    let is_own = replacement.sender == replacement.original_sender;
    Grant {
        body: if replacement.is_delete {
            is_own || is_alice
        } else {
            is_own && !replacement.is_reaction
        },
        topic: is_own || is_alice,
    }
}

fn any_happened() -> impl Strategy<Value = Happened> {
    let message = (any_user(), 0u64..4, any_content());
    (
        vec(
            option::weighted(0.9, message),
            usize::try_from(IDS).unwrap(),
        ),
        vec(any_report(), 0..6),
        vec((any_id(), 0u64..3_000), 0..4),
        0u64..5_000,
        any::<bool>(),
    )
        .prop_map(|(messages, reports, reads, now, is_elaborate)| Happened {
            messages: (0..)
                .zip(messages)
                .filter_map(|(number, message)| {
                    let (sender, millis, content) = message?;
                    let accepted = at(millis);
                    Some(Received {
                        accepted,
                        ..sent(number, &sender, content)
                    })
                })
                .collect(),
            reports,
            reads: reads
                .into_iter()
                .map(|(n, millis)| (id(n), at(millis)))
                .collect(),
            now: at(now),
            rights: if is_elaborate { elaborate } else { sender_only },
        })
}

#[derive(Debug, Clone)]
enum Event {
    Message(Box<Received>),
    Report(MimiUri, Timestamp, StatusReport),
}

/// In an order of its own, and some of it twice.
fn shuffled(happened: Happened) -> impl Strategy<Value = (Happened, Vec<Event>)> {
    let messages = happened.messages.iter().cloned();
    let messages = messages.map(|message| Event::Message(Box::new(message)));
    let reports = happened.reports.iter().cloned();
    let reports = reports.map(|(user, time, report)| Event::Report(user, time, report));
    let once: Vec<Event> = messages.chain(reports).collect();
    let again = prop::sample::subsequence(once.clone(), 0..=once.len());
    let all = again.prop_flat_map(move |again| Just([once.clone(), again].concat()).prop_shuffle());
    (Just(happened), all)
}

/// What an application has on its screen that draws only what it is told to.
#[derive(Default)]
struct Screen {
    messages: BTreeSet<MessageId>,
    drawn: BTreeMap<MessageId, Drawn>,
    reactions: BTreeMap<MessageId, Reactions>,
    statuses: BTreeMap<MessageId, BTreeMap<MimiUri, MessageStatus>>,
}

impl Screen {
    fn draw(&mut self, timeline: &Timeline, changes: BTreeSet<Change>) {
        for change in changes {
            match change {
                Change::Added(id) => {
                    assert!(self.messages.insert(id), "a message is added once");
                    self.drawn.insert(id, seen_message(timeline, id));
                    self.statuses.insert(id, seen_statuses(timeline, id));
                }
                Change::Updated(id) => {
                    self.drawn.insert(id, seen_message(timeline, id));
                }
                Change::Reactions(id) => {
                    self.reactions.insert(id, seen_reactions(timeline, id));
                }
                Change::Status(id) => {
                    self.statuses.insert(id, seen_statuses(timeline, id));
                }
                Change::Refused(id) => assert!(timeline.get(&id).is_none()),
                other => panic!("{other:?} is new"),
            }
        }
    }

    /// Compares with all there is to see of messages.
    fn assert_shows(&self, view: &View) {
        assert!(
            self.messages
                .iter()
                .eq(view.messages.iter().collect::<BTreeSet<_>>())
        );
        for id in &self.messages {
            assert_eq!(self.drawn[id], view.drawn[id]);
            let none = Reactions::new();
            assert_eq!(self.reactions.get(id).unwrap_or(&none), &view.reactions[id]);
            let none = BTreeMap::new();
            let statuses = view.statuses.get(id).unwrap_or(&none);
            assert_eq!(&self.statuses[id], statuses);
        }
    }
}

#[cfg(feature = "serde")]
fn saved_and_restored(timeline: &Timeline) -> Timeline {
    let mut saved = Vec::new();
    ciborium::into_writer(timeline, &mut saved).unwrap();
    let restored = ciborium::from_reader(&saved[..]).unwrap();
    assert!(*timeline == restored);
    restored
}

#[cfg(not(feature = "serde"))]
fn saved_and_restored(timeline: &Timeline) -> Timeline {
    timeline.clone()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn any_order_of_arrival_leads_to_what_the_model_shows(
        (happened, events) in any_happened().prop_flat_map(shuffled),
    ) {
        let ids: BTreeSet<MessageId> = (0..IDS).map(id).collect();
        let mut timeline = Timeline::new();
        let mut screen = Screen::default();
        for event in events {
            let changes = match event {
                Event::Message(message) => {
                    let before = timeline.clone();
                    match timeline.insert(*message, happened.rights) {
                        Inserted::Duplicate => {
                            prop_assert!(timeline == before);
                            continue;
                        }
                        Inserted::Held => BTreeSet::new(),
                        Inserted::Changed(changes) => changes,
                    }
                }
                Event::Report(user, time, report) => timeline.report(&user, time, &report),
            };
            screen.draw(&timeline, changes);
        }
        let mut timeline = saved_and_restored(&timeline);
        for (read, time) in &happened.reads {
            timeline.read(read, *time);
        }
        let before = Model::new(&happened, false);
        prop_assert_eq!(seen(&timeline, &ids), before.view());
        screen.assert_shows(&before.view());
        prop_assert_eq!(timeline.next_deadline(), before.next_deadline());

        // Another one that received it all in order is equal.
        let mut sorted = Timeline::new();
        let mut messages = happened.messages.clone();
        messages.sort_by_key(Received::position);
        for message in messages {
            sorted.insert(message, happened.rights);
        }
        for (user, time, report) in &happened.reports {
            sorted.report(user, *time, report);
        }
        for (read, time) in happened.reads.iter().rev() {
            sorted.read(read, *time);
        }
        prop_assert!(timeline == sorted);

        let changes = timeline.expire(happened.now);
        screen.draw(&timeline, changes);
        let after = Model::new(&happened, true).view();
        prop_assert_eq!(seen(&timeline, &ids), after.clone());
        screen.assert_shows(&after);
        sorted.expire(happened.now);
        prop_assert!(timeline == sorted);
    }
}
