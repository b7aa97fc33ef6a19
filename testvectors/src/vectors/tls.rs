//! `tls`: vectors, optionals and integers; and the procedure for all
//! structures of the TLS presentation language.

use mimi_content::component::ComponentMap;
use mimi_content::media::ApplicationFraming;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};
use mimi_franking::{
    AbuseReport, Credential, Frank, FrankingAgent, FrankingIntegrityTbs, IdentityLinkTbe,
    PseudonymousCredential, PseudonymousCredentialTbs, ServerFrankingContext,
};
use mimi_policy::{
    AssetPolicy, BaseRoomPolicy, BotPolicy, DomainName, HistoryPolicy, JoinLinkPolicy, JoinLinks,
    JoinLinksUpdate, LinkPreviewPolicy, LoggingPolicy, MessageExpiration, OperationalParameters,
    ParticipantList, ParticipantListUpdate, PreauthList, RoleList, RoomMetadata,
    StatusNotificationPolicy, Uri,
};
use mimi_protocol::wire::{
    ConsentEntry, DomainList, FanoutMessages, GroupInfoRatchetTreeTbe, GroupInfoRequest,
    GroupInfoResponse, IdentifierRequest, IdentifierResponse, KeyMaterialRequest,
    KeyMaterialResponse, RatchetTreeOption, SubmitMessageRequest, SubmitMessageResponse,
    UpdateRequest, UpdateRoomResponse,
};
use serde_json::{Value, json};

use super::fields::Fields;
use super::procedures::{octets, text};
use super::{Case, Family, Outcome, Refused};
use crate::hex;

/// Decodes and encodes a structure.
pub(super) fn structure(input: &Value) -> Outcome {
    macro_rules! one_of {
        ($($type:ident)*) => {
            match text(input, "structure") {
                $(stringify!($type) => read::<$type>(&octets(input, "octets")),)*
                other => panic!("no structure {other}"),
            }
        };
    }
    one_of! {
        Bool OptionalUint16 Opaque Utf8 Uint16Vector Uint64
        ApplicationFraming ComponentMap
        ParticipantList ParticipantListUpdate RoleList BaseRoomPolicy RoomMetadata PreauthList
        OperationalParameters StatusNotificationPolicy JoinLinkPolicy JoinLinks JoinLinksUpdate
        LinkPreviewPolicy AssetPolicy LoggingPolicy HistoryPolicy BotPolicy MessageExpiration
        Uri DomainName
        Frank ServerFrankingContext FrankingIntegrityTbs FrankingAgent AbuseReport
        Credential PseudonymousCredential PseudonymousCredentialTbs IdentityLinkTbe
        ConsentEntry DomainList FanoutMessages GroupInfoRatchetTreeTbe GroupInfoRequest GroupInfoResponse
        IdentifierRequest IdentifierResponse KeyMaterialRequest KeyMaterialResponse
        RatchetTreeOption SubmitMessageRequest SubmitMessageResponse UpdateRequest
        UpdateRoomResponse
    }
}

fn read<T: Decode + Encode + Fields>(octets: &[u8]) -> Outcome {
    let value = T::from_slice(octets).map_err(|error| refused(&error))?;
    assert_eq!(value.to_vec().as_deref(), Ok(octets));
    Ok(value.fields())
}

pub(super) fn refused(error: &DecodeError) -> Refused {
    let rule = match error.rule {
        Rule::Truncated { .. } => "truncated",
        Rule::Trailing { .. } => "trailing",
        Rule::LengthPrefix => "length_prefix",
        Rule::NonMinimalLength => "non_minimal_length",
        Rule::Presence(_) => "presence",
        Rule::Utf8 => "utf8",
        Rule::ZeroProgress => "zero_progress",
        Rule::Unknown { .. } => "unknown",
        Rule::Limit { .. } => "limit",
        Rule::Uri(_) => "uri",
        Rule::Structure(_) => "structure",
        ref other => panic!("{other} is new here"),
    };
    Refused::new(rule, error.offset)
}

