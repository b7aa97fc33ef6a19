//! The room that things happen in.

use mimi_content::component::ComponentId;
use mimi_content::{MimiUri, UriKind};
use mimi_policy::{
    BaseRoomPolicy, Capability, Claim, Participant, PreauthEntry, Role, RoleChanges, RoomMetadata,
    presets,
};

use super::super::room::Room;
use super::{Dice, MAX_USERS, Recipe, components, names, ready};

/// The capabilities that decide what the policy allows.
pub(super) const POOL: [Capability; 32] = [
    Capability::ADD_PARTICIPANT,
    Capability::REMOVE_PARTICIPANT,
    Capability::ADD_OWN_CLIENT,
    Capability::REMOVE_OWN_CLIENT,
    Capability::OPEN_JOIN,
    Capability::JOIN_IF_PREAUTHORIZED,
    Capability::REMOVE_SELF,
    Capability::CREATE_JOIN_CODE,
    Capability::DELETE_JOIN_CODE,
    Capability::USE_JOIN_CODE,
    Capability::BAN,
    Capability::UNBAN,
    Capability::KICK,
    Capability::CHANGE_USER_ROLE,
    Capability::CHANGE_OWN_ROLE,
    Capability::CHANGE_ROOM_NAME,
    Capability::CHANGE_ROOM_DESCRIPTION,
    Capability::CHANGE_ROOM_AVATAR,
    Capability::CHANGE_ROOM_SUBJECT,
    Capability::CHANGE_ROOM_MOOD,
    Capability::CHANGE_ROOM_MEMBERSHIP_STYLE,
    Capability::CHANGE_ROLE_DEFINITIONS,
    Capability::CHANGE_PREAUTHORIZED_USER_LIST,
    Capability::CHANGE_OTHER_POLICY_ATTRIBUTE,
    Capability::CHANGE_MLS_OPERATIONAL_POLICIES,
    Capability::SEND_MLS_REINIT_PROPOSAL,
    Capability::SEND_MLS_PSK_PROPOSAL,
    Capability::SEND_MESSAGE,
    Capability::RECEIVE_MESSAGE,
    Capability::SEND_MLS_UPDATE_PROPOSAL,
    Capability::REPORT_ABUSE,
    Capability(0xf123),
];

/// The roles of a room with roles of its own.
const INDICES: [u32; 6] = [0, 1, 2, 3, 4, 7];

pub(super) fn room(recipe: &Recipe) -> Room {
    let mut dice = Dice::new(&recipe.room);
    let preset = !dice.chance(128);
    let mut roles = if preset { plain() } else { blank() };
    for (role, record) in std::iter::zip(&mut roles, &recipe.roles) {
        vary(role, preset, record);
    }
    if dice.chance(24) {
        rename_banned(&mut roles);
    }
    let mut room = Room {
        users: Vec::new(),
        roles,
        base: BaseRoomPolicy::default(),
        preauth: None,
        metadata: (!dice.chance(16)).then(metadata),
        others: Vec::new(),
        clients: Vec::new(),
    };
    room.base.fixed_membership = dice.chance(30);
    room.base.parent_room = dice.chance(50).then(parent_uri);
    room.base.multi_device = !dice.chance(24);
    room.others = components::some(&mut dice);
    make_valid(&mut room);
    for (record, user) in std::iter::zip(&recipe.users, names()).take(MAX_USERS) {
        settle(&mut room, preset, user, &mut Dice::new(record));
    }
    for record in &recipe.reforms {
        ready::prepare(&mut room, record);
    }
    if !dice.chance(60) {
        if dice.chance(128) {
            open_to_preauthorised(&mut room.roles);
        }
        let entries = recipe.preauth.iter();
        room.preauth = Some(entries.map(|record| preauth(&room, record)).collect());
    }
    limit(&mut room, &mut dice);
    room
}

/// The preset, with doors that role 0 could have.
fn plain() -> Vec<Role> {
    presets::cooperative().iter().cloned().collect()
}

fn blank() -> Vec<Role> {
    let named = INDICES.map(|index| Role {
        index,
        name: match index {
            1 => "banned".to_owned(),
            _ => format!("role {index}"),
        },
        ..Role::default()
    });
    named.to_vec()
}

/// Gives a blank role capabilities, a plain one more of them, and both
/// constraints.
fn vary(role: &mut Role, preset: bool, record: &[u8; 16]) {
    let mut dice = Dice::new(record);
    let masks: [u8; 4] = dice.take();
    let more: [u8; 4] = if preset { dice.take() } else { [u8::MAX; 4] };
    let mask = u32::from_be_bytes(masks) & u32::from_be_bytes(more);
    // The banned have no rights in most rooms.
    let rights = role.index != 1 || dice.chance(60);
    let added = (0..POOL.len()).filter(|at| rights && mask >> at & 1 == 1);
    let added: Vec<_> = added.map(|at| POOL[at]).collect();
    role.capabilities = role.capabilities.iter().chain(added).collect();
    if rights && (!preset || role.index == 0) {
        for from in INDICES {
            let targets = dice.octet();
            let to = INDICES.iter().enumerate();
            let to = to.filter(|(at, _)| targets >> at & 1 == 1);
            role.role_changes.push(RoleChanges {
                from,
                to: to.map(|(_, index)| *index).collect(),
            });
        }
    }
    constrain(role, &mut dice);
}

