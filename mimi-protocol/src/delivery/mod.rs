//! What is owed to a peer, and what every journalled engine needs for it.
//!
//! A [`Queue`] holds the requests that one engine owes to one peer. It keeps
//! their order, has one outstanding at a time, and retries with a backoff, so
//! that no host has to (PROTO, "Fanout Messages and Room Events": the hub
//! retries and respects Retry-After).
//!
//! ```
//! use bytes::Bytes;
//! use mimi_content::{MimiUri, Timestamp};
//! use mimi_protocol::delivery::{Queue, Settled};
//! use mimi_protocol::engine::{Answer, Seq};
//! use mimi_protocol::wire::Endpoint;
//!
//! let room = MimiUri::parse("mimi://a.example/r/tea").unwrap();
//! let at = Timestamp::from_millis;
//! let mut queue = Queue::new("b.example");
//! for seq in [Seq(1), Seq(2)] {
//!     queue.push(seq, Endpoint::Notify { room: room.clone() }, Bytes::new()).unwrap();
//! }
//! let (seq, call) = queue.due(at(0)).unwrap();
//! assert_eq!((seq, call.peer.as_str()), (Seq(1), "b.example"));
//! assert!(queue.due(at(0)).is_none(), "one outstanding at a time");
//!
//! let settled = queue.settle(seq, &Answer::Done(Bytes::new()), at(5));
//! assert_eq!(settled, Settled::Delivered);
//! assert_eq!(queue.due(at(5)).unwrap().0, Seq(2));
//! ```

mod queue;
mod recent;
mod saved;

pub use queue::{
    FIRST_RETRY_MILLIS, Fate, MAX_QUEUED, MAX_RETRY_AFTER_MILLIS, MAX_RETRY_MILLIS, Queue,
    QueueFull, Settled,
};
pub use recent::Recent;
pub use saved::{Corrupt, SaveError, Saved};
