//! Writes the corpus of the fuzz targets.
//!
//! ```text
//! seeds DIR
//! ```
//!
//! `DIR` is `fuzz/corpus`; what is there already stays.

#![allow(clippy::print_stderr, reason = "a command line tool")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: seeds DIR");
        return ExitCode::from(2);
    };
    match testvectors::seeds::write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{folder}: {error}");
            ExitCode::FAILURE
        }
    }
}
