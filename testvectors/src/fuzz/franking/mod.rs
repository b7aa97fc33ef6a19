//! Reports that reporters have altered, and plaintexts of anybody.

mod world;

use std::sync::LazyLock;

use mimi_content::media::ApplicationFraming;
use mimi_content::tls::{Decode, Encode};
use mimi_content::{MimiContent, MimiUri, Salt, Timestamp};
use mimi_franking::{
    AbuseReport, AbuseType, AbusiveMessage, CipherSuite, Framing, FrankingIntegrityTbs, Judged,
    Plaintext, Repeats, ReportFault, ServerFrankingContext,
};
use openmls_traits::OpenMlsProvider;
use openmls_traits::crypto::OpenMlsCrypto;
use openmls_traits::signatures::Signer;
use openmls_traits::types::HashType;

use self::world::{Room, Stamped, World};
use super::policy::Script;
use crate::vectors::keys::STRANGER;

/// Most messages of a report: each costs a few signature checks.
const MAX_MESSAGES: usize = 6;
const MAX_CHANGES: u8 = 4;

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// Application data, or a report to a hub that has stamped a few messages.
///
/// The first octet says what follows (`% 3`): application data; an encoded report
/// behind the number of the room that it is sent to; or instructions to make one.
/// These are `room`, `accused` and `messages % 7`, each the number of a stamped
/// message and of changes (`% 5`), and each change is a kind and an argument; see
/// `change`.
///
/// A message is proven only if its content was really stamped for the time, the
/// sender and the room, and what was stamped is proven if nothing was altered.
pub fn franking_report(data: &[u8]) {
    proven_messages(data);
}

/// Runs [`franking_report`], and tells how many messages are proven.
pub fn proven_messages(data: &[u8]) -> usize {
    let Some((kind, rest)) = data.split_first() else {
        return 0;
    };
    match kind % 3 {
        0 => {
            plaintext(rest);
            0
        }
        1 => {
            let Some((room, report)) = rest.split_first() else {
                return 0;
            };
            match AbuseReport::from_slice(report) {
                Ok(report) if report.messages.len() <= MAX_MESSAGES => {
                    judge(&report, pick(&WORLD.rooms, *room))
                }
                _ => 0,
            }
        }
        _ => {
            let mut script = Script(rest);
            let room = pick(&WORLD.rooms, script.octet());
            let accused = pick(&WORLD.users, script.octet());
            let count = usize::from(script.octet()) % (MAX_MESSAGES + 1);
            let messages = (0..count).map(|_| message(&mut script, accused, room));
            judge(&report(accused, messages.collect()), room)
        }
    }
}

/// For each room an encoded report of two messages by the first sender there, as
/// [`franking_report`] takes it.
pub(crate) fn encoded_reports() -> Vec<Vec<u8>> {
    let rooms = 0..WORLD.rooms.len();
    let reports = rooms.map(|room| {
        let mut there = WORLD.stamped.iter().filter(|stamped| stamped.room == room);
        let first = there.next().unwrap();
        let second = there.find(|stamped| stamped.sender == first.sender);
        let messages = [Some(first), second].into_iter().flatten();
        let messages = messages.map(|stamped| stamped.message.clone());
        let report = report(&first.sender, messages.collect());
        [&[1, room as u8], &report.to_vec().unwrap()[..]].concat()
    });
    reports.collect()
}

fn pick<T>(items: &[T], number: u8) -> &T {
    &items[usize::from(number) % items.len()]
}

fn report(accused: &MimiUri, messages: Vec<AbusiveMessage>) -> AbuseReport {
    AbuseReport {
        reporting_user: None,
        alleged_abuser: accused.clone(),
        reason: AbuseType::RESERVED,
        note: String::new(),
        messages,
        extensions: mimi_content::component::ComponentMap::new(),
    }
}

