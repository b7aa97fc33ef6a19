//! What it costs to add a message to a timeline of 1,000 messages and to one of
//! 100,000.
//!
//! ```sh
//! cargo bench -p mimi-content --bench timeline
//! ```
//!
//! Of each kind a thousand messages are added to a copy of the timeline that a
//! thousand were added to before, over and over; the fastest round counts, and the
//! ratio of both sizes is printed. Those that are replied to, edited or reacted to
//! are any of the room's. Making messages is not part of it. Nothing is dropped:
//! both sizes get memory that was never used, as a room that grows does, and not one
//! of them what the round before has left in the caches.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a measurement is no library code"
)]

use std::hint::black_box;
use std::time::Instant;

use mimi_content::timeline::{Received, Timeline, sender_only};
use mimi_content::{MessageId, MimiContent, MimiUri, NestedPart, Salt, Timestamp};
use rand_core::{Rng, SeedableRng};

const SMALL: usize = 1_000;
const LARGE: usize = 100_000;
const ADDED: usize = 1_000;
const ROUNDS: usize = 12;

struct Source {
    rng: chacha20::ChaCha20Rng,
    users: Vec<MimiUri>,
    clock: u64,
}

impl Source {
    fn id(&mut self) -> MessageId {
        let mut octets = [1; 32];
        self.rng.fill_bytes(&mut octets[1..]);
        MessageId::new(octets).unwrap()
    }

    fn received(&mut self, content: MimiContent<'static>) -> Received {
        self.clock += 1 + self.rng.next_u64() % 1_000;
        let user = self.rng.next_u64() as usize % self.users.len();
        Received {
            id: self.id(),
            sender: self.users[user].clone(),
            accepted: Timestamp::from_millis(self.clock),
            content,
        }
    }

    fn plain(&mut self) -> Received {
        let text = format!("Message at {}, of usual length for a chat.", self.clock);
        let salt = Salt::generate(&mut self.rng);
        self.received(MimiContent::new(salt, NestedPart::plain(text)))
    }

    /// A message about one that is there, by the same user.
    fn about(&mut self, there: &[Received], kind: Kind) -> Received {
        let target = &there[self.rng.next_u64() as usize % there.len()];
        let plain = self.plain();
        let content = match kind {
            Kind::Plain => return plain,
            Kind::Reply => plain.content.clone().with_reply_to(target.id),
            Kind::Edit => plain.content.clone().with_replaces(target.id),
            Kind::Reaction => {
                let body = NestedPart::reaction("\u{2764}");
                MimiContent::new(plain.content.salt, body).with_reply_to(target.id)
            }
        };
        Received {
            sender: target.sender.clone(),
            content,
            ..plain
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Plain,
    Reply,
    Edit,
    Reaction,
}

fn main() {
    let users = (0..50).map(|n| MimiUri::new_user("a.example", &format!("user{n}")).unwrap());
    let mut source = Source {
        rng: chacha20::ChaCha20Rng::from_seed([7; 32]),
        users: users.collect(),
        clock: 1_700_000_000_000,
    };
    let there: Vec<Received> = (0..LARGE).map(|_| source.plain()).collect();
    let timeline = |messages: &[Received]| {
        let mut timeline = Timeline::new();
        for message in messages {
            timeline.insert(message.clone(), sender_only);
        }
        timeline
    };
    let (small, large) = (timeline(&there[..SMALL]), timeline(&there));
    for kind in [Kind::Plain, Kind::Reply, Kind::Edit, Kind::Reaction] {
        let (mut few, mut many) = (f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            few = few.min(measure(&mut source, &small, &there[..SMALL], kind));
            many = many.min(measure(&mut source, &large, &there, kind));
        }
        println!(
            "insert {kind:?}: {few:.0} ns at {SMALL} messages, {many:.0} ns at {LARGE}, ratio {:.2}",
            many / few
        );
    }
}

/// Nanoseconds for each message that is added when some were.
fn measure(source: &mut Source, timeline: &Timeline, there: &[Received], kind: Kind) -> f64 {
    let mut timeline = timeline.clone();
    let mut added: Vec<Received> = (0..2 * ADDED).map(|_| source.about(there, kind)).collect();
    for message in added.drain(..ADDED) {
        timeline.insert(message, sender_only);
    }
    let mut inserted = Vec::with_capacity(ADDED);
    let began = Instant::now();
    for message in added {
        inserted.push(timeline.insert(message, sender_only));
    }
    let took = began.elapsed();
    std::mem::forget(black_box((timeline, inserted)));
    took.as_nanos() as f64 / ADDED as f64
}
