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

mod account;
mod story;
mod world;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use account::Account;
use mimi_content::MimiContent;
use story::Story;

const USAGE: &str = "usage: clubhouse [--json] [--content FILE.cbor]";

fn main() -> ExitCode {
    let mut json = false;
    let mut content = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--json" => json = true,
            "--content" => match arguments.next().as_deref().map(read) {
                Some(Ok(read)) => content = Some(read),
                Some(Err(error)) => return fail(&error),
                None => return fail(USAGE),
            },
            _ => return fail(USAGE),
        }
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let now = now.map_or(0, |now| now.as_millis() as u64);
    match Story::new(now, Account::new(json), content).play() {
        Ok(()) => ExitCode::SUCCESS,
        Err(mismatch) => fail(&mismatch),
    }
}

/// The body of this message is sent, with a fresh salt and the sender's own URIs.
fn read(path: &str) -> Result<MimiContent<'static>, String> {
    let octets = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
    let content = MimiContent::decode(&octets).map_err(|e| format!("{path}: {e}"))?;
    Ok(content.into_owned())
}

fn fail(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}
