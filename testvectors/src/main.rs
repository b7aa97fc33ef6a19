//! Makes and checks the test vectors, and shows what is in a file.
//!
//! ```text
//! testvectors generate DIR
//! testvectors verify DIR
//! testvectors inspect FILE --kind content|status [--sender URI --room URI]
//! ```

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool"
)]

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use testvectors::inspect::{USAGE, inspect};
use testvectors::vectors;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next();
    let rest: Vec<OsString> = arguments.collect();
    match (command.as_ref().and_then(|c| c.to_str()), rest.as_slice()) {
        (Some("generate"), [folder]) => match vectors::generate(Path::new(folder)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{}: {error}", folder.display());
                ExitCode::FAILURE
            }
        },
        (Some("verify"), [folder]) => verify(Path::new(folder)),
        (Some("inspect"), _) => {
            let (out, err) = (&mut std::io::stdout(), &mut std::io::stderr());
            ExitCode::from(inspect(rest.into_iter(), out, err))
        }
        _ => {
            eprintln!("usage: testvectors generate DIR | verify DIR | {USAGE}");
            ExitCode::from(2)
        }
    }
}

fn verify(folder: &Path) -> ExitCode {
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
