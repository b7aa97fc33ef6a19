//! Who depends on whom: nobody compiles what they do not need, no library does
//! I/O, and no crate names one above it.
//!
//! Cargo itself is asked, offline and for normal dependencies only: what tests
//! use is not what a host gets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

const LIBRARIES: &[&str] = &[
    "mimi-content",
    "mimi-policy",
    "mimi-franking",
    "mimi-discovery",
    "mimi-protocol",
];

/// Runtimes, sockets, TLS stacks, HTTP clients and servers, timers, databases,
/// sources of randomness and clocks: all of that is the host's.
const IO: &[&str] = &[
    "tokio",
    "async-std",
    "async-io",
    "async-global-executor",
    "smol",
    "mio",
    "polling",
    "glommio",
    "monoio",
    "actix-rt",
    "actix-web",
    "axum",
    "warp",
    "hyper",
    "h2",
    "h3",
    "quinn",
    "quinn-proto",
    "reqwest",
    "ureq",
    "isahc",
    "curl",
    "attohttpc",
    "surf",
    "socket2",
    "rustls",
    "native-tls",
    "openssl",
    "openssl-sys",
    "tungstenite",
    "futures-timer",
    "futures-executor",
    "rusqlite",
    "sqlx",
    "redb",
    "sled",
    "tempfile",
    "chrono",
    "time",
    "rand",
    "getrandom",
];

/// What a library brings all the same: `ohttp`, in which discovery's envelopes are
/// made, takes no generator and draws its keys from the system.
const EXCEPTIONS: &[(&str, &[&str])] = &[("mimi-discovery", &["rand", "getrandom"])];

/// The crates below each one. `mimi-discovery` is not below `mimi-protocol`:
/// between these two there are only octets.
const HOUSE: &[(&str, &[&str])] = &[
    ("mimi-content", &[]),
    ("mimi-policy", &["mimi-content"]),
    ("mimi-franking", &["mimi-content"]),
    ("mimi-discovery", &["mimi-content"]),
    (
        "mimi-protocol",
        &["mimi-content", "mimi-policy", "mimi-franking"],
    ),
];

fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("a workspace").to_owned()
}

fn cargo(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(args)
        .args(["--offline", "--locked"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {args:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// The names of the packages that `package` brings into a build. `features` are
/// cargo's own arguments.
fn tree(package: &str, features: &[&str]) -> BTreeSet<String> {
    let plain = ["tree", "-p", package, "-e", "normal", "--prefix", "none"];
    let args = [&plain[..], &["-f", "{p}"], features].concat();
    let names = cargo(&args)
        .lines()
        .filter_map(|line| line.split(' ').next().map(str::to_owned))
        .filter(|name| !name.is_empty())
        .collect::<BTreeSet<_>>();
    assert!(names.contains(package), "{package} is not in its own tree");
    names
}

fn protocol(features: &str) -> BTreeSet<String> {
    let features = ["--no-default-features", "--features", features];
    tree("mimi-protocol", &features)
}

fn is_mls(name: &str) -> bool {
    name.starts_with("openmls") || name.starts_with("mls-") || name.starts_with("mls_")
}

#[test]
fn no_library_does_io() {
    for library in LIBRARIES {
        let names = tree(library, &["--all-features"]);
        let excepted = EXCEPTIONS.iter().find(|(name, _)| name == library);
        let excepted = excepted.map_or(&[][..], |(_, names)| names);
        let io = names.iter().map(String::as_str);
        let io = io.filter(|name| IO.contains(name) && !excepted.contains(name));
        let io: Vec<_> = io.collect();
        assert!(io.is_empty(), "{library} brings {io:?}");
    }
}

#[test]
fn content_and_policy_know_no_mls_library() {
    for library in ["mimi-content", "mimi-policy"] {
        let names = tree(library, &["--all-features"]);
        let mls: Vec<_> = names.iter().filter(|name| is_mls(name)).collect();
        assert!(mls.is_empty(), "{library} brings {mls:?}");
    }
}

#[test]
fn franking_knows_the_traits_and_no_more() {
    let names = tree("mimi-franking", &["--all-features"]);
    let mls: Vec<_> = names.iter().filter(|name| is_mls(name)).collect();
    assert_eq!(mls, ["openmls_traits"]);
}

#[test]
fn only_hub_and_client_bring_openmls() {
    for features in ["", "http", "follower", "provider", "http,follower,provider"] {
        let names = protocol(features);
        assert!(!names.contains("openmls"), "{features:?} brings openmls");
        assert!(!names.contains("mimi-policy"), "{features:?} brings policy");
    }
    for features in ["hub", "client"] {
        let names = protocol(features);
        assert!(names.contains("openmls"), "{features:?} lacks openmls");
        assert!(names.contains("mimi-policy"), "{features:?} lacks policy");
    }
}

#[test]
fn only_the_binding_brings_http() {
    for features in ["", "hub", "follower", "provider", "client"] {
        assert!(!protocol(features).contains("http"), "{features:?}");
    }
    assert!(protocol("http").contains("http"));
}

#[test]
fn a_hub_alone_reads_no_markdown() {
    let parsers = ["pulldown-cmark", "comrak", "markdown"];
    let names = protocol("hub");
    assert!(parsers.iter().all(|parser| !names.contains(*parser)));
}

#[test]
fn no_crate_names_one_above_it() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: serde_json::Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours = |name: &str| packages.iter().any(|package| package["name"] == name);
    for (name, below) in HOUSE {
        let package = packages.iter().find(|package| package["name"] == *name);
        let package = package.unwrap_or_else(|| panic!("{name} is no package here"));
        // Of every kind: a test names nothing above it either.
        for dependency in package["dependencies"].as_array().unwrap() {
            let dependency = dependency["name"].as_str().unwrap();
            let allowed = !ours(dependency) || below.contains(&dependency);
            assert!(allowed, "{name} names {dependency}");
        }
    }
}

#[test]
fn openmls_is_named_in_one_place() {
    let seam = root().join("mimi-protocol/src/mls");
    let mut named = Vec::new();
    for library in LIBRARIES {
        for file in sources(&root().join(library).join("src")) {
            if file.starts_with(&seam) {
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            for (number, line) in (1..).zip(text.lines()) {
                if !line.trim_start().starts_with("//") && names_openmls(line) {
                    named.push(format!("{}:{number}: {line}", file.display()));
                }
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}

/// Whether a line has `openmls` as a whole word; `openmls_traits` is another.
fn names_openmls(line: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    line.split(|c| !word(c)).any(|name| name == "openmls")
}

#[test]
fn a_word_is_a_whole_word() {
    assert!(names_openmls("use openmls::prelude::*;"));
    assert!(names_openmls("    extern crate openmls;"));
    assert!(!names_openmls("use openmls_traits::crypto::OpenMlsCrypto;"));
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}
