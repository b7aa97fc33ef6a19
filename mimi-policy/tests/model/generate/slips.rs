//! What goes wrong, or is tried.

use mimi_content::component::ComponentId;
use mimi_content::tls::Decode;
use mimi_policy::ParticipantListUpdate;

use super::super::room::{Attempt, Deed, Kind, Room};
use super::{Dice, Recipe, acts, components, names};

/// Changes one thing, or nothing in half of the cases.
pub(super) fn slip(recipe: &Recipe, room: &Room, attempt: &mut Attempt, record: &[u8; 6]) {
    let mut dice = Dice::new(record);
    if !dice.chance(128) {
        return;
    }
    let kind = dice.below(14);
    let name = dice.pick(&names()).unwrap();
    if kind == 0 {
        attempt.committer = Some(recipe.who(&name));
        return;
    }
    if kind == 1 {
        attempt.committer = None;
        return;
    }
    if attempt.bundles.is_empty() {
        return;
    }
    let at = dice.below(attempt.bundles.len());
    let bundles = attempt.bundles.len();
    let (who, deeds) = &mut attempt.bundles[at];
    let deed = dice.below(deeds.len().max(1));
    match kind {
        2 => *who = recipe.who(&name),
        3 => {
            who.kind = match who.kind {
                Kind::Member => Kind::Joiner,
                Kind::Joiner => Kind::External,
                Kind::External => Kind::Member,
            }
        }
        4 => {
            who.code = who
                .code
                .map_or(Some(2), |role| (role > 2).then_some(role + 1))
        }
        5 => deeds.push(Deed::AddClient(name, components::leaf(&mut dice))),
        6 => {
            if let Some((leaf, user)) = dice.pick(&room.clients) {
                let user = if dice.chance(30) { name } else { user };
                deeds.push(Deed::RemoveClient(leaf, user));
            }
        }
        // Two bundles of the same actor, or of two.
        7 => {
            let rest = deeds.split_off(deed);
            let who = if dice.chance(128) {
                recipe.who(&name)
            } else {
                who.clone()
            };
            attempt.bundles.push((who, rest));
        }
        8 if bundles > 1 => attempt.bundles.swap(0, at),
        9 => attempt.bundles[at].1 = [deeds.as_slice(), deeds.as_slice()].concat(),
        _ if deeds.is_empty() => {}
        10 | 8 => drop(deeds.remove(deed)),
        11 => deeds.push(deeds[deed].clone()),
        12 => spoil(&mut deeds[deed], &mut dice),
        _ => {
            for deed in deeds {
                tweak(deed, &mut dice);
            }
        }
    }
}

/// Another component, no update, or octets that are too few.
fn spoil(deed: &mut Deed, dice: &mut Dice<'_>) {
    let Deed::Component(id, octets) = deed else {
        return;
    };
    match dice.below(3) {
        0 => drop(octets.as_mut().map(Vec::pop)),
        1 => *octets = None,
        _ => {
            *id = dice
                .pick(&[
                    ComponentId::FRANKING_AGENT,
                    ComponentId::APP_COMPONENTS,
                    ComponentId(0xfe26),
                    ComponentId(0x31),
                ])
                .unwrap();
        }
    }
}

/// Another index or role.
fn tweak(deed: &mut Deed, dice: &mut Dice<'_>) {
    let Deed::Component(ComponentId::PARTICIPANT_LIST, Some(octets)) = deed else {
        return;
    };
    let Ok(mut update) = ParticipantListUpdate::from_slice(octets) else {
        return;
    };
    let (index, role) = (dice.below(9) as u32, dice.below(8) as u32);
    for moved in &mut update.changed {
        (moved.index, moved.role) = if dice.chance(128) {
            (index, moved.role)
        } else {
            (moved.index, role)
        };
    }
    for removed in &mut update.removed {
        *removed = index;
    }
    for added in &mut update.added {
        added.role = role;
    }
    *deed = acts::list(update);
}
