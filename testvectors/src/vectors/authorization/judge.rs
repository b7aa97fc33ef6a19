//! The procedures: a room and an attempt, read from JSON and put to the crate.
//! `README.md`, "Rooms", describes the form of both.

use std::collections::BTreeMap;

use bytes::Bytes;
use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{
    Actor, Bundle, Candidate, Capability, Change, Claim, Claims, ClientIndex, Denied, Envelope,
    ExtendedCapabilities, HubView, Invalid, JoinCode, LeafFacts, Lifetime, Op, ParticipantList,
    RoleList, RoomPolicy,
};
use serde_json::{Value, json};

use crate::hex;
use crate::vectors::fields::Fields;
use crate::vectors::procedures::{list, octets, text};
use crate::vectors::{Outcome, Refused, presets};

/// Judges what is attempted in a room.
pub(in crate::vectors) fn judge(input: &Value) -> Outcome {
    let policy = room(input)?;
    let clients = clients(input);
    let hub = (!input["hub"].is_null()).then(|| Hub::read(&input["hub"]));
    let committer = (!input["committer"].is_null()).then(|| Person::read(&input["committer"]));
    let deeds: Vec<(Person, Vec<Deed>)> = list(input, "bundles")
        .map(|bundle| {
            let deeds = list(bundle, "changes").map(Deed::read).collect();
            (Person::read(&bundle["actor"]), deeds)
        })
        .collect();
    let changes: Vec<Vec<Change<'_>>> = deeds
        .iter()
        .map(|(_, deeds)| deeds.iter().map(Deed::change).collect())
        .collect();
    let bundles: Vec<Bundle<'_>> = std::iter::zip(&deeds, &changes)
        .map(|((person, _), changes)| Bundle {
            actor: person.actor(),
            changes,
        })
        .collect();
    let updates = changes.iter().flatten().filter_map(|change| match *change {
        Change::Component { id, op } => Some((id, op)),
        _ => None,
    });
    let draft = policy.resolve(updates).map_err(|error| invalid(&error))?;
    let candidate = Candidate {
        committer: committer.as_ref().map(Person::actor),
        bundles: &bundles,
        clients: &clients,
        hub: hub.as_ref().map(Hub::view),
    };
    let verdict = policy.authorize(&draft, &candidate);
    let verdict = verdict.map_err(|error| denied(&error))?;
    let rests = verdict.rests_on_hub();
    let changed = draft
        .changed()
        .map(|(id, data)| (id.0.to_string(), data.map(|data| hex::encode(data)).into()));
    Ok(json!({
        "participants": verdict.policy().participants().fields()["participants"],
        "changed": changed.collect::<serde_json::Map<_, Value>>(),
        "rests_on_hub": {
            "join_code": rests.join_code,
            "parent_room": rests.parent_room,
            "twin_room": rests.twin_room,
        },
    }))
}

/// Judges, as its hub, whether a room may begin.
pub(in crate::vectors) fn begin(input: &Value) -> Outcome {
    let policy = room(input)?;
    let hub = Hub::read(&input["hub"]);
    let verdict = policy.may_begin(&clients(input), &hub.view());
    verdict.map_err(|error| denied(&error))?;
    Ok(policy.participants().fields())
}

/// The room, whose roles may be those of a preset.
fn room(input: &Value) -> Result<RoomPolicy, Refused> {
    let mut components = components(&input["components"]);
    if let Some(preset) = input["preset"].as_str() {
        let (roles, _) = presets::named(preset);
        components.insert(ComponentId::ROLES_LIST, roles.to_vec().unwrap());
    }
    RoomPolicy::from_components(&components).map_err(|error| invalid(&error))
}

fn invalid(error: &Invalid) -> Refused {
    Refused {
        clause: Some(error.clause().to_owned()),
        ..Refused::new(&variant(error), None)
    }
}

fn denied(error: &Denied) -> Refused {
    Refused {
        clause: Some(error.clause().to_owned()),
        missing: error.missing().map(|capability| capability.0),
        ..Refused::new(&variant(&error.reason), None)
    }
}