/// Decodes `prefix` and as many zeros as `zeros` says as one `opaque<V>`.
pub(super) fn vector_length(input: &Value) -> Outcome {
    let prefix = octets(input, "prefix");
    let zeros = usize::try_from(input["zeros"].as_u64().unwrap()).unwrap();
    let all = [&prefix[..], &vec![0; zeros]].concat();
    let mut r = Reader::new(&all);
    let content = r.opaque().and_then(|content| r.finish().map(|()| content));
    let content = content.map_err(|error| refused(&error))?;
    let mut w = Writer::new();
    w.opaque(content);
    assert_eq!(w.finish(), Ok(all.clone()));
    Ok(json!({ "length": content.len() }))
}

/// Cases of one structure.
pub(super) struct Structure(pub(super) &'static str);

impl Structure {
    fn input(&self, octets: &[u8]) -> Value {
        json!({ "structure": self.0, "octets": hex::encode(octets) })
    }

    /// An encoding of a value.
    pub(super) fn valid(&self, name: &str, value: &impl Encode) -> Case {
        self.octets(name, &value.to_vec().unwrap())
    }

    /// Octets that are valid.
    pub(super) fn octets(&self, name: &str, octets: &[u8]) -> Case {
        Case::valid("tls", &self.name(name), self.input(octets))
    }

    /// Octets that are refused.
    pub(super) fn refused(&self, name: &str, octets: &[u8], rule: &str, offset: usize) -> Case {
        Case::refused("tls", &self.name(name), self.input(octets), rule, offset)
    }

    /// An encoding cut before its end, and one with an octet behind it.
    pub(super) fn bounds(&self, octets: &[u8]) -> [Case; 2] {
        let cut = &octets[..octets.len() - 1];
        let error = structure(&self.input(cut)).unwrap_err();
        let at = error.offset.unwrap();
        let longer = [octets, &[0]].concat();
        [
            self.refused("cut by an octet", cut, "truncated", at),
            self.refused("an octet more", &longer, "trailing", octets.len()),
        ]
    }

    fn name(&self, name: &str) -> String {
        format!("{}: {name}", self.0)
    }
}

macro_rules! primitive {
    ($name:ident($inner:ty), $read:expr, $write:expr, $fields:expr) => {
        struct $name($inner);
        impl Decode for $name {
            fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let read: fn(&mut Reader<'_>) -> Result<$inner, DecodeError> = $read;
                read(r).map($name)
            }
        }
        impl Encode for $name {
            fn encode(&self, w: &mut Writer) {
                let write: fn(&mut Writer, &$inner) = $write;
                write(w, &self.0);
            }
        }
        impl Fields for $name {
            fn fields(&self) -> Value {
                let fields: fn(&$inner) -> Value = $fields;
                json!({ "value": fields(&self.0) })
            }
        }
    };
}

primitive!(
    Bool(bool),
    |r| r.boolean(),
    |w, v| w.boolean(*v),
    |v| json!(v)
);
primitive!(Uint64(u64), |r| r.u64(), |w, v| w.u64(*v), |v| json!(
    v.to_string()
));
primitive!(
    OptionalUint16(Option<u16>),
    |r| r.optional(Reader::u16),
    |w, v| w.optional(v.as_ref(), |w, v| w.u16(*v)),
    |v| json!(v)
);
primitive!(
    Opaque(Vec<u8>),
    |r| r.opaque().map(<[u8]>::to_vec),
    |w, v| w.opaque(v),
    |v| json!(hex::encode(v))
);
primitive!(
    Utf8(String),
    |r| r.utf8().map(str::to_owned),
    |w, v| w.opaque(v.as_bytes()),
    |v| json!(v)
);
primitive!(
    Uint16Vector(Vec<u16>),
    |r| r.list(),
    |w, v| w.list(v),
    |v| json!(v)
);

pub(super) fn family() -> Family {
    let mut cases = Vec::new();
    for (prefix, zeros) in [
        ("00", 0),
        ("01", 1),
        ("3f", 63),
        ("4040", 64),
        ("7fff", 16_383),
        ("80004000", 16_384),
        ("80010000", 65_536),
    ] {
        let input = json!({ "prefix": prefix, "zeros": zeros });
        cases.push(Case::valid(
            "vector_length",
            &format!("length {zeros}"),
            input,
        ));
    }
    for (name, prefix, zeros, rule, offset) in [
        ("0 in two octets", "4000", 0, "non_minimal_length", 0),
        ("63 in two octets", "403f", 63, "non_minimal_length", 0),
        ("0 in four octets", "80000000", 0, "non_minimal_length", 0),
        (
            "16383 in four octets",
            "80003fff",
            16_383,
            "non_minimal_length",
            0,
        ),
        ("the length bits 11", "c0", 0, "length_prefix", 0),
        (
            "eight octets of length",
            "c000000000004000",
            16_384,
            "length_prefix",
            0,
        ),
        ("no length", "", 0, "truncated", 0),
        ("half a length", "40", 0, "truncated", 1),
        (
            "a length of four octets in three",
            "8000",
            1,
            "truncated",
            1,
        ),
        ("more declared than there is", "04", 3, "truncated", 1),
        ("2^30 - 1 declared", "bfffffff", 4, "truncated", 4),
        ("less declared than there is", "02", 3, "trailing", 3),
    ] {
        let input = json!({ "prefix": prefix, "zeros": zeros });
        cases.push(Case::refused("vector_length", name, input, rule, offset));
    }
    for (structure, name, octets) in [
        ("Bool", "false", "00"),
        ("Bool", "true", "01"),
        ("OptionalUint16", "absent", "00"),
        ("OptionalUint16", "present", "01 0102"),
        ("Opaque", "three octets", "03 00ff80"),
        ("Utf8", "two characters", "05 c3bce29da4"),
        ("Uint16Vector", "none", "00"),
        ("Uint16Vector", "two", "04 0001 ffff"),
        ("Uint64", "the largest", "ffffffffffffffff"),
        ("ComponentMap", "empty", "00"),
        ("ComponentMap", "two entries", "08 0020 0101 0025 0102"),
        (
            "ComponentMap",
            "an unknown component without data",
            "03 fe26 00",
        ),
        (
            "ApplicationFraming",
            "a type with a parameter",
            "0a746578742f706c61696e 0e 0763686172736574 055554462d38 026869",
        ),
        (
            "ApplicationFraming",
            "the group's first type",
            "00 00 026869",
        ),
    ] {
        cases.push(Structure(structure).octets(name, &hex::literal(octets)));
    }
    for (structure, name, octets, rule, offset) in [
        ("Bool", "two", "02", "unknown", 0),
        ("OptionalUint16", "presence 2", "02 0102", "presence", 0),
        (
            "OptionalUint16",
            "present without value",
            "01",
            "truncated",
            1,
        ),
        ("Utf8", "a lone continuation", "02 6180", "utf8", 2),
        ("Utf8", "a surrogate", "03 eda080", "utf8", 1),
        ("Utf8", "an overlong slash", "02 c0af", "utf8", 1),
        (
            "Uint16Vector",
            "half an element",
            "03 0001 ff",
            "truncated",
            3,
        ),
        ("Uint64", "seven octets", "ffffffffffffff", "truncated", 0),
        (
            "ComponentMap",
            "decreasing",
            "08 0025 0102 0020 0101",
            "structure",
            5,
        ),
        (
            "ComponentMap",
            "twice the same",
            "08 0020 0101 0020 0101",
            "structure",
            5,
        ),
        (
            "ApplicationFraming",
            "a name without a value",
            "00 04 03616263 00",
            "truncated",
            6,
        ),
    ] {
        cases.push(Structure(structure).refused(name, &hex::literal(octets), rule, offset));
    }
    Family {
        family: "tls".to_owned(),
        about: "The TLS presentation language as RFC 9420 §2.1 extends it, and small structures \
                of EXT"
            .to_owned(),
        cases,
    }
}
