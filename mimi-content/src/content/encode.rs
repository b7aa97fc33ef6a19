use super::{Expiration, ExternalPart, MimiContent, NestedPart, Part, PartSemantics};
use crate::cbor::{Sink, Write, Writer, encode};
use crate::message_id::MessageId;

impl MimiContent<'_> {
    /// Encodes the message, in the one way there is.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }
}

impl Write for MimiContent<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.array(7);
        w.bytes(self.salt.as_bytes());
        w.nullable(self.replaces.as_ref(), message_id);
        w.bytes(self.topic_id.as_bytes());
        w.nullable(self.expires.as_ref(), expiration);
        w.nullable(self.in_reply_to.as_ref(), message_id);
        self.extensions.write(w);
        self.body.write(w);
    }
}

impl Write for NestedPart<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        let (cardinality, elements) = match &self.part {
            Part::Null => (0u8, 3),
            Part::Single { .. } => (1, 5),
            Part::External(_) => (2, 15),
            Part::Multi { .. } => (3, 5),
        };
        w.array(elements);
        w.uint(self.disposition.0);
        w.text(&self.language);
        w.uint(cardinality);
        match &self.part {
            Part::Null => {}
            Part::Single {
                content_type,
                content,
            } => {
                w.text(content_type);
                w.bytes(content);
            }
            Part::External(part) => part.write(w),
            Part::Multi { semantics, parts } => {
                w.uint(match semantics {
                    PartSemantics::ChooseOne => 0u8,
                    PartSemantics::SingleUnit => 1,
                    PartSemantics::ProcessAll => 2,
                });
                w.array(parts.len());
                for part in parts.iter() {
                    part.write(w);
                }
            }
        }
    }
}

impl Write for ExternalPart<'_> {
    fn write<S: Sink>(&self, w: &mut Writer<S>) {
        w.text(&self.content_type);
        w.text(&self.url);
        w.uint(self.expires);
        w.uint(self.size);
        w.uint(self.enc_alg);
        w.bytes(self.key.as_bytes());
        w.bytes(&self.nonce);
        w.bytes(&self.aad);
        w.uint(self.hash_alg);
        w.bytes(&self.content_hash);
        w.text(&self.description);
        w.text(&self.filename);
    }
}

fn message_id<S: Sink>(w: &mut Writer<S>, id: &MessageId) {
    w.bytes(id.as_bytes());
}

fn expiration<S: Sink>(w: &mut Writer<S>, expiration: &Expiration) {
    let (relative, time) = match *expiration {
        Expiration::At(time) => (false, time),
        Expiration::AfterReading(time) => (true, time),
    };
    w.array(2);
    w.boolean(relative);
    w.uint(time);
}
