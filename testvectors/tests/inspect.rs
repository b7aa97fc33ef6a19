//! What people see who look into a file.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test writes files and fails by panicking"
)]

use std::ffi::OsString;
use std::path::PathBuf;

use mimi_content::{
    AssetKey, Disposition, Expiration, ExtensionValue, ExternalPart, MessageId, MessageStatus,
    MimiContent, MimiUri, NestedPart, PartSemantics, PerMessageStatus, Salt, StatusReport, TopicId,
};
use testvectors::inspect::inspect;

/// A file that is gone when the test is over.
struct File(PathBuf);

impl File {
    fn new(name: &str, octets: &[u8]) -> Self {
        let name = format!("mimi-inspect-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, octets).unwrap();
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Exit code, output, and errors without the name of the file.
fn run(file: &File, options: &[&str]) -> (u8, String, String) {
    let arguments = std::iter::once(file.0.clone().into_os_string());
    let arguments = arguments.chain(options.iter().map(OsString::from));
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = inspect(arguments, &mut out, &mut err);
    let err = String::from_utf8(err).unwrap();
    let err = err.replace(file.0.to_str().unwrap(), "FILE");
    (code, String::from_utf8(out).unwrap(), err)
}

fn message() -> MimiContent<'static> {
    let external = ExternalPart {
        content_type: "video/mp4".into(),
        url: "https://asset.a.example/1".into(),
        expires: 1_900_000_000,
        size: 10,
        enc_alg: 1,
        key: AssetKey::new(vec![0x21; 16]),
        nonce: vec![0xc8; 12].into(),
        hash_alg: 1,
        content_hash: vec![0x9a; 32].into(),
        filename: "a\u{202e}4pm.exe".into(),
        ..ExternalPart::default()
    };
    let parts = vec![
        NestedPart::markdown("It's *done*\n"),
        NestedPart::external(external).with_language("de"),
        NestedPart::null().with_disposition(Disposition(99)),
    ];
    let body = NestedPart::multi(PartSemantics::ProcessAll, parts).unwrap();
    let mut message = MimiContent::new(Salt::new([0x5e; 16]), body)
        .with_reply_to(MessageId::from_bytes(&[1; 32]).unwrap())
        .with_expiration(Expiration::At(1_800_000_000))
        .with_topic(TopicId::new(&b"plans"[..]).unwrap());
    let value = ExtensionValue::from_cbor(&[
        0x86, 0x20, 0xf6, 0xf9, 0x3e, 0x00, 0xc1, 0x00, 0x42, 0, 1, 0xa1, 0x61, b'k', 0xf7,
    ]);
    let value = value.unwrap();
    message.extensions.insert("x-y".into(), value).unwrap();
    message
}

fn named() -> MimiContent<'static> {
    let mut message = message();
    let alice = MimiUri::parse("mimi://a.example/u/alice").unwrap();
    let room = MimiUri::parse("mimi://a.example/r/clubhouse").unwrap();
    message.extensions.set_sender_uri(&alice);
    message.extensions.set_room_uri(&room);
    message
}

#[test]
fn a_message_is_shown_with_its_id() {
    let file = File::new("message", &named().encode());
    let (code, out, err) = run(&file, &["--kind", "content"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r#"
    [ / mimiContent /
      h'5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e', / salt /
      null, / replaces /
      'plans', / topicId /
      [false, 1800000000], / expires: 2027-01-15T08:00:00Z /
      h'0101010101010101010101010101010101010101010101010101010101010101', / inReplyTo /
      { / mimiExtensions /
        1: "mimi://a.example/u/alice", / senderUri /
        2: "mimi://a.example/r/clubhouse", / roomUri /
        "x-y": [-1, null, 1.5, 1(0), h'0001', {"k": undefined}], / private or unknown /
      },
      [ / part 0 /
        1, / disposition: render /
        "", / language /
        3, / cardinality: multi /
        2, / partSemantics: processAll /
        [ / parts /
          [ / part 1 /
            1, / disposition: render /
            "", / language /
            1, / cardinality: single /
            "text/markdown;variant=GFM-MIMI", / contentType /
            'It\'s *done*\n', / content /
          ],
          [ / part 2 /
            6, / disposition: attachment /
            "de", / language /
            2, / cardinality: external /
            "video/mp4", / contentType /
            "https://asset.a.example/1", / url /
            1900000000, / expires: 2030-03-17T17:46:40Z /
            10, / size, in octets /
            1, / encAlg: AES-128-GCM /
            h'21212121212121212121212121212121', / key /
            h'c8c8c8c8c8c8c8c8c8c8c8c8', / nonce /
            h'', / aad /
            1, / hashAlg: SHA-256 /
            h'9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a9a', / contentHash /
            "", / description /
            "a\u{202e}4pm.exe", / filename /
          ],
          [ / part 3 /
            99, / disposition: unknown, so render /
            "", / language /
            0, / cardinality: nullpart /
          ],
        ],
      ],
    ]
    message ID 01fd8d53810554ac92fe223347aee15cd200872452705dfd94c649855d5ead9f
    "#);
}

#[test]
fn the_id_depends_on_whom_one_names() {
    let octets = named().encode();
    let file = File::new("named", &octets);
    let other = [
        "--kind", "content", "--sender", "im:a@b", "--room", "im:r@b",
    ];
    let (code, out, _) = run(&file, &other);
    let id = MessageId::compute("im:a@b", "im:r@b", &octets, &Salt::new([0x5e; 16])).unwrap();
    assert_eq!(code, 0);
    assert!(out.ends_with(&format!("message ID {id}\n")), "{out}");
}

#[test]
fn a_message_without_names_is_no_less_valid() {
    let file = File::new("nameless", &message().encode());
    for options in [
        &["--kind", "content"][..],
        &["--kind", "content", "--sender", "im:a@b"],
    ] {
        let (code, out, err) = run(&file, options);
        assert_eq!((code, err.as_str()), (0, ""));
        let last = "\nthe message ID cannot be known without sender and room\n";
        assert!(out.ends_with(last), "{out}");
    }
    let both = [
        "--room", "im:r@b", "--kind", "content", "--sender", "im:a@b",
    ];
    let (code, out, _) = run(&file, &both);
    assert_eq!(code, 0);
    assert!(out.contains("\nmessage ID 01"), "{out}");
}

#[test]
fn a_report_is_shown() {
    let message_id = MessageId::from_bytes(&[1; 32]).unwrap();
    let entry = |status| PerMessageStatus { message_id, status };
    let report = StatusReport(vec![entry(MessageStatus::READ), entry(MessageStatus(200))]);
    let file = File::new("report", &report.encode());
    let (code, out, err) = run(&file, &["--kind", "status"]);
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r#"
    [ / messageStatusReport /
      [ / perMessageStatus /
        h'0101010101010101010101010101010101010101010101010101010101010101', / messageId /
        2, / status: read /
      ],
      [ / perMessageStatus /
        h'0101010101010101010101010101010101010101010101010101010101010101', / messageId /
        200, / status: unknown /
      ],
    ]
    "#);
}

#[test]
fn what_is_wrong_is_said_and_where() {
    let mut octets = message().encode();
    octets.push(0);
    let file = File::new("trailing", &octets);
    let (code, out, err) = run(&file, &["--kind", "content"]);
    assert_eq!((code, out.as_str()), (1, ""));
    insta::assert_snapshot!(err, @"at octet 275: 1 octets follow the value");
    let file = File::new("unknown", &[0x81, 0x82, 0x58, 0x20, 2]);
    let (code, out, err) = run(&file, &["--kind", "status"]);
    assert_eq!((code, out.as_str()), (1, ""));
    insta::assert_snapshot!(err, @"at octet 4, [0].messageId: the input is at least 31 octets too short");
    // A message is no report, and nothing is neither.
    let file = File::new("message-as-report", &message().encode());
    assert_eq!(run(&file, &["--kind", "status"]).0, 1);
    let file = File::new("empty", &[]);
    assert_eq!(run(&file, &["--kind", "content"]).0, 1);
    assert_eq!(run(&file, &["--kind", "status"]).0, 1);
}

#[test]
fn wrong_usage_is_told_from_wrong_files() {
    let file = File::new("fine", &message().encode());
    for options in [
        &[][..],
        &["--kind"],
        &["--kind", "other"],
        &["--kind", "content", "--kind", "content"],
        &["--kind", "content", "--sender"],
        &["--kind", "content", "--colour"],
        &["--kind", "content", "another file"],
        &["--kind", "content", "--room", "r", "--room", "r"],
        &["--kind", "content", "--sender", &"s".repeat(65_536)],
    ] {
        let (code, out, err) = run(&file, options);
        assert_eq!((code, out.as_str()), (2, ""), "{options:?}");
        assert!(err.contains("usage: "), "{err}");
    }
    let missing = File(PathBuf::from("/nowhere/at all"));
    assert_eq!(run(&missing, &["--kind", "content"]).0, 2);
    let folder = File(std::env::temp_dir());
    let code = run(&folder, &["--kind", "content"]).0;
    std::mem::forget(folder);
    assert_eq!(code, 2);
}

/// Someone who reads the first lines only.
struct Closed;

impl std::io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_changes_no_verdict() {
    let file = File::new("piped", &message().encode());
    let arguments = || {
        let options = ["--kind", "content"].map(OsString::from);
        std::iter::once(file.0.clone().into_os_string()).chain(options)
    };
    assert_eq!(inspect(arguments(), &mut Closed, &mut Closed), 0);
    std::fs::write(&file.0, [0]).unwrap();
    assert_eq!(inspect(arguments(), &mut Closed, &mut Closed), 1);
}
