//! What reading and writing bodies costs beside the work that cannot be left
//! out, and how much memory it takes.
//!
//! ```sh
//! cargo bench -p mimi-protocol --bench wire
//! ```
//!
//! The floor of a header view reads the same fields as plain slices. That of a
//! `notify` body does so for each message, and keeps the message and the hub's
//! signature as shared parts of the body, in a vector of the right size. That of
//! an encoding allocates the right size and copies the octets into it. Each
//! figure is the fastest of many samples that were taken in turns with those of
//! its floor, and includes dropping the result.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::as_conversions,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a measurement is no library code"
)]

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Encode, Writer};
use mimi_content::{MimiUri, Timestamp};
use mimi_protocol::wire::mls::{ApplicationMessage, CipherSuite, MlsMessage};
use mimi_protocol::wire::{
    Decode, FanoutEvent, FanoutMessage, FanoutMessages, Frank, SubmitMessageRequest,
};

const SAMPLES: usize = 200;
const MESSAGES: usize = 1_000;

/// The fastest samples of two things done in turns, in nanoseconds an iteration.
fn fastest(iterations: usize, mut one: impl FnMut(), mut other: impl FnMut()) -> (f64, f64) {
    let time = |run: &mut dyn FnMut()| {
        let began = Instant::now();
        (0..iterations).for_each(|_| run());
        began.elapsed().as_nanos() as f64 / iterations as f64
    };
    let mut best = (f64::MAX, f64::MAX);
    for _ in 0..SAMPLES {
        best.0 = time(&mut one).min(best.0);
        best.1 = time(&mut other).min(best.1);
    }
    best
}

fn show(what: &str, (time, floor): (f64, f64), run: impl FnOnce()) {
    let memory = allocation_counter::measure(run);
    println!(
        "  {what:<36} {time:>8.1} ns   floor {floor:>8.1} ns   ratio {:>5.2}   {} allocations of {} octets",
        time / floor,
        memory.count_total,
        memory.bytes_total
    );
}

/// A PrivateMessage as OpenMLS makes them, with a franking tag and so much
/// ciphertext.
fn private_message(ciphertext: usize) -> Bytes {
    let tag = ComponentMap::from_iter([(ComponentId::FRANK_AAD, vec![7; 32])]);
    let octets = Writer::write(|w| {
        w.raw(&[0, 1, 0, 2]);
        w.opaque(&[3; 32]);
        w.u64(41);
        w.u8(1);
        w.vector(|w| tag.encode(w));
        w.opaque(&[4; 28]);
        w.opaque(&vec![5; ciphertext]);
    });
    octets.unwrap().into()
}

fn fanned_out(ciphertext: usize) -> FanoutMessage {
    let message = private_message(ciphertext);
    FanoutMessage {
        timestamp: Timestamp::from_millis(1_790_000_000_000),
        event: FanoutEvent::Application {
            message: ApplicationMessage::from_bytes(&message).unwrap(),
            frank: Some(Frank {
                server_frank: [8; 32],
                ciphersuite: CipherSuite(1),
                integrity_signature: Bytes::from_static(&[9; 64]),
            }),
        },
    }
}

fn fixed<'a>(input: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, rest) = input.split_at_checked(len)?;
    *input = rest;
    Some(taken)
}

fn opaque<'a>(input: &mut &'a [u8]) -> Option<&'a [u8]> {
    let first = usize::from(fixed(input, 1)?[0]);
    let len = match first >> 6 {
        0 => first,
        1 => (first & 0x3f) << 8 | usize::from(fixed(input, 1)?[0]),
        _ => {
            let low = fixed(input, 3)?;
            (first & 0x3f) << 24
                | usize::from(low[0]) << 16
                | usize::from(low[1]) << 8
                | usize::from(low[2])
        }
    };
    fixed(input, len)
}

/// Format, group, epoch, content type and additional data.
type Header<'a> = (&'a [u8], &'a [u8], u64, u8, &'a [u8]);

