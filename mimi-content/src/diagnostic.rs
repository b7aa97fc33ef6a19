//! Messages in annotated diagnostic notation, for people (RFC 8949 §8).
//!
//! What a message says is quoted so that it cannot do anything to a terminal or
//! pretend to be part of the notation: characters that are invisible or change
//! the direction of writing are written as numbers.

mod item;
mod text;

use std::fmt::{self, Display};

use crate::content::{Expiration, ExternalPart, MimiContent, NestedPart, Part, PartSemantics};
use crate::derived::{HubTimestamp, MessageDerivedValues};
use crate::message_id::MessageId;
use crate::octets::Hex;
use crate::status::StatusReport;

use item::Item;
use text::{Octets, Quoted, Time};

impl MimiContent<'_> {
    /// The message in annotated diagnostic notation, with everything in it: what
    /// people wrote, and the keys of assets.
    #[must_use]
    pub fn to_diagnostic(&self) -> String {
        let mut out = Printer::default();
        out.open("[", "mimiContent");
        out.octets(self.salt.as_bytes(), "salt");
        out.id(self.replaces.as_ref(), "replaces");
        out.line(Octets(self.topic_id.as_bytes()), "topicId");
        out.expiration(self.expires.as_ref());
        out.id(self.in_reply_to.as_ref(), "inReplyTo");
        out.open("{", "mimiExtensions");
        for (name, value) in self.extensions.iter() {
            let known = name.registered().unwrap_or("private or unknown");
            let shown: &dyn Display = match &name {
                crate::ExtensionName::Int(number) => number,
                crate::ExtensionName::Text(text) => &Quoted(text, '"'),
            };
            let value = Item(value.as_cbor());
            out.line(format_args!("{shown}: {value}"), known);
        }
        out.close("}");
        out.part(&self.body, &mut 0);
        out.close("]");
        out.text
    }
}

impl StatusReport {
    /// The report in annotated diagnostic notation.
    #[must_use]
    pub fn to_diagnostic(&self) -> String {
        let mut out = Printer::default();
        out.open("[", "messageStatusReport");
        for entry in &self.0 {
            out.open("[", "perMessageStatus");
            out.id(Some(&entry.message_id), "messageId");
            let name = entry.status.name().unwrap_or("unknown");
            out.line(entry.status.0, format_args!("status: {name}"));
            out.close("]");
        }
        out.close("]");
        out.text
    }
}

impl MessageDerivedValues<'_> {
    /// The values in annotated diagnostic notation.
    #[must_use]
    pub fn to_diagnostic(&self) -> String {
        let mut out = Printer::default();
        out.open("[", "messageDerivedValues");
        out.id(Some(&self.message_id), "messageId");
        let name = "hubAcceptedTimestamp";
        match &self.hub_accepted_timestamp {
            HubTimestamp::Millis(time) => {
                let readable = Time(time.as_millis());
                out.line(time.as_millis(), format_args!("{name}: {readable}"));
            }
            HubTimestamp::Extended(time) => out.line(Item(time.as_cbor()), name),
        }
        out.octets(&self.mls_group_id, "mlsGroupId");
        out.line(self.sender_leaf_index, "senderLeafIndex");
        out.text(&self.sender_client_url, "senderClientUrl");
        out.text(&self.sender_user_url, "senderUserUrl");
        out.text(&self.room_url, "roomUrl");
        out.close("]");
        out.text
    }
}

/// Writes one item a line, and what it is.
#[derive(Default)]
struct Printer {
    text: String,
    level: usize,
}

impl Printer {
    fn line(&mut self, item: impl Display, what: impl Display) {
        self.indent();
        let comma = if self.level > 0 { "," } else { "" };
        self.push(format_args!("{item}{comma} / {what} /\n"));
    }

    fn open(&mut self, bracket: &str, what: impl Display) {
        self.indent();
        self.push(format_args!("{bracket} / {what} /\n"));
        self.level = self.level.saturating_add(1);
    }