/// A stamped message with a few changes.
fn message(script: &mut Script<'_>, accused: &MimiUri, room: &Room) -> AbusiveMessage {
    let stamped = pick(&WORLD.stamped, script.octet());
    let mut message = stamped.message.clone();
    for _ in 0..script.octet() % (MAX_CHANGES + 1) {
        let (kind, argument) = (script.octet(), script.octet());
        change(&mut message, kind % 14, argument);
        if kind % 14 == 13 {
            sign(&mut message, accused, room);
        }
    }
    message
}

fn change(message: &mut AbusiveMessage, kind: u8, argument: u8) {
    let other = &pick(&WORLD.stamped, argument).message;
    let frank = &mut message.frank;
    match kind {
        0 => message.message_content = flipped(&message.message_content, argument),
        1 => message.message_content = other.message_content.clone(),
        2 => message.message_content = WORLD.unknown.clone().into(),
        3 => rewrite(message, |content| {
            content
                .extensions
                .set_sender_uri(pick(&WORLD.users, argument));
        }),
        4 => rewrite(message, |content| {
            content
                .extensions
                .set_room_uri(&pick(&WORLD.rooms, argument).uri);
        }),
        5 => rewrite(message, |content| content.salt = Salt::new([argument; 16])),
        6 => message.accepted_timestamp = other.accepted_timestamp,
        7 => {
            let time = message.accepted_timestamp.as_millis() ^ (1 << (argument % 64));
            message.accepted_timestamp = Timestamp::from_millis(time);
        }
        8 => *frank = other.frank.clone(),
        9 => frank.server_frank[usize::from(argument) % 32] ^= 1 << (argument % 8),
        10 => frank.ciphersuite = CipherSuite(*pick(&[1, 2, 3, 7, 0xfa01], argument)),
        11 => frank.integrity_signature = flipped(&frank.integrity_signature, argument),
        12 => frank.integrity_signature.truncate(argument.into()),
        _ => {}
    }
}

fn flipped(octets: &[u8], at: u8) -> bytes::Bytes {
    let mut octets = octets.to_vec();
    let at = usize::from(at) % octets.len().max(1);
    if let Some(octet) = octets.get_mut(at) {
        *octet ^= 1 << (at % 8);
    }
    octets.into()
}

