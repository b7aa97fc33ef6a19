//! Messages, and what goes with them.

use std::fmt::Debug;
use std::sync::LazyLock;

use mimi_content::cbor::{DecodeError, Rule};
use mimi_content::more::{self, ExternalMessageId, LastSeen, SenderTimestamp, Subject};
use mimi_content::parts::{self, Preferences};
use mimi_content::sanity;
use mimi_content::{
    ExtensionName, ExtensionValue, Extensions, KnownExtension, MAX_PART_LEVELS, MAX_PARTS,
    MessageDerivedValues, MessageId, MimiContent, NestedPart, Part, Salt, StatusReport, Timestamp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cbor;
use super::fields::{are_derived, is_message, is_report};

/// A message: what decodes encodes to the same octets, is what another
/// implementation of CBOR reads, survives JSON, and has an ID that reads back. It
/// can be shown, judged, and chosen from.
pub fn mimi_content(data: &[u8]) {
    let message = match MimiContent::decode(data) {
        Ok(message) => message,
        Err(error) => return cbor::refused(data, &error),
    };
    assert_eq!(message.encode(), data);
    assert_eq!(message.clone().into_owned(), message);
    match cbor::accepted(data) {
        Some(value) => assert!(is_message(&value, &message)),
        None => assert!(
            message
                .extensions
                .iter()
                .any(|(_, v)| v.to_value().is_none())
        ),
    }
    json(&message.clone().into_owned());
    let salt = &message.salt;
    let id = MessageId::compute("mimi://a.example/u/a", "mimi://a.example/r/r", data, salt);
    let id = id.unwrap();
    assert_eq!(id.to_string().parse(), Ok(id));
    extensions(&message.extensions);
    chosen(&message.body);
    judged(&message, data.len());
    // The message, its fields, its extensions, its body.
    let lines = 2 + 5 + 2 + message.extensions.len() + part_lines(&message.body);
    diagnostic(&message.to_diagnostic(), lines);
    let _ = format!("{message:?}");
}

/// A status report: as [`mimi_content()`].
pub fn message_status(data: &[u8]) {
    let report = match StatusReport::decode(data) {
        Ok(report) => report,
        Err(error) => return cbor::refused(data, &error),
    };
    assert_eq!(report.encode(), data);
    let value = cbor::accepted(data).unwrap();
    assert!(is_report(&value, &report));
    json(&report);
    diagnostic(&report.to_diagnostic(), 2 + 4 * report.0.len());
}

/// Derived values: as [`mimi_content()`].
pub fn message_derived_values(data: &[u8]) {
    let values = match MessageDerivedValues::decode(data) {
        Ok(values) => values,
        Err(error) => return cbor::refused(data, &error),
    };
    assert_eq!(values.encode(), data);
    assert_eq!(values.clone().into_owned(), values);
    if let Some(value) = cbor::accepted(data) {
        assert!(are_derived(&value, &values));
    }
    json(&values.clone().into_owned());
    diagnostic(&values.to_diagnostic(), 9);
}

/// An item as value of each extension of MORE: what is read gives the same item.
/// As any extension, it is what another implementation reads.
pub fn extension_values(data: &[u8]) {
    let value = match ExtensionValue::from_cbor(data) {
        Ok(value) => value,
        Err(error) => {
            // No type takes what is no value.
            assert!(SenderTimestamp::from_cbor(data).is_err());
            assert!(ExternalMessageId::from_cbor(data).is_err());
            assert!(Subject::from_cbor(data).is_err());
            assert!(LastSeen::from_cbor(data).is_err());
            return cbor::refused(data, &error);
        }
    };
    cbor::extension_value(&value);
    let mut message = MimiContent::new(Salt::new([0; 16]), NestedPart::null());
    for name in MORE {
        message.extensions.insert(name, value.clone()).unwrap();
    }
    let octets = message.encode();
    let message = MimiContent::decode(&octets).unwrap();
    let read = &message.extensions;
    let results = [
        known::<SenderTimestamp>(read),
        known::<ExternalMessageId<'_>>(read),
        known::<Subject<'_>>(read),
        known::<LastSeen<'_>>(read),
    ];
    for error in results.into_iter().flatten() {
        assert!(error.offset <= data.len(), "{error}");
    }
    judged(&message, octets.len());
}

const MORE: [ExtensionName<'static>; 4] = [
    ExtensionName::SENDER_TIMESTAMP,
    ExtensionName::EXTERNAL_MESSAGE_ID,
    ExtensionName::SUBJECT,
    ExtensionName::LAST_SEEN,
];

/// Reads the extension of a type, and says why it is not of that type.
fn known<'a, E>(extensions: &'a Extensions<'_>) -> Option<DecodeError>
where
    E: KnownExtension<'a> + PartialEq + Debug,
{
    let extension = match extensions.known::<E>() {
        Ok(extension) => extension?,
        Err(error) => return Some(error),
    };
    assert_eq!(Some(extension.to_value()), extensions.get(&E::NAME));
    let mut again = Extensions::new();
    again.set(&extension).unwrap();
    assert_eq!(again.get(&E::NAME), extensions.get(&E::NAME));
    None
}

/// Extensions that are put in again, every other one first, are the same.
fn extensions(extensions: &Extensions<'_>) {
    /// Putting one in passes over all that are there.
    const MOST: usize = 64;
    let entries: Vec<_> = extensions.iter().collect();
    assert_eq!(entries.len(), extensions.len());
    assert!(entries.is_sorted_by(|(one, _), (other, _)| one < other));
    let mut again = Extensions::new();
    let (first, second) = (entries.iter().skip(1), entries.iter());
    for (name, value) in first.step_by(2).chain(second.step_by(2)).take(MOST) {
        cbor::extension_value(value);
        assert_eq!(extensions.get(name).as_ref(), Some(value));
        match again.insert(name.clone(), value.clone()) {
            Err(Rule::ReservedKey) => assert_eq!(*name, ExtensionName::Int(0)),
            inserted => assert_eq!(inserted, Ok(())),
        }
    }
    if entries.len() <= MOST {
        let mut made = extensions.clone();
        made.remove(&ExtensionName::Int(0));
        assert_eq!(made, again);
    }
    known::<SenderTimestamp>(extensions);
    known::<ExternalMessageId<'_>>(extensions);
    known::<Subject<'_>>(extensions);
    known::<LastSeen<'_>>(extensions);
}

/// What is chosen is in the message, in order and once.
fn chosen(body: &NestedPart<'_>) {
    static PREFERENCES: LazyLock<Preferences> = LazyLock::new(|| {
        let types = [
            "text/markdown;variant=GFM-MIMI",
            "text/plain",
            "image/png",
            "",
        ];
        Preferences::new(types, ["de-CH", "en"]).unwrap()
    });
    let all: Vec<_> = parts::walk(body).collect();
    assert!(all.len() <= MAX_PARTS && all.iter().all(|part| part.level <= MAX_PART_LEVELS));
    assert!(
        all.iter()
            .map(|part| usize::from(part.index))
            .eq(0..all.len())
    );
    let mut selection = parts::select(body, &PREFERENCES);
    assert!(
        selection
            .chosen
            .is_sorted_by(|one, other| one.index < other.index)
    );
    for chosen in &selection.chosen {
        let part = all[usize::from(chosen.index)].part;
        assert_eq!(chosen.part, part);
        assert!(matches!(part.part, Part::Single { .. } | Part::External(_)));
        let uri = mimi_content::cid::part_uri(chosen.index);
        assert_eq!(parts::resolve(body, &uri).unwrap().part, part);
    }
    assert!(selection.chosen.len() + selection.not_understood <= all.len());
    let before = selection.chosen.len();
    selection.skip_referenced(|chosen| parts::references(chosen.part));
    assert!(selection.chosen.len() <= before);
    assert!(
        before == 0 || !selection.chosen.is_empty(),
        "the first is not referred to before"
    );
}

/// Nothing here fails, whatever the message says.
fn judged(message: &MimiContent<'_>, len: usize) {
    for now in [0, 1_760_000_000_000, u64::MAX].map(Timestamp::from_millis) {
        let facts = sanity::Facts {
            now,
            accepted: now,
            room_created: Some(now),
            sender_is_member: true,
            id_is_known: false,
            len,
            max_len: len,
        };
        let found = sanity::nonsense(message, &facts);
        assert!(found.is_sorted_by(|one, other| one != other));
        let facts = more::Facts {
            now,
            first_message: Some(now),
            max_offset_secs: Some(0),
            has_sent: true,
            is_known: &|id| !id.id.is_empty(),
            is_expected: &|_| false,
            is_loop: &|seen| !seen.is_empty(),
        };
        for anomaly in more::anomalies(&message.extensions, &facts) {
            assert!(!anomaly.to_string().is_empty());
        }
    }
}

/// What people read has the lines that it should, and nothing in it that a
/// terminal would act on or that turns the direction of writing.
fn diagnostic(text: &str, lines: usize) {
    let turns = |c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    assert!(!text.contains(|c: char| c.is_control() && c != '\n' || turns(c)));
    assert_eq!(text.lines().count(), lines);
}

/// How many lines show a part.
fn part_lines(part: &NestedPart<'_>) -> usize {
    5 + match &part.part {
        Part::Null => 0,
        Part::Single { .. } => 2,
        Part::External(_) => 12,
        Part::Multi { parts, .. } => 3 + parts.iter().map(part_lines).sum::<usize>(),
    }
}

/// JSON and back is the same.
fn json<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).as_ref().ok(), Some(value));
}