    fn close(&mut self, bracket: &str) {
        self.level = self.level.saturating_sub(1);
        self.indent();
        let comma = if self.level > 0 { "," } else { "" };
        self.push(format_args!("{bracket}{comma}\n"));
    }

    fn indent(&mut self) {
        for _ in 0..self.level {
            self.text.push_str("  ");
        }
    }

    fn push(&mut self, text: fmt::Arguments<'_>) {
        // Writing into a string does not fail.
        let _ = fmt::Write::write_fmt(&mut self.text, text);
    }

    fn octets(&mut self, octets: &[u8], what: &str) {
        self.line(format_args!("h'{}'", Hex(octets)), what);
    }

    fn text(&mut self, text: &str, what: &str) {
        self.line(Quoted(text, '"'), what);
    }

    fn id(&mut self, id: Option<&MessageId>, what: &str) {
        match id {
            Some(id) => self.line(format_args!("h'{id}'"), what),
            None => self.line("null", what),
        }
    }

    fn expiration(&mut self, expires: Option<&Expiration>) {
        match expires {
            None => self.line("null", "expires"),
            Some(Expiration::At(time)) => {
                let readable = Time(u64::from(*time).saturating_mul(1000));
                let item = format_args!("[false, {time}]");
                self.line(item, format_args!("expires: {readable}"));
            }
            Some(Expiration::AfterReading(time)) => {
                let item = format_args!("[true, {time}]");
                self.line(item, format_args!("expires: {time} seconds after reading"));
            }
        }
    }

    /// A part, after `index` others.
    fn part(&mut self, part: &NestedPart<'_>, index: &mut usize) {
        self.open("[", format_args!("part {index}"));
        *index = index.saturating_add(1);
        let disposition = part.disposition;
        let name = disposition.name().unwrap_or("unknown, so render");
        self.line(disposition.0, format_args!("disposition: {name}"));
        self.text(&part.language, "language");
        match &part.part {
            Part::Null => self.line(0, "cardinality: nullpart"),
            Part::Single {
                content_type,
                content,
            } => {
                self.line(1, "cardinality: single");
                self.text(content_type, "contentType");
                self.line(Octets(content), "content");
            }
            Part::External(external) => {
                self.line(2, "cardinality: external");
                self.external(external);
            }
            Part::Multi { semantics, parts } => {
                self.line(3, "cardinality: multi");
                let (number, name) = match semantics {
                    PartSemantics::ChooseOne => (0, "chooseOne"),
                    PartSemantics::SingleUnit => (1, "singleUnit"),
                    PartSemantics::ProcessAll => (2, "processAll"),
                };
                self.line(number, format_args!("partSemantics: {name}"));
                self.open("[", "parts");
                for part in parts.iter() {
                    self.part(part, index);
                }
                self.close("]");
            }
        }
        self.close("]");
    }

    fn external(&mut self, part: &ExternalPart<'_>) {
        self.text(&part.content_type, "contentType");
        self.text(&part.url, "url");
        let expires = u64::from(part.expires).saturating_mul(1000);
        match expires {
            0 => self.line(0, "expires: never"),
            millis => {
                let readable = Time(millis);
                self.line(part.expires, format_args!("expires: {readable}"));
            }
        }
        self.line(part.size, "size, in octets");
        self.line(part.enc_alg, format_args!("encAlg: {}", aead(part.enc_alg)));
        self.octets(part.key.as_bytes(), "key");
        self.octets(&part.nonce, "nonce");
        self.octets(&part.aad, "aad");
        self.line(
            part.hash_alg,
            format_args!("hashAlg: {}", hash(part.hash_alg)),
        );
        self.octets(&part.content_hash, "contentHash");
        self.text(&part.description, "description");
        self.text(&part.filename, "filename");
    }
}

fn aead(number: u16) -> &'static str {
    match number {
        0 => "none",
        1 => "AES-128-GCM",
        2 => "AES-256-GCM",
        _ => "unknown",
    }
}

fn hash(number: u8) -> &'static str {
    match number {
        0 => "none",
        1 => "SHA-256",
        7 => "SHA-384",
        8 => "SHA-512",
        _ => "unknown",
    }
}
