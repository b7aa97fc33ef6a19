//! Structures of EXT: what proposals and extensions of that draft hold.

use bytes::Bytes;
use mimi_content::component::ComponentId;
use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use super::codes::WireFormat;
use super::leaf::unknown;
use crate::wire::limits::{MAX_MESSAGE_RANGES, MAX_WIRE_FORMATS};

/// The proposal that changes a component's value in the GroupContext (EXT,
/// "Updating Application Data in the GroupContext").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppDataUpdate {
    /// Whose value.
    pub component_id: ComponentId,
    /// What becomes of it.
    pub op: AppDataUpdateOperation,
}

/// What an [`AppDataUpdate`] does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppDataUpdateOperation {
    /// The component computes the new value from this.
    Update(Bytes),
    /// The value goes.
    Remove,
}

impl Encode for AppDataUpdate {
    fn encode(&self, w: &mut Writer) {
        self.component_id.encode(w);
        match &self.op {
            AppDataUpdateOperation::Update(update) => {
                w.u8(1);
                w.opaque(update);
            }
            AppDataUpdateOperation::Remove => w.u8(2),
        }
    }
}

impl Decode for AppDataUpdate {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let component_id = ComponentId::decode(r)?;
        let start = r.offset();
        let op = match r.u8()? {
            1 => AppDataUpdateOperation::Update(r.opaque_bytes()?),
            2 => AppDataUpdateOperation::Remove,
            value => return Err(r.error_at(start, unknown("AppDataUpdateOperation", value))),
        };
        Ok(AppDataUpdate { component_id, op })
    }
}

/// The proposal that attaches data to a commit and changes nothing (EXT,
/// "Attaching Application Data to a Commit").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppEphemeral {
    /// Whose data.
    pub component_id: ComponentId,
    /// The data; for `app_ack` an [`AppAck`].
    pub data: Bytes,
}

impl Encode for AppEphemeral {
    fn encode(&self, w: &mut Writer) {
        self.component_id.encode(w);
        w.opaque(&self.data);
    }
}

impl Decode for AppEphemeral {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(AppEphemeral {
            component_id: ComponentId::decode(r)?,
            data: r.opaque_bytes()?,
        })
    }
}

/// Which application messages of the epoch a member has received: data of the
/// component `app_ack` in an [`AppEphemeral`] (EXT, "AppAck").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AppAck {
    /// In any order; what no range names has not arrived.
    pub received_ranges: Vec<MessageRange>,
}

/// Successive messages of one sender. One that ends before it begins names
/// nothing and is a decode error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageRange {
    /// Leaf index of the sender.
    pub sender: u32,
    /// Generation of the first message.
    pub first_generation: u32,
    /// Generation of the last one, itself included.
    pub last_generation: u32,
}

impl Encode for AppAck {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.received_ranges);
    }
}

impl Decode for AppAck {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let what = "ranges of received messages";
        let received_ranges = r.list_at_most(what, MAX_MESSAGE_RANGES, MessageRange::decode)?;
        Ok(AppAck { received_ranges })
    }
}

impl Encode for MessageRange {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.sender);
        w.u32(self.first_generation);
        w.u32(self.last_generation);
    }
}

impl Decode for MessageRange {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let range = MessageRange {
            sender: r.u32()?,
            first_generation: r.u32()?,
            last_generation: r.u32()?,
        };
        if range.last_generation < range.first_generation {
            let rule = Rule::Structure("a range of messages ends before it begins");
            return Err(r.error_at(start, rule));
        }
        Ok(range)
    }
}

/// Wire formats beyond RFC 9420's own that a leaf supports or a group requires:
/// data of the extensions `supported_wire_formats` and `required_wire_formats`
/// (EXT, "Negotiating Extensions and Components").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireFormats(pub Vec<WireFormat>);

impl Encode for WireFormats {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.0);
    }
}

impl Decode for WireFormats {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        r.list_at_most("wire formats", MAX_WIRE_FORMATS, WireFormat::decode)
            .map(WireFormats)
    }
}

/// Every component's label begins with this (EXT, "Component IDs").
const BASE_LABEL: &[u8] = b"MLS Component";

/// What keeps one component's keys and signatures apart from another's and from
/// those of MLS (EXT, "Component IDs"). Its encoding is the label of the
/// operation; see [`labels`](crate::labels).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentOperationLabel {
    /// The component that acts.
    pub component_id: ComponentId,
    /// What it does, in words of its own.
    pub label: Bytes,
}

impl Encode for ComponentOperationLabel {
    fn encode(&self, w: &mut Writer) {
        w.opaque(BASE_LABEL);
        self.component_id.encode(w);
        w.opaque(&self.label);
    }
}

impl Decode for ComponentOperationLabel {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        if r.opaque()? != BASE_LABEL {
            return Err(r.error_at(start, Rule::Structure("a base label is not MLS Component")));
        }
        Ok(ComponentOperationLabel {
            component_id: ComponentId::decode(r)?,
            label: r.opaque_bytes()?,
        })
    }
}
