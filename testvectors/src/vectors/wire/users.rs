//! What concerns users: consent, identifiers, key material.

use bytes::Bytes;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode};
use mimi_protocol::wire::mls::{
    Capabilities, CipherSuite, CredentialType, ExtensionType, KeyPackage, ProposalType,
    ProtocolVersion, RequiredCapabilities,
};
use mimi_protocol::wire::*;

use super::super::content::{ALICE, ROOM};
use super::super::tls::Structure;
use super::super::{Case, mls};
use super::{basic, bob, text, uri, vector};
use crate::hex;

fn key_package() -> KeyPackage {
    KeyPackage::from_slice(&mls::key_package()).unwrap()
}

pub(super) fn consent() -> Vec<Case> {
    let entries = Structure("ConsentEntry");
    let scope = |room: Option<&str>| ConsentScope {
        requester_uri: uri(ALICE),
        target_uri: bob(),
        room_id: room.map(uri),
    };
    let entry = |operation, room| ConsentEntry::new(operation, scope(room));
    let extended = ConsentEntry {
        extensions: ComponentMap::from_iter([(ComponentId(0xfe00), vec![1, 2])]),
        ..entry(ConsentOperation::Revoke, None)
    };
    let grant = entry(ConsentOperation::Grant(vec![key_package()]), Some(ROOM));
    let unknown = [&[4][..], &text(ALICE), &text(ALICE), &[0, 0]].concat();
    let presence = [&[1][..], &text(ALICE), &text(ALICE), &[2, 0]].concat();
    let mut cases = vec![
        entries.valid(
            "a request for a room",
            &entry(ConsentOperation::Request, Some(ROOM)),
        ),
        entries.valid("a cancellation", &entry(ConsentOperation::Cancel, None)),
        entries.valid(
            "a grant without KeyPackages",
            &entry(ConsentOperation::Grant(vec![]), None),
        ),
        entries.valid("a grant with a KeyPackage", &grant),
        entries.valid("a revocation with an extension", &extended),
        entries.refused("an unknown operation", &unknown, "unknown", 0),
        entries.refused("a room neither there nor not", &presence, "presence", 51),
    ];
    cases.extend(entries.bounds(&grant.to_vec().unwrap()));
    cases
}

pub(super) fn identifiers() -> Vec<Case> {
    let (requests, responses) = (
        Structure("IdentifierRequest"),
        Structure("IdentifierResponse"),
    );
    let element = |field, value: &str| QueryElement {
        field,
        search_value: value.to_owned(),
    };
    let plain =
        |code| SearchField::Plain(PlainSearchType::new(SearchIdentifierType(code)).unwrap());
    let request = IdentifierRequest {
        query_elements: vec![
            element(plain(1), "mimi://b.example/u/bob"),
            element(
                SearchField::OidcStdClaim("family_name".into()),
                "M\u{fc}ller",
            ),
            element(SearchField::VcardField("ORG".into()), "Example"),
            element(plain(200), ""),
        ],
        extensions: ComponentMap::new(),
    };
    let response = IdentifierResponse {
        response_code: IdentifierQueryCode::SUCCESS,
        uris: vec![bob()],
        found_profiles: vec![UserProfile {
            stable_uri: bob(),
            fields: vec![ProfileField {
                field_source: FieldSource::VCARD_FIELD,
                field_name: "FN".into(),
                field_value: Bytes::from_static(b"Bob"),
            }],
        }],
        extensions: ComponentMap::new(),
    };
    let mut cases = vec![
        requests.octets("no condition", &[0, 0]),
        requests.valid("a condition of each form", &request),
        requests.refused(
            "a value that is not UTF-8",
            &hex::literal("04 01 02 c328 00"),
            "utf8",
            3,
        ),
        responses.valid("a profile", &response),
        responses.octets("nobody, by an unknown code", &[99, 0, 0, 0]),
        responses.refused(
            "a URI that is none",
            &hex::literal("00 02 01 61 00 00"),
            "uri",
            3,
        ),
    ];
    cases.extend(requests.bounds(&request.to_vec().unwrap()));
    cases.extend(responses.bounds(&response.to_vec().unwrap()));
    cases
}

pub(super) fn key_material() -> Vec<Case> {
    let (requests, responses) = (
        Structure("KeyMaterialRequest"),
        Structure("KeyMaterialResponse"),
    );
    let request = |room: Option<&str>| KeyMaterialRequest {
        tbs: KeyMaterialRequestTbs {
            requesting_user: uri(ALICE),
            target_user: bob(),
            room_id: room.map(uri),
            acceptable_cipher_suites: vec![CipherSuite(1), CipherSuite(0xff00)],
            required_capabilities: RequiredCapabilities {
                extension_types: vec![ExtensionType(6)],
                proposal_types: vec![ProposalType(8), ProposalType(10)],
                credential_types: vec![],
            },
            requester_signature_key: Bytes::from_static(&[0x77; 32]),
            requester_credential: basic(ALICE),
        },
        signature: Bytes::from_static(&[0x99; 64]),
    };
    let client = |name: &str, status| ClientKeyMaterial {
        client_uri: uri(&format!("mimi://b.example/d/bob/{name}")),
        status,
    };
    let own = Capabilities {
        versions: vec![ProtocolVersion(1)],
        cipher_suites: vec![CipherSuite(2)],
        extensions: vec![],
        proposals: vec![],
        credentials: vec![CredentialType(1), CredentialType(2)],
    };
    let clients = vec![
        client("phone", ClientStatus::Success(Box::new(key_package()))),
        client("tablet", ClientStatus::KeyMaterialExhausted),
        client("desk", ClientStatus::NothingCompatible(Some(own))),
        client("watch", ClientStatus::NothingCompatible(None)),
    ];
    let response = KeyMaterialResponse::of_clients(bob(), clients);
    let failure = KeyMaterialResponse::failure(bob(), KeyMaterialUserCode::NO_CONSENT);
    let head = [text(ALICE), text(ALICE), vec![0]].concat();
    let no_suite = [&[1][..], &head, &[0, 0, 0, 0, 0, 0, 1, 0, 0]].concat();
    let client = [&[1][..], &text("mimi://a.example/d/a")].concat();
    let listed = [&[1, 4][..], &text(ALICE), &vector(&client)].concat();
    let code = [
        &[1, 0][..],
        &text(ALICE),
        &vector(&[&[3][..], &client[1..]].concat()),
    ]
    .concat();
    let mut cases = vec![
        requests.valid("for a room", &request(Some(ROOM))),
        requests.valid("for no room", &request(None)),
        requests.refused("another protocol", &[2], "unknown", 0),
        requests.refused("no cipher suite", &no_suite, "structure", 52),
        responses.valid("a client of each status", &response),
        responses.valid("no consent", &failure),
        responses.refused("clients of an unknown user", &listed, "structure", 27),
        responses.refused("an unknown status of a client", &code, "unknown", 28),
    ];
    cases.extend(requests.bounds(&request(None).to_vec().unwrap()));
    cases.extend(responses.bounds(&response.to_vec().unwrap()));
    cases
}
