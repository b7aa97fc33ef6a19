//! Commits in which several components change and several people move at once,
//! by one actor or by two.

mod companion;

use mimi_content::component::ComponentId;
use mimi_content::{MimiUri, UriKind};
use mimi_policy::{BaseRoomPolicy, Capability, Participant, ParticipantListUpdate, RoleMove};

use super::super::room::{Deed, Room, Who, grants, leads};
use super::{Dice, Recipe, acts, components, envelopes, names, rooms};

/// What everybody in it does, in one commit.
pub(super) fn reform(recipe: &Recipe, room: &Room, record: &[u8; 52]) -> Vec<(Who, Vec<Deed>)> {
    let mut dice = Dice::new(&record[20..]);
    let strong = room.users.iter().filter(|entry| {
        let role = room.role(entry.role).unwrap();
        grants(role, Capability::CHANGE_ROOM_MEMBERSHIP_STYLE)
            && grants(role, Capability::CHANGE_USER_ROLE)
            && !room.leaves_of(&entry.user).is_empty()
    });
    let strong: Vec<_> = strong.cloned().collect();
    let Some(actor) = dice.lean(&strong, &room.users) else {
        return Vec::new();
    };
    let mut reform = Reform {
        room,
        actor,
        after: room.clone(),
        list: ParticipantListUpdate::default(),
        clients: Vec::new(),
    };
    if room.has(ComponentId::MLS_OPERATIONAL_POLICY) && dice.chance(28) {
        return vec![reform.relax(recipe, &mut dice)];
    }
    for _ in 0..=dice.below(3) {
        reform.move_somebody(&mut dice);
    }
    let companion = (dice.chance(110))
        .then(|| reform.companion(&mut dice))
        .flatten();
    let base = dice.chance(210).then(|| reform.base(&mut dice));
    let other = dice.chance(48).then(|| other(room, &mut dice));
    reform.bundles(recipe, companion, base.into_iter().chain(other), &mut dice)
}

/// One that is being put together.
struct Reform<'a> {
    room: &'a Room,
    actor: Participant,
    /// The room as it will be, for limits that are near what it has then.
    after: Room,
    list: ParticipantListUpdate,
    /// Clients that the actor adds and removes along with its list.
    clients: Vec<Deed>,
}

