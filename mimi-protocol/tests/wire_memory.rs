//! What reading a body takes: payloads are shared with it, and a body that is
//! all overhead does not become many times its size.

// A test stops where something is not as it should be.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "tests stop at what must not happen"
)]

mod support;

use allocation_counter::{AllocationInfo, measure};
use bytes::Bytes;
use mimi_content::tls::Rule;
use mimi_protocol::wire::limits::*;
use mimi_protocol::wire::mls::{MlsMessage, Welcome};
use mimi_protocol::wire::*;
use support::prefixed;

/// A body that others hold as well, so that sharing it takes no memory.
fn shared(octets: Vec<u8>) -> Bytes {
    let body = Bytes::from(octets);
    std::mem::forget(body.clone());
    body
}

fn read<T: Decode>(body: &Bytes) -> (Result<T, DecodeError>, AllocationInfo) {
    let mut read = None;
    let memory = measure(|| read = Some(T::from_bytes(body)));
    (read.unwrap(), memory)
}

/// A PrivateMessage with application data, and its additional data `aad`.
fn private(aad: &[u8]) -> Vec<u8> {
    let group = [&[0, 1, 0, 2][..], &prefixed(&[7; 32]), &[0; 8], &[1]].concat();
    let sealed = [prefixed(&[5; 28]), prefixed(&[6; 500])].concat();
    [group, prefixed(aad), sealed].concat()
}

fn franked() -> Vec<u8> {
    let frank = [&[1][..], &[8; 34], &prefixed(&[9; 64])].concat();
    [&[0; 8][..], &private(&[4; 38]), &frank].concat()
}

/// A PublicMessage of an external sender, as short as it can be, that proposes
/// to leave.
fn proposal() -> Vec<u8> {
    let head = [&[0, 1, 0, 1, 0][..], &[0; 8], &[2, 0, 0, 0, 0, 0, 2]].concat();
    [&head[..], &[0, 10, 0]].concat()
}

/// Such proposals, so many in all, in messages with as many as there may be.
fn proposals(mut count: usize) -> Vec<u8> {
    let mut body = Vec::new();
    while count > 0 {
        let stapled = (count - 1).min(MAX_STAPLED_PROPOSALS);
        body.extend([0; 8]);
        body.extend(proposal());
        body.extend(prefixed(&proposal().repeat(stapled)));
        count -= stapled + 1;
    }
    body
}

fn invitation(members: usize) -> Vec<u8> {
    let secrets = prefixed(&[0, 0, 0].repeat(members));
    let welcome = [&[0, 1, 0, 3, 0, 1][..], &secrets, &[0]].concat();
    [&[0; 8][..], &welcome, &[4]].concat()
}

#[test]
fn a_header_is_seen_without_any_memory() {
    let body = shared(private(&[4; 38]));
    let (message, memory) = read::<MlsMessage>(&body);
    assert_eq!(memory.count_total, 0, "{memory:?}");
    let message = message.unwrap();
    let header = message.header().unwrap();
    assert_eq!(message.as_bytes().as_ptr(), body.as_ptr());
    assert_eq!(header.group_id.as_ptr(), body[5..].as_ptr());
    assert_eq!(header.authenticated_data.as_ptr(), body[47..].as_ptr());
}

#[test]
fn a_notify_body_shares_its_payloads_and_takes_one_allocation() {
    let body = shared(franked().repeat(1000));
    let (messages, memory) = read::<FanoutMessages>(&body);
    assert_eq!(memory.count_total, 1, "{memory:?}");
    let inside = body.as_ptr_range();
    let is_shared = |part: &Bytes| {
        let part = part.as_ptr_range();
        inside.start <= part.start && part.end <= inside.end
    };
    let messages = messages.unwrap().0;
    assert_eq!(messages.len(), 1000);
    for message in messages {
        let FanoutEvent::Application { message, frank } = message.event else {
            panic!("an application message")
        };
        assert!(is_shared(message.as_bytes()) && is_shared(&message.authenticated_data));
        assert!(is_shared(&message.group_id));
        assert!(is_shared(&frank.unwrap().integrity_signature));
    }
}

#[test]
fn a_welcome_is_not_copied_out_of_its_message() {
    let body = shared(invitation(1000));
    let (messages, memory) = read::<FanoutMessages>(&body);
    let FanoutEvent::Welcome { welcome, .. } = &messages.unwrap().0[0].event else {
        panic!("an invitation")
    };
    assert_eq!(welcome.as_bytes().as_ptr(), body[12..].as_ptr());
    let (alone, of_welcome) = read::<Welcome>(welcome.as_bytes());
    assert_eq!(&alone.unwrap(), welcome);
    let of_list = size_of::<FanoutMessage>() as u64;
    assert_eq!(memory.bytes_total, of_welcome.bytes_total + of_list);
}

#[test]
fn the_items_of_a_notify_body_are_bounded() {
    let limit = Rule::Limit {
        what: "items of a notify body",
        max: MAX_NOTIFY_ITEMS,
    };
    for most in [
        proposals(MAX_NOTIFY_ITEMS),
        [
            invitation(MAX_WELCOME_SECRETS),
            proposals(MAX_PENDING_PROPOSALS - 1),
        ]
        .concat(),
    ] {
        let one_more = [&most[..], &franked()].concat();
        for (body, fits) in [(most, true), (one_more, false)] {
            let (read, memory) = read::<FanoutMessages>(&shared(body));
            assert_eq!(read.err().map(|e| e.rule), (!fits).then(|| limit.clone()));
            assert!(memory.bytes_max < 24 << 20, "{memory:?}");
        }
    }
}

/// The largest body of a request, filled with what takes the most memory.
#[test]
fn a_body_that_is_all_overhead_does_not_become_many_times_its_size() {
    let full = |one: Vec<u8>| shared(one.repeat((20 << 20) / one.len()));
    let bodies = [
        full(proposals(1 + MAX_STAPLED_PROPOSALS)),
        full(invitation(MAX_WELCOME_SECRETS)),
        full(invitation(1)),
        full(franked()),
    ];
    for body in bodies {
        let (_, memory) = read::<FanoutMessages>(&body);
        let allowed = 24 << 20;
        assert!(memory.bytes_max < allowed, "{memory:?}");
    }
}

#[test]
fn what_few_messages_are_does_not_make_the_others_large() {
    assert!(size_of::<FanoutMessage>() <= 208);
    assert!(size_of::<MlsMessage>() <= 144);
    assert!(size_of::<HandshakeBundle>() <= 160);
}
