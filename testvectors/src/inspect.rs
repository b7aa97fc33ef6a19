//! Shows what is in a file: a message or a status report.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use mimi_content::cbor::DecodeError;
use mimi_content::{MessageId, MimiContent, StatusReport};

/// How to call it.
pub const USAGE: &str = "inspect FILE --kind content|status [--sender URI --room URI]";

/// What the file holds, as it claims.
enum Kind {
    Content,
    Status,
}

struct Arguments {
    file: PathBuf,
    kind: Kind,
    sender: Option<String>,
    room: Option<String>,
}

/// Shows a file on `out`: 0 if it is valid. Otherwise `err` gets the reason: 1 if
/// it is not, 2 if the arguments are wrong or the file cannot be read.
pub fn inspect(
    arguments: impl Iterator<Item = OsString>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> u8 {
    let shown = parse(arguments).and_then(|arguments| {
        let octets = std::fs::read(&arguments.file);
        let octets = octets.map_err(|e| format!("{}: {e}", arguments.file.display()))?;
        Ok(show(&arguments, &octets))
    });
    // Whoever closes the pipe has seen enough: that changes no verdict.
    match shown {
        Ok(Ok(text)) => {
            let _ = out.write_all(text.as_bytes());
            0
        }
        Ok(Err(error)) => {
            let _ = writeln!(err, "{error}");
            1
        }
        Err(usage) => {
            let _ = writeln!(err, "{usage}\nusage: testvectors {USAGE}");
            2
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Arguments, String> {
    let (mut file, mut kind, mut sender, mut room) = (None, None, None, None);
    while let Some(argument) = arguments.next() {
        let mut value = |name: &str| {
            let value = arguments.next().ok_or(format!("{name} has no value"))?;
            let text = value.into_string();
            text.map_err(|_| format!("the value of {name} is not UTF-8"))
        };
        let repeated = match argument.to_str() {
            Some("--kind") => kind
                .replace(match value("--kind")?.as_str() {
                    "content" => Kind::Content,
                    "status" => Kind::Status,
                    other => return Err(format!("there is no kind {other:?}")),
                })
                .is_some(),
            Some("--sender") => sender
                .replace(uri("--sender", value("--sender")?)?)
                .is_some(),
            Some("--room") => room.replace(uri("--room", value("--room")?)?).is_some(),
            Some(other) if other.starts_with("--") => {
                return Err(format!("there is no option {other:?}"));
            }
            _ => file.replace(PathBuf::from(&argument)).is_some(),
        };
        if repeated {
            return Err(format!("{argument:?} is one too many"));
        }
    }
    Ok(Arguments {
        file: file.ok_or("no file is named")?,
        kind: kind.ok_or("--kind is missing")?,
        sender,
        room,
    })
}

fn uri(name: &str, value: String) -> Result<String, String> {
    if value.len() > mimi_content::MAX_HASHED_URI_LEN {
        return Err(format!("the value of {name} is too long"));
    }
    Ok(value)
}

fn show(arguments: &Arguments, octets: &[u8]) -> Result<String, DecodeError> {
    match arguments.kind {
        Kind::Status => StatusReport::decode(octets).map(|report| report.to_diagnostic()),
        Kind::Content => {
            let message = MimiContent::decode(octets)?;
            let extensions = &message.extensions;
            let sender = arguments.sender.as_deref().or(extensions.sender_uri());
            let room = arguments.room.as_deref().or(extensions.room_uri());
            let id = sender
                .zip(room)
                .map(|(sender, room)| MessageId::compute(sender, room, octets, &message.salt));
            let id = match id {
                Some(Ok(id)) => format!("message ID {id}"),
                Some(Err(error)) => format!("the message ID cannot be known: {error}"),
                None => "the message ID cannot be known without sender and room".to_owned(),
            };
            Ok(format!("{}{id}\n", message.to_diagnostic()))
        }
    }
}