/// The name of the variant of an error, in snake case.
fn variant(error: &impl std::fmt::Debug) -> String {
    let text = format!("{error:?}");
    let name = text.split(|c: char| !c.is_alphanumeric()).next();
    let mut rule = String::new();
    for letter in name.unwrap_or_default().chars() {
        if letter.is_uppercase() && !rule.is_empty() {
            rule.push('_');
        }
        rule.extend(letter.to_lowercase());
    }
    rule
}

fn uri(value: &Value, key: &str) -> MimiUri {
    MimiUri::parse(text(value, key)).unwrap()
}

fn number(value: &Value) -> Option<u32> {
    value.as_u64().map(|number| u32::try_from(number).unwrap())
}

fn small(value: &Value) -> u16 {
    u16::try_from(value.as_u64().unwrap()).unwrap()
}

/// An object whose members have numbers as names.
fn numbered<T>(value: &Value) -> impl Iterator<Item = (T, &str)>
where
    T: std::str::FromStr<Err: std::fmt::Debug>,
{
    let members = value.as_object().unwrap().iter();
    members.map(|(number, text)| (number.parse().unwrap(), text.as_str().unwrap()))
}

fn components(value: &Value) -> ComponentMap {
    numbered(value)
        .map(|(id, data)| (ComponentId(id), hex::literal(data)))
        .collect()
}

fn clients(input: &Value) -> ClientIndex {
    numbered(&input["clients"])
        .map(|(leaf, user)| (leaf, MimiUri::parse(user).unwrap()))
        .collect()
}

/// Someone who acts.
struct Person {
    kind: String,
    uri: MimiUri,
    claims: Vec<Claim>,
    code: Option<JoinCode>,
}

impl Person {
    fn read(value: &Value) -> Self {
        let claims = value["claims"].as_array().into_iter().flatten();
        let claims = claims.map(|claim| Claim {
            credential_type: small(&claim["credential_type"]),
            id: octets(claim, "id").into(),
            value: octets(claim, "claim_value").into(),
        });
        Person {
            kind: text(value, "kind").to_owned(),
            uri: uri(value, "uri"),
            claims: claims.collect(),
            code: number(&value["join_code"]).map(|role| JoinCode { role }),
        }
    }

    fn actor(&self) -> Actor<'_> {
        let (uri, claims, code) = (&self.uri, self, self.code);
        match self.kind.as_str() {
            "participant" => Actor::Participant { user: uri, claims },
            "joiner" => Actor::Joiner {
                user: uri,
                claims,
                code,
            },
            "external" => Actor::External {
                sender: uri,
                claims,
            },
            other => panic!("no kind of actor {other}"),
        }
    }
}

impl Claims for Person {
    fn matches(&self, credential_type: u16, id: &[u8], value: &[u8]) -> bool {
        let mut claims = self.claims.iter();
        claims
            .any(|one| one.credential_type == credential_type && one.id == id && one.value == value)
    }
}

/// A change with what it borrows.
enum Deed {
    AddClient(MimiUri, Leaf),
    UpdateClient(Leaf),
    RemoveClient(u32, MimiUri),
    Component(ComponentId, Option<Vec<u8>>),
    Plain(Change<'static>),
}

impl Deed {
    fn read(value: &Value) -> Self {
        match text(value, "change") {
            "add_client" => Deed::AddClient(uri(value, "user"), Leaf::read(value)),
            "update_client" => Deed::UpdateClient(Leaf::read(value)),
            "remove_client" => {
                let leaf = number(&value["leaf"]);
                Deed::RemoveClient(leaf.unwrap(), uri(value, "user"))
            }
            "update" => {
                let id = ComponentId(small(&value["id"]));
                Deed::Component(id, Some(octets(value, "update")))
            }
            "remove" => Deed::Component(ComponentId(small(&value["id"])), None),
            "psk" => Deed::Plain(Change::Psk),
            "reinit" => Deed::Plain(Change::ReInit),
            "group_context_extensions" => Deed::Plain(Change::GroupContextExtensions {
                prescribed: value["prescribed"].as_bool().unwrap(),
            }),
            "other" => Deed::Plain(Change::Other {
                proposal_type: small(&value["proposal_type"]),
            }),
            other => panic!("no change {other}"),
        }
    }