pub(super) fn constrain(role: &mut Role, dice: &mut Dice<'_>) {
    if !dice.chance(50) {
        return;
    }
    let bound = dice.below(4) as u32;
    match dice.below(4) {
        0 => role.min_participants = bound,
        1 => role.max_participants = Some(bound),
        2 => role.min_active = bound,
        _ => role.max_active = Some(bound),
    }
}

pub(super) fn rename_banned(roles: &mut [Role]) {
    for role in roles.iter_mut().filter(|role| role.index == 1) {
        let is_banned = role.name == "banned";
        role.name = if is_banned { "guest" } else { "banned" }.to_owned();
    }
}

/// `canOpenJoin` only on role 0; in a fixed room nobody adds.
pub(super) fn make_valid(room: &mut Room) {
    let banned = room.is_banned_role(1);
    for role in room.roles.iter_mut().filter(|role| role.index != 0) {
        let bars = |capability| {
            capability == Capability::OPEN_JOIN
                || capability == Capability::ADD_PARTICIPANT
                    && room.base.fixed_membership
                    && !(banned && role.index == 1)
        };
        let kept = role.capabilities.iter().filter(|held| !bars(*held));
        role.capabilities = kept.collect();
    }
}

/// Preauthorisation opens most roles in some rooms.
fn open_to_preauthorised(roles: &mut [Role]) {
    for role in roles.iter_mut().filter(|role| role.index > 1) {
        let more = [
            Capability::JOIN_IF_PREAUTHORIZED,
            Capability::CHANGE_OWN_ROLE,
        ];
        role.capabilities = role.capabilities.iter().chain(more).collect();
    }
}

/// Puts a user in the room, with its clients.
fn settle(room: &mut Room, preset: bool, user: MimiUri, dice: &mut Dice<'_>) {
    let is_provider = user.kind() == UriKind::Provider;
    let roles: &[u32] = match (preset, is_provider) {
        (true, true) => &[5, 5, 5, 2],
        (true, false) => &[4, 3, 2, 2, 3, 4, 2, 1],
        (false, _) => &[2, 3, 4, 7, 2, 3, 4, 1],
    };
    let role = dice.pick(roles).unwrap();
    room.users.push(Participant {
        user: user.clone(),
        role,
    });
    let clients = match dice.octet() {
        _ if is_provider || room.is_banned_role(role) => 0,
        0..=140 => 1,
        141..=200 => 2,
        201..=235 => 0,
        _ => 3,
    };
    // Few rooms are beyond their own rules.
    let most = if room.base.multi_device || dice.chance(30) {
        3
    } else {
        1
    };
    for _ in 0..clients.min(most) {
        let leaf = room.clients.len() as u32 * 2;
        room.clients.push((leaf, user.clone()));
    }
}

/// Limits near what the room has.
fn limit(room: &mut Room, dice: &mut Dice<'_>) {
    if dice.chance(40) {
        let banned = |entry: &&Participant| room.is_banned_role(entry.role);
        let users = room.users.len() - room.users.iter().filter(banned).count();
        room.base.max_users = Some((users + dice.below(3)) as u32);
    }
    if dice.chance(40) {
        let clients = room.clients.len() + dice.below(4);
        room.base.max_clients = Some(clients.saturating_sub(1) as u32);
    }
}

pub(super) fn preauth(room: &Room, record: &[u8; 4]) -> PreauthEntry {
    let mut dice = Dice::new(record);
    // Which claims: of five such sets one is empty.
    let masks = [1, 2, 4, 3, 0];
    let mask = dice.pick(&masks).unwrap();
    let mut role = dice.pick(&room.roles).unwrap();
    if dice.chance(30) {
        role.description.push_str("of old");
    }
    let claims = (0..3).filter(|claim| mask >> claim & 1 == 1);
    PreauthEntry {
        claims: claims.map(claim).collect(),
        role,
    }
}

pub(super) fn claim(number: u8) -> Claim {
    Claim {
        credential_type: 2,
        id: vec![b'a' + number].into(),
        value: b"yes".as_slice().into(),
    }
}

pub(super) fn metadata() -> RoomMetadata {
    let room = MimiUri::parse("mimi://a.example/r/clubhouse").unwrap();
    RoomMetadata::new(room, "Clubhouse")
}

pub(super) fn parent_uri() -> MimiUri {
    MimiUri::parse("mimi://a.example/r/parent").unwrap()
}

/// A parent room: mostly with everybody of this one, and with some more.
pub(super) fn parent(room: &Room, dice: &mut Dice<'_>) -> Room {
    let lacks = dice.octet();
    let lacks = if dice.chance(90) { lacks } else { 0 };
    let everybody = names().into_iter().enumerate();
    let users = everybody.filter(|(at, _)| *at >= 8 || lacks >> at & 1 == 0);
    let users = users.map(|(at, user)| Participant {
        role: if lacks >> (at % 5) & 2 == 2 { 1 } else { 2 },
        user,
    });
    let mut users: Vec<_> = users.collect();
    // Or with nobody else, but for one.
    if dice.chance(100) {
        let mut more = dice.below(2);
        users.retain(|entry| {
            let is_outside = !room.is_welcome(&entry.user);
            let stays = !is_outside || more > 0;
            more = more.saturating_sub(usize::from(is_outside));
            stays
        });
    }
    Room {
        users,
        roles: plain(),
        base: BaseRoomPolicy::default(),
        preauth: None,
        metadata: room.metadata.clone().map(|metadata| RoomMetadata {
            room: parent_uri(),
            ..metadata
        }),
        others: vec![(ComponentId::FRANKING_AGENT, b"key".to_vec())],
        clients: Vec::new(),
    }
}
