//! The draft's example flow between three providers, in one process.
#![allow(
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a host does I/O and may stop at what cannot happen in its own world"
)]

mod world;
use mimi_content::MimiUri;
use mimi_protocol::client::Intent;
use world::World;

fn main() {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis() as u64;
    let mut w = World::new(now);
    for d in ["a.example", "b.example", "c.example"] {
        w.add_provider(d);
    }
    let a1 = w.add_client("a.example", "alice", "ClientA1");
    let a2 = w.add_client("a.example", "alice", "ClientA2");
    let b1 = w.add_client("b.example", "bob", "ClientB1");
    let b2 = w.add_client("b.example", "bob", "ClientB2");
    for c in [&a2, &b1, &b2] {
        w.publish(c, 2);
    }
    let room = MimiUri::new_room("a.example", "clubhouse").unwrap();
    w.create_room(&a1, &room, "mimi://a.example/g/clubhouse");
    let alice = w.clients[&a1].user.clone();
    let bob = w.clients[&b1].user.clone();
    println!("{:?}", w.add(&a1, &alice, 0));
    println!("{:?}", w.clients[&a1].events);
    println!("{:?}", w.clients[&a2].rejections);
    println!("{:?}", w.add(&a1, &bob, 2));
    println!("{:?}", w.clients[&a1].events);
    for s in &w.seen {
        println!("{s:?}");
    }
    let _ = Intent::Commit;
}
