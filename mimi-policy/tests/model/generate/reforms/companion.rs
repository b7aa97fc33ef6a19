//! What somebody else does in the same commit.

use mimi_content::MimiUri;
use mimi_policy::{ParticipantListUpdate, RoleMove};

use super::super::super::room::Deed;
use super::super::{Dice, acts, components};
use super::{Reform, other};

impl Reform<'_> {
    /// What somebody else does meanwhile, often one of those who move.
    pub(super) fn companion(&mut self, dice: &mut Dice<'_>) -> Option<(MimiUri, Vec<Deed>)> {
        let others = self.room.users.iter();
        let others: Vec<_> = others
            .filter(|e| e.user != self.actor.user)
            .cloned()
            .collect();
        let mut moving = others.clone();
        moving.retain(|entry| !self.after.users.contains(entry));
        let among = if dice.chance(140) { &moving } else { &others };
        let entry = dice.pick(among).or_else(|| dice.pick(&others))?;
        let moves = moving.contains(&entry);
        let user = entry.user;
        let deeds = match dice.below(10) {
            // Who moves loses rights, mostly.
            0 if moves && dice.chance(128) => vec![Deed::UpdateClient(components::leaf(dice))],
            0 | 1 => vec![self.add_client(&user, dice)],
            2 => {
                let leaves = self.room.leaves_of(&user).into_iter();
                let deeds = leaves.map(|leaf| Deed::RemoveClient(leaf, user.clone()));
                deeds.take(1 + dice.below(2)).collect()
            }
            3 | 4 => {
                let update = Deed::UpdateClient(components::leaf(dice));
                vec![dice.pick(&[update, Deed::Psk, Deed::ReInit])?]
            }
            5 => vec![other(self.room, dice)],
            6 => vec![self.share(dice)?],
            _ => vec![self.other_move(dice)?],
        };
        Some((user, deeds))
    }

    /// One of the actor's changes of clients, which then does it as well, or not
    /// and maybe one more not.
    fn share(&mut self, dice: &mut Dice<'_>) -> Option<Deed> {
        let first = self.clients.first()?.clone();
        match dice.below(3) {
            0 => return self.clients.pop(),
            1 => drop(self.clients.pop()),
            _ => {}
        }
        Some(first)
    }

    /// Another role for somebody who has not moved so far.
    fn other_move(&mut self, dice: &mut Dice<'_>) -> Option<Deed> {
        let target = self.target(dice)?;
        let index = self.index_of(&target.user);
        let roles = self.room.roles.iter().map(|role| role.index);
        let roles: Vec<_> = roles.filter(|role| *role > 1).collect();
        let role = dice.pick(&roles)?;
        self.after.users.retain(|entry| *entry != target);
        Some(acts::list(ParticipantListUpdate {
            changed: vec![RoleMove { index, role }],
            ..ParticipantListUpdate::default()
        }))
    }
}
