//! What is asked about the same room besides the commit.

use mimi_content::MimiUri;

use super::super::room::{Attempt, Kind, Knowledge, Room, Who};
use super::{Dice, Recipe, names};

/// What is asked of a room, and of the room that an attempt makes of it.
#[derive(Debug, Clone)]
pub(crate) struct Questions {
    /// What the hub knows.
    pub(crate) hub: Knowledge,
    /// One more client that a room begins with, which may be a stranger's.
    pub(crate) more: Option<MimiUri>,
    /// Who asks to come: everybody, from inside and from outside.
    pub(crate) callers: Vec<Who>,
    /// How many bundles of the attempt are waiting when the next one comes.
    pub(crate) pending: usize,
    /// Of which epoch a message is that comes in another one.
    pub(crate) epochs: (u64, u64),
    /// The WireFormat of a handshake message.
    pub(crate) format: u16,
}

impl Recipe {
    /// What else is asked.
    pub(crate) fn questions(&self, room: &Room, attempt: &Attempt) -> Questions {
        let mut dice = Dice::new(&self.asked);
        let last = attempt.bundles.len().saturating_sub(1);
        Questions {
            more: dice.chance(60).then(|| dice.pick(&names()).unwrap()),
            callers: self.callers(room, &mut dice),
            pending: match dice.chance(60) {
                true => dice.below(last + 1),
                false => last,
            },
            epochs: (u64::from(dice.octet() % 8), 6),
            format: u16::from(dice.octet() % 3),
            hub: (attempt.hub.clone()).unwrap_or_else(|| self.hub(room, &mut dice)),
        }
    }

    fn callers(&self, room: &Room, dice: &mut Dice<'_>) -> Vec<Who> {
        let code = dice.pick(&room.roles).unwrap().index;
        let code = dice.chance(150).then_some(code);
        let inside = names().into_iter().map(|user| self.who(&user));
        let outside = inside.clone().map(|who| Who {
            kind: Kind::Joiner,
            code,
            ..who
        });
        inside.chain(outside).collect()
    }
}