fn header<'a>(input: &mut &'a [u8]) -> Option<Header<'a>> {
    let format = fixed(input, 4)?;
    let group = opaque(input)?;
    let epoch = u64::from_be_bytes(fixed(input, 8)?.try_into().ok()?);
    let content_type = fixed(input, 1)?[0];
    let aad = opaque(input)?;
    opaque(input)?;
    opaque(input)?;
    Some((format, group, epoch, content_type, aad))
}

struct Event {
    #[expect(dead_code, reason = "kept as a host would")]
    message: (u64, u64, u8, Bytes),
    #[expect(dead_code, reason = "kept as a host would")]
    frank: Option<([u8; 32], u16, Bytes)>,
}

fn event(body: &Bytes, input: &mut &[u8]) -> Option<Event> {
    let timestamp = u64::from_be_bytes(fixed(input, 8)?.try_into().ok()?);
    let before = *input;
    let (_, _, epoch, content_type, _) = header(input)?;
    let octets = &before[..before.len() - input.len()];
    let message = (timestamp, epoch, content_type, body.slice_ref(octets));
    let frank = match fixed(input, 1)?[0] {
        0 => None,
        _ => {
            let server_frank = fixed(input, 32)?.try_into().ok()?;
            let suite = u16::from_be_bytes(fixed(input, 2)?.try_into().ok()?);
            Some((server_frank, suite, body.slice_ref(opaque(input)?)))
        }
    };
    Some(Event { message, frank })
}

fn events(body: &Bytes) -> Option<Vec<Event>> {
    let mut events = Vec::with_capacity(MESSAGES);
    let mut input = &body[..];
    while !input.is_empty() {
        events.push(event(body, &mut input)?);
    }
    Some(events)
}

fn encoding(what: &str, value: &impl Encode, iterations: usize) {
    let octets = value.to_vec().unwrap();
    let times = fastest(
        iterations,
        || drop(black_box(black_box(value).to_vec().unwrap())),
        || {
            let mut copy = Vec::with_capacity(black_box(octets.len()));
            copy.extend_from_slice(black_box(&octets));
            drop(black_box(copy));
        },
    );
    let what = format!("{what}, {} octets", octets.len());
    show(&what, times, || drop(value.to_vec()));
}

fn main() {
    println!("reading");
    for ciphertext in [100, 4_000] {
        let message = private_message(ciphertext);
        let read = || {
            drop(black_box(
                MlsMessage::from_bytes(black_box(&message)).unwrap(),
            ))
        };
        let times = fastest(1_000, read, || {
            black_box(header(&mut black_box(&message[..])).unwrap());
        });
        let what = format!("header view, {} octets", message.len());
        show(&what, times, read);
    }
    let body = FanoutMessages((0..MESSAGES).map(|_| fanned_out(500)).collect());
    let octets = Bytes::from(body.to_vec().unwrap());
    let read = || {
        drop(black_box(
            FanoutMessages::from_bytes(black_box(&octets)).unwrap(),
        ))
    };
    let (time, floor) = fastest(10, read, || {
        drop(black_box(events(black_box(&octets)).unwrap()));
    });
    let each = (time / MESSAGES as f64, floor / MESSAGES as f64);
    show("a message of a notify body of 1,000", each, read);
    println!(
        "  {} octets a message in memory",
        size_of::<FanoutMessage>()
    );

    println!("writing");
    encoding("submitMessage", &submitted(500), 1_000);
    encoding("notify of 1", &fanned_out(500), 1_000);
    encoding("notify of 1,000", &body, 10);
}

fn submitted(ciphertext: usize) -> SubmitMessageRequest {
    SubmitMessageRequest {
        app_message: ApplicationMessage::from_bytes(&private_message(ciphertext)).unwrap(),
        sending_uri: MimiUri::parse("mimi://a.example/u/alice").unwrap(),
    }
}
