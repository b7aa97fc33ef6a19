use super::limits::{
    MAX_PART_LEVELS, MAX_PARTS, MAX_TOPIC_ID_LEN, TOO_DEEP_PARTS, TOO_LONG_TOPIC, TOO_MANY_PARTS,
    check_multi,
};
use super::{Expiration, ExternalPart, MimiContent, NestedPart, Part, PartSemantics};
use crate::cbor::{EncodeError, Path, Rule, Writer};
use crate::message_id::MessageId;

impl MimiContent {
    /// Encodes the message, in the one way there is.
    ///
    /// # Errors
    /// When the topic ID is too long, there are too many parts, they are nested
    /// too deeply, or a multipart has fewer than two; with the field.
    pub fn encode(&self) -> Result<Vec<u8>, EncodeError> {
        let mut e = Encoder::default();
        match e.content(self) {
            Ok(()) => Ok(e.w.finish()),
            Err(rule) => Err(EncodeError {
                path: e.path.to_string(),
                rule,
            }),
        }
    }
}

/// A failure leaves `path` at the field where it happened.
#[derive(Default)]
struct Encoder {
    w: Writer,
    path: Path,
    /// How many parts there are so far.
    parts: usize,
}

impl Encoder {
    fn content(&mut self, content: &MimiContent) -> Result<(), Rule> {
        self.w.array(7);
        self.w.bytes(content.salt.as_bytes());
        self.w.nullable(content.replaces.as_ref(), message_id);
        if content.topic_id.len() > MAX_TOPIC_ID_LEN {
            self.path.push_field("topicId");
            return Err(TOO_LONG_TOPIC);
        }
        self.w.bytes(&content.topic_id);
        self.w.nullable(content.expires.as_ref(), expiration);
        self.w.nullable(content.in_reply_to.as_ref(), message_id);
        content.extensions.write(&mut self.w);
        self.path.push_field("nestedPart");
        self.part(&content.body, 1)
    }

    fn part(&mut self, part: &NestedPart, level: usize) -> Result<(), Rule> {
        self.parts = self.parts.saturating_add(1);
        if self.parts > MAX_PARTS {
            return Err(TOO_MANY_PARTS);
        }
        if level > MAX_PART_LEVELS {
            return Err(TOO_DEEP_PARTS);
        }
        let (cardinality, elements) = match &part.part {
            Part::Null => (0u8, 3),
            Part::Single { .. } => (1, 5),
            Part::External(_) => (2, 15),
            Part::Multi { .. } => (3, 5),
        };
        self.w.array(elements);
        self.w.uint(part.disposition.0);
        self.w.text(&part.language);
        self.w.uint(cardinality);
        match &part.part {
            Part::Null => {}
            Part::Single {
                content_type,
                content,
            } => {
                self.w.text(content_type);
                self.w.bytes(content);
            }
            Part::External(part) => external(&mut self.w, part),
            Part::Multi { semantics, parts } => {
                self.w.uint(match semantics {
                    PartSemantics::ChooseOne => 0u8,
                    PartSemantics::SingleUnit => 1,
                    PartSemantics::ProcessAll => 2,
                });
                self.multi(parts, level)?;
            }
        }
        Ok(())
    }

    /// Writes the parts of a multipart at `level`.
    fn multi(&mut self, parts: &[NestedPart], level: usize) -> Result<(), Rule> {
        self.path.push_field("parts");
        check_multi(u64::try_from(parts.len()).unwrap_or(u64::MAX))?;
        self.w.array(parts.len());
        for (index, part) in parts.iter().enumerate() {
            self.path.push_index(index);
            self.part(part, level.saturating_add(1))?;
            self.path.pop();
        }
        self.path.pop();
        Ok(())
    }
}

fn message_id(w: &mut Writer, id: &MessageId) {
    w.bytes(id.as_bytes());
}

fn expiration(w: &mut Writer, expiration: &Expiration) {
    w.array(2);
    match *expiration {
        Expiration::At(time) => {
            w.boolean(false);
            w.uint(time);
        }
        Expiration::AfterReading(time) => {
            w.boolean(true);
            w.uint(time);
        }
    }
}

fn external(w: &mut Writer, part: &ExternalPart) {
    w.text(&part.content_type);
    w.text(&part.url);
    w.uint(part.expires);
    w.uint(part.size);
    w.uint(part.enc_alg);
    w.bytes(&part.key);
    w.bytes(&part.nonce);
    w.bytes(&part.aad);
    w.uint(part.hash_alg);
    w.bytes(&part.content_hash);
    w.text(&part.description);
    w.text(&part.filename);
}
