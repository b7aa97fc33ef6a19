//! What a large room costs in memory.

#![allow(clippy::unwrap_used, reason = "tests stop at what must not happen")]

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{Participant, ParticipantList};

fn encoded(size: u32) -> Vec<u8> {
    let entries = (0..size).map(|number| Participant {
        user: MimiUri::parse(&format!("mimi://p{}.example/u/{number:x}", number % 20)).unwrap(),
        role: 2,
    });
    let list = ParticipantList::new(entries.collect()).unwrap();
    list.to_vec().unwrap()
}

#[test]
fn a_participant_takes_at_most_twice_the_octets_of_its_encoding() {
    let octets = encoded(10_000);
    let mut list = None;
    let info = allocation_counter::measure(|| {
        list = Some(ParticipantList::from_slice(&octets).unwrap());
    });
    let kept = u64::try_from(info.bytes_current).unwrap();
    let most = 2 * u64::try_from(octets.len()).unwrap();
    assert!(kept > 0 && kept <= most, "{kept} of {most}");
    assert_eq!(list.unwrap().len(), 10_000);
}

#[test]
fn a_list_that_is_read_from_shared_octets_is_not_copied() {
    let octets = Bytes::from(encoded(10_000));
    let mut list = None;
    let info = allocation_counter::measure(|| {
        list = Some(ParticipantList::from_bytes(&octets).unwrap());
    });
    // Twelve octets an entry, and what their vectors grew by.
    assert!(info.bytes_current < 10_000 * 24, "{info:?}");
    assert_eq!(list.unwrap().to_vec().unwrap(), octets);
}