impl Reform<'_> {
    fn move_somebody(&mut self, dice: &mut Dice<'_>) {
        let own = self.room.role(self.actor.role).unwrap();
        let adds = grants(own, Capability::ADD_PARTICIPANT) || dice.chance(20);
        let kind = match adds {
            true => dice.below(12),
            false if dice.chance(70) => 7,
            false => dice.below(9),
        };
        if let 9..=11 = kind {
            return self.add(dice);
        }
        let Some(target) = self.target(dice) else {
            return;
        };
        match kind {
            0..=3 => self.promote(&target, dice),
            4 | 5 if target.role != 1 => self.hand_over(&target, dice),
            4 | 5 => self.promote(&target, dice),
            6 => self.ban(&target, dice),
            7 => self.remove(&target, dice),
            _ => self.drop_clients(&target.user, 1 + dice.below(2)),
        }
    }

    /// Somebody who stays where it is so far, and often who has most clients.
    fn target(&self, dice: &mut Dice<'_>) -> Option<Participant> {
        let others = self.room.users.iter();
        let others = others.filter(|entry| entry.user != self.actor.user);
        let others = others.filter(|entry| self.after.users.contains(entry));
        let others: Vec<_> = others.cloned().collect();
        if dice.chance(100) {
            let clients = |entry: &&Participant| self.room.leaves_of(&entry.user).len();
            return others.iter().max_by_key(clients).cloned();
        }
        dice.pick(&others)
    }

    fn promote(&mut self, target: &Participant, dice: &mut Dice<'_>) {
        let role = self.room.role(self.actor.role).unwrap();
        let roles = self.room.roles.iter().map(|role| role.index);
        let roles = roles.filter(|to| *to > 1 && *to != target.role);
        let roles: Vec<_> = roles.collect();
        let mut plausible = roles.clone();
        plausible.retain(|to| leads(role, target.role, *to));
        if let Some(to) = dice.lean(&plausible, &roles) {
            self.change(target, to);
        }
        if dice.chance(50) {
            self.drop_clients(&target.user, 1 + dice.below(3));
        }
    }

    /// Two change places, so that there are as many in both roles as before.
    fn hand_over(&mut self, target: &Participant, dice: &mut Dice<'_>) {
        let others = self.room.users.iter();
        let others = others.filter(|entry| self.after.users.contains(entry));
        let others = others.filter(|entry| entry.role != target.role && entry.role != 1);
        let others = others.filter(|entry| entry.user != self.actor.user);
        let others: Vec<_> = others.cloned().collect();
        if let Some(other) = dice.pick(&others) {
            self.change(target, other.role);
            self.change(&other, target.role);
        }
    }

    fn ban(&mut self, target: &Participant, dice: &mut Dice<'_>) {
        self.change(target, 1);
        self.drop_clients_of_gone(&target.user, dice);
    }

    fn remove(&mut self, target: &Participant, dice: &mut Dice<'_>) {
        self.list.removed.push(self.index_of(&target.user));
        self.after.users.retain(|entry| entry != target);
        self.drop_clients_of_gone(&target.user, dice);
    }

    fn add(&mut self, dice: &mut Dice<'_>) {
        let mut outsiders = names();
        outsiders.retain(|user| self.room.entry(user).is_none());
        outsiders.retain(|user| self.after.entry(user).is_none());
        // Whom a parent has more is one of the first.
        if self.room.base.parent_room.is_some() && dice.chance(160) {
            outsiders.truncate(1);
        }
        let own = self.room.role(self.actor.role).unwrap();
        let roles: Vec<_> = self.room.roles.iter().map(|role| role.index).collect();
        let mut plausible = roles.clone();
        plausible.retain(|to| *to > 1 && leads(own, 0, *to));
        let (Some(user), Some(role)) = (dice.pick(&outsiders), dice.lean(&plausible, &roles))
        else {
            return;
        };
        if user.kind() != UriKind::Provider && !self.room.is_banned_role(role) {
            for _ in 0..dice.below(3) {
                let client = self.add_client(&user, dice);
                self.clients.push(client);
            }
        }
        let entry = Participant { user, role };
        self.list.added.push(entry.clone());
        self.after.users.push(entry);
    }

    fn change(&mut self, target: &Participant, role: u32) {
        let index = self.index_of(&target.user);
        self.list.changed.push(RoleMove { index, role });
        for entry in &mut self.after.users {
            if entry == target {
                entry.role = role;
            }
        }
    }

    /// All of them, but for a slip.
    fn drop_clients_of_gone(&mut self, user: &MimiUri, dice: &mut Dice<'_>) {
        let most = if dice.chance(32) { dice.below(2) } else { 9 };
        self.drop_clients(user, most);
    }

    fn drop_clients(&mut self, user: &MimiUri, most: usize) {
        for leaf in self.room.leaves_of(user).into_iter().take(most) {
            self.clients.push(Deed::RemoveClient(leaf, user.clone()));
            self.after.clients.retain(|(other, _)| *other != leaf);
        }
    }

    fn add_client(&mut self, user: &MimiUri, dice: &mut Dice<'_>) -> Deed {
        self.after.clients.push((u32::MAX, user.clone()));
        Deed::AddClient(user.clone(), components::leaf(dice))
    }

    fn index_of(&self, user: &MimiUri) -> u32 {
        let mut users = self.room.users.iter();
        users.position(|entry| entry.user == *user).unwrap() as u32
    }

    /// Lets clients in that could not come before, and brings some.
    fn relax(mut self, recipe: &Recipe, dice: &mut Dice<'_>) -> (Who, Vec<Deed>) {
        let mut deeds = vec![components::relaxed(dice)];
        self.add(dice);
        let own = self.add_client(&self.actor.user.clone(), dice);
        self.clients.extend(dice.chance(100).then_some(own));
        for client in &mut self.clients {
            if let Deed::AddClient(_, leaf) = client {
                components::spoil_leaf(leaf, dice);
            }
        }
        deeds.push(acts::list(self.list));
        deeds.extend(self.clients);
        (recipe.who(&self.actor.user), deeds)
    }

    /// A base policy with limits near what the room will have.
    fn base(&self, dice: &mut Dice<'_>) -> Deed {
        let mut base = self.room.base.clone();
        for _ in 0..=dice.below(2) {
            self.edit(&mut base, dice);
        }
        acts::update(ComponentId::BASE_ROOM_POLICY, &base)
    }

    fn edit(&self, base: &mut BaseRoomPolicy, dice: &mut Dice<'_>) {
        let near = |count: usize, dice: &mut Dice<'_>| {
            let limit = (count + dice.below(6)).saturating_sub(1);
            Some(limit as u32)
        };
        // Where nobody adds, a membership may be fixed and a parent be left.
        let kind = match self.somebody_adds() || !dice.chance(90) {
            true => dice.below(12),
            false => 7 + dice.below(2),
        };
        match kind {
            0..=2 => base.multi_device = !base.multi_device,
            3 | 4 => base.max_clients = near(self.after.clients.len(), dice),
            5 | 6 => {
                let users = self.after.users.iter();
                let users = users.filter(|entry| !self.room.is_banned_role(entry.role));
                base.max_users = near(users.count(), dice);
            }
            7 if base.fixed_membership || !self.somebody_adds() || dice.chance(40) => {
                base.fixed_membership = !base.fixed_membership;
            }
            8 => {
                let attic = MimiUri::parse("mimi://a.example/r/attic").unwrap();
                let parents = [None, Some(rooms::parent_uri()), Some(attic)];
                base.parent_room = dice.pick(&parents).unwrap();
            }
            9 => base.max_users = None,
            _ => envelopes::flag(base, dice),
        }
    }

    /// As nobody may in a room of fixed membership.
    fn somebody_adds(&self) -> bool {
        let mut roles = self.room.roles.iter();
        roles.any(|role| role.index != 0 && grants(role, Capability::ADD_PARTICIPANT))
    }

    /// The components before or behind the list, and all of it by the actor, or
    /// the components by its companion.
    fn bundles(
        self,
        recipe: &Recipe,
        companion: Option<(MimiUri, Vec<Deed>)>,
        updates: impl Iterator<Item = Deed>,
        dice: &mut Dice<'_>,
    ) -> Vec<(Who, Vec<Deed>)> {
        let mut deeds = vec![acts::list(self.list)];
        deeds.extend(self.clients);
        // Of two clients one goes twice and the other stays.
        if let (true, Some([one, other])) = (dice.chance(20), deeds.last_chunk_mut()) {
            *other = one.clone();
        }
        let at = if dice.chance(128) { deeds.len() } else { 0 };
        let companion = companion.map(|(user, deeds)| (recipe.who(&user), deeds));
        let by_companion = dice.chance(40);
        let actor = recipe.who(&self.actor.user);
        let Some(mut companion) = companion else {
            deeds.splice(at..at, updates);
            return vec![(actor, deeds)];
        };
        if by_companion {
            companion.1.extend(updates);
        } else {
            deeds.splice(at..at, updates);
        }
        let mut bundles = vec![(actor, deeds), companion];
        if dice.chance(60) {
            bundles.reverse();
        }
        bundles
    }
}

/// One of the other components.
fn other(room: &Room, dice: &mut Dice<'_>) -> Deed {
    let ids = [
        ComponentId::MLS_OPERATIONAL_POLICY,
        dice.pick(&components::IDS).unwrap(),
    ];
    let id = dice.pick(&ids).unwrap();
    Deed::Component(id, components::update(room, id, dice))
}
