//! Makes and checks the test vectors.
//!
//! ```text
//! testvectors generate DIR
//! testvectors check DIR
//! ```

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]

use std::path::Path;
use std::process::ExitCode;

use testvectors::vectors;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["generate", folder] => match vectors::generate(Path::new(folder)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{folder}: {error}");
                ExitCode::FAILURE
            }
        },
        ["check", folder] => check(Path::new(folder)),
        _ => {
            eprintln!("usage: testvectors generate DIR | check DIR");
            ExitCode::from(2)
        }
    }
}

fn check(folder: &Path) -> ExitCode {
    let checked = vectors::check(folder);
    for failure in &checked.failures {
        eprintln!("{failure}");
    }
    println!(
        "{} valid, {} refused, {} wrong",
        checked.valid,
        checked.refused,
        checked.failures.len()
    );
    if checked.failures.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
