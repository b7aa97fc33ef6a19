//! What local clients ask of the hub.

use bytes::Bytes;
use mimi_content::MimiUri;
use serde::{Deserialize, Serialize};

use super::change::Echo;
use super::error::Rejection;
use super::state::State;
use crate::delivery::Recent;
use crate::wire::mls::MlsHeader;
use crate::wire::{
    AbuseReport, Decode, Endpoint, GroupInfoRequest, HandshakeBundle, KeyMaterialRequest,
    SubmitMessageRequest, UpdateRequest,
};

/// Most requests of one client that wait for the hub: an evening of messages
/// typed while the hub is away.
pub const MAX_REQUESTS: usize = 256;

/// What a client asks of the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum RequestKind {
    /// A message to everyone; the body is a `SubmitMessageRequest`.
    Submit,
    /// A change of the room; the body is an `UpdateRequest`.
    Update,
    /// What an external join takes; the body is a `GroupInfoRequest`.
    GroupInfo,
    /// Key material of a user who is to be added; the body is a
    /// `KeyMaterialRequest` for this room.
    KeyMaterial,
    /// A report; the body is an `AbuseReport`.
    Report,
}

impl RequestKind {
    /// What it is called in an audit.
    pub(super) fn name(self) -> &'static str {
        match self {
            RequestKind::Submit => "submit a message",
            RequestKind::Update => "update the room",
            RequestKind::GroupInfo => "ask for the GroupInfo",
            RequestKind::KeyMaterial => "ask for key material",
            RequestKind::Report => "report abuse",
        }
    }

    /// The clause that governs it.
    pub(super) fn clause(self) -> &'static str {
        match self {
            RequestKind::Submit => "PROTO, \"Submit a Message\"",
            RequestKind::Update => "PROTO, \"Update Room State\"",
            RequestKind::GroupInfo => "PROTO, \"Claim group key information\"",
            RequestKind::KeyMaterial => "PROTO, \"Fetch Key Material\"",
            RequestKind::Report => "PROTO, \"Report abuse\"",
        }
    }
}

/// A request that may go to the hub.
pub(super) struct Checked {
    pub(super) endpoint: Endpoint,
    /// How the hub's fan-out of it would be recognised.
    pub(super) echo: Option<Echo>,
    /// Whether the client is in the room if the hub accepts it: whoever
    /// commits is.
    pub(super) joining: bool,
    pub(super) epoch: Option<u64>,
}

/// Checks what the hub would have to refuse anyway.
pub(super) fn check(
    state: &State,
    client: &MimiUri,
    kind: RequestKind,
    body: &Bytes,
) -> Result<Checked, Rejection> {
    let room = state.room.clone();
    let plain = |endpoint| Checked {
        endpoint,
        echo: None,
        joining: false,
        epoch: None,
    };
    match kind {
        RequestKind::Submit => {
            let request = SubmitMessageRequest::from_bytes(body)?;
            same_provider(client, &request.sending_uri)?;
            let message = request.app_message;
            same_group(state, message.header())?;
            Ok(Checked {
                endpoint: Endpoint::SubmitMessage { room },
                echo: Some(Echo::application(client, message.as_bytes())),
                joining: false,
                epoch: Some(message.epoch),
            })
        }
        RequestKind::Update => check_update(state, client, body),
        RequestKind::GroupInfo => {
            GroupInfoRequest::from_bytes(body)?;
            Ok(plain(Endpoint::GroupInfo { room }))
        }
        RequestKind::KeyMaterial => {
            let request = KeyMaterialRequest::from_bytes(body)?.tbs;
            same_provider(client, &request.requesting_user)?;
            if request.room_id.as_ref() != Some(&room) {
                return Err(Rejection::OtherRoom);
            }
            let target = request.target_user;
            Ok(plain(Endpoint::KeyMaterial { target }))
        }
        RequestKind::Report => {
            AbuseReport::from_bytes(body)?;
            Ok(plain(Endpoint::ReportAbuse { room }))
        }
    }
}

fn check_update(state: &State, client: &MimiUri, body: &Bytes) -> Result<Checked, Rejection> {
    let bundle = UpdateRequest::from_bytes(body)?.bundle;
    let (header, octets) = match &bundle {
        HandshakeBundle::Commit(bundle) => (bundle.commit.header(), bundle.commit.as_bytes()),
        HandshakeBundle::Proposals { proposal, more } => {
            for proposal in more {
                same_group(state, proposal.header())?;
            }
            (proposal.header(), proposal.as_bytes())
        }
    };
    same_group(state, header)?;
    Ok(Checked {
        endpoint: Endpoint::Update {
            room: state.room.clone(),
        },
        echo: Some(Echo::handshake(client, octets)),
        joining: matches!(bundle, HandshakeBundle::Commit(_)),
        epoch: Some(header.epoch),
    })
}

fn same_group(state: &State, header: &MlsHeader) -> Result<(), Rejection> {
    match &state.group_id {
        Some(group_id) if *group_id != header.group_id => Err(Rejection::OtherGroup),
        _ => Ok(()),
    }
}

fn same_provider(client: &MimiUri, named: &MimiUri) -> Result<(), Rejection> {
    if client.domain() == named.domain() {
        Ok(())
    } else {
        Err(Rejection::OtherProvider {
            named: named.clone(),
            client: client.clone(),
        })
    }
}

impl Echo {
    fn application(client: &MimiUri, octets: &[u8]) -> Self {
        Echo {
            hash: Recent::hash(octets),
            client: client.clone(),
            suppressed: true,
            request: None,
        }
    }

    fn handshake(client: &MimiUri, octets: &[u8]) -> Self {
        Echo {
            suppressed: false,
            ..Echo::application(client, octets)
        }
    }
}