    fn change(&self) -> Change<'_> {
        match self {
            Deed::AddClient(user, leaf) => Change::AddClient {
                user,
                leaf: leaf.facts(),
            },
            Deed::UpdateClient(leaf) => Change::UpdateClient { leaf: leaf.facts() },
            Deed::RemoveClient(leaf, user) => Change::RemoveClient { leaf: *leaf, user },
            Deed::Component(id, update) => Change::Component {
                id: *id,
                op: update.as_deref().map_or(Op::Remove, Op::Update),
            },
            Deed::Plain(change) => *change,
        }
    }
}

/// What is known of a leaf.
struct Leaf {
    supports: Option<Box<ExtendedCapabilities>>,
    key_package: Option<Lifetime>,
    credential: Option<Lifetime>,
}

impl Leaf {
    fn read(value: &Value) -> Self {
        let supports = value["supports"].as_str().map(hex::literal);
        Leaf {
            supports: supports.map(|o| Box::new(ExtendedCapabilities::from_slice(&o).unwrap())),
            key_package: lifetime(&value["key_package"]),
            credential: lifetime(&value["credential"]),
        }
    }

    fn facts(&self) -> LeafFacts<'_> {
        LeafFacts {
            supports: self.supports.as_deref(),
            key_package: self.key_package,
            credential: self.credential,
        }
    }
}

fn lifetime(value: &Value) -> Option<Lifetime> {
    let time = |key: &str| text(value, key).parse().unwrap();
    (!value.is_null()).then(|| Lifetime {
        not_before: time("not_before"),
        not_after: time("not_after"),
    })
}

/// What a hub knows.
struct Hub {
    parent: Option<RoomPolicy>,
    twin: bool,
    envelope: Option<Envelope>,
}

impl Hub {
    fn read(value: &Value) -> Self {
        let parent = &value["parent"];
        let parent =
            (!parent.is_null()).then(|| RoomPolicy::from_components(&components(parent)).unwrap());
        let envelope = &value["envelope"];
        Hub {
            parent,
            twin: value["twin"].as_bool().unwrap(),
            envelope: (!envelope.is_null()).then(|| read_envelope(envelope)),
        }
    }

    fn view(&self) -> HubView<'_> {
        HubView {
            parent: self.parent.as_ref(),
            twin: self.twin,
            envelope: self.envelope.as_ref(),
        }
    }
}

fn read_envelope(value: &Value) -> Envelope {
    let roles = RoleList::from_slice(&octets(value, "roles")).unwrap();
    let list_of = ParticipantList::from_slice(&octets(value, "participants")).unwrap();
    let capabilities = value["capabilities"].as_array();
    let components = value["components"].as_object().unwrap().iter();
    let components = components.map(|(id, data)| {
        let data = data.as_str().map(|data| Bytes::from(hex::literal(data)));
        (ComponentId(id.parse().unwrap()), data)
    });
    Envelope {
        roles: roles.iter().cloned().collect(),
        participants: list_of
            .iter()
            .map(|entry| mimi_policy::Participant {
                user: entry.user.to_uri(),
                role: entry.role,
            })
            .collect(),
        capabilities: capabilities.map(|list| list.iter().map(small).map(Capability).collect()),
        max_users: number(&value["max_users"]),
        max_clients: number(&value["max_clients"]),
        pseudonyms: value["pseudonyms"].as_bool().unwrap(),
        persistent: value["persistent"].as_bool().unwrap(),
        discoverable: value["discoverable"].as_bool().unwrap(),
        components: components.collect::<BTreeMap<_, _>>(),
    }
}