/// Content that says something else, framed as it was.
fn rewrite(message: &mut AbusiveMessage, change: impl FnOnce(&mut MimiContent<'_>)) {
    let data = message.message_content.clone();
    for framing in WORLD.rooms.iter().map(Room::framing) {
        if let Ok(text) = Plaintext::decode(&data, framing) {
            let mut content = text.content().clone();
            change(&mut content);
            message.message_content = framing.frame(content.encode()).unwrap().into();
            return;
        }
    }
}

/// A stranger signs whatever stamp there is.
fn sign(message: &mut AbusiveMessage, accused: &MimiUri, room: &Room) {
    let signed = FrankingIntegrityTbs {
        server_frank: message.frank.server_frank,
        ciphersuite: message.frank.ciphersuite,
        context: ServerFrankingContext {
            sender_uri: accused.clone(),
            room_uri: room.uri.clone(),
            accepted_timestamp: message.accepted_timestamp,
        },
    };
    let signature = STRANGER.signer().sign(&signed.sign_content().unwrap());
    message.frank.integrity_signature = signature.unwrap().into();
}

/// Judges, compares with what was stamped, and tells how many are proven.
fn judge(report: &AbuseReport, room: &Room) -> usize {
    let crypto = WORLD.provider.crypto();
    let judged = WORLD
        .franker
        .judge(report, &room.uri, room.framing(), crypto);
    assert_eq!(judged.len(), report.messages.len());
    for (index, (message, verdict)) in report.messages.iter().zip(&judged).enumerate() {
        let content = crypto.hash(HashType::Sha2_256, &message.message_content);
        assert_eq!(content.as_deref(), Ok(&verdict.content[..]));
        assert_eq!(verdict.accepted_timestamp, message.accepted_timestamp);
        assert_eq!(verdict.repeats, repeats(&report.messages[..index], message));
        compare(message, verdict, &report.alleged_abuser, room);
    }
    judged.iter().filter(|judged| judged.is_proven()).count()
}

/// What earlier messages have the same time, one by one.
fn repeats(earlier: &[AbusiveMessage], message: &AbusiveMessage) -> Option<Repeats> {
    let at_that_time =
        |other: &AbusiveMessage| other.accepted_timestamp == message.accepted_timestamp;
    let same = |other: &AbusiveMessage| {
        at_that_time(other) && other.message_content == message.message_content
    };
    let duplicate = earlier.iter().position(same);
    let conflict = earlier.iter().position(at_that_time);
    let duplicate = duplicate.map(|of| Repeats::Duplicate { of });
    duplicate.or(conflict.map(|with| Repeats::Conflict { with }))
}

fn compare(message: &AbusiveMessage, verdict: &Judged, accused: &MimiUri, room: &Room) {
    let at_that_time: Vec<_> = WORLD
        .stamped
        .iter()
        .filter(|stamped| {
            stamped.sender == *accused
                && WORLD.rooms[stamped.room].uri == room.uri
                && stamped.message.accepted_timestamp == message.accepted_timestamp
        })
        .collect();
    let of_content = |stamped: &&&Stamped| {
        stamped.message.message_content == message.message_content
            && stamped.message.frank.server_frank == message.frank.server_frank
    };
    let stamped = at_that_time.iter().find(of_content);
    let intact = stamped.filter(|stamped| stamped.message == *message);
    match &verdict.result {
        Ok(key) => assert_eq!(Some(key.as_str()), stamped.map(|stamped| stamped.key)),
        Err(fault) => {
            assert!(intact.is_none(), "{fault}: {message:?}");
            match fault {
                ReportFault::OtherContent | ReportFault::KeyErased => {
                    assert!(!at_that_time.is_empty() && stamped.is_none(), "{message:?}");
                }
                ReportFault::Signature => assert!(stamped.is_some(), "{fault}: {message:?}"),
                // Nobody can say whether it was signed.
                ReportFault::Unsupported(_) => {}
                _ => assert!(stamped.is_none(), "{fault}: {message:?}"),
            }
        }
    }
}

/// What decodes encodes to what it came from, and is what the decoders of frame
/// and content find.
fn plaintext(data: &[u8]) {
    for framing in WORLD.rooms.iter().map(Room::framing) {
        let content = match framing {
            Framing::Bare => Some(data.to_vec()),
            Framing::Typed(types) => ApplicationFraming::from_slice(data).ok().and_then(|frame| {
                let essence = match frame.media_type.essence.as_str() {
                    "" => &types.0[0].essence,
                    essence => essence,
                };
                essence
                    .eq_ignore_ascii_case("application/mimi-content")
                    .then(|| frame.content.to_vec())
            }),
        };
        let content = content.filter(|content| MimiContent::decode(content).is_ok());
        let text = Plaintext::decode(data, framing);
        assert_eq!(
            text.as_ref().ok().map(Plaintext::encoded_content),
            content.as_deref()
        );
        let Ok(text) = text else { continue };
        let opening = text.opening();
        assert_eq!(opening.application_data(), data);
        let extensions = &text.content().extensions;
        let named = |uri: Option<&str>| uri.and_then(|uri| MimiUri::parse(uri).ok());
        assert!(named(extensions.sender_uri()).is_none_or(|user| opening.is_from(&user)));
        assert!(named(extensions.room_uri()).is_none_or(|room| opening.is_in(&room)));
        let framed = framing.frame(text.content().encode()).unwrap();
        let again = Plaintext::decode(&framed, framing).unwrap();
        assert_eq!(again.encoded_content(), text.encoded_content());
        assert_eq!(framing.frame(again.content().encode()), Ok(framed.clone()));
    }
}
