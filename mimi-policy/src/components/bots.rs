//! `bot_policy`: which chat bots a room allows (POLICY, "Chat bot policy
//! component").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::components::uri::Uri;
use crate::limits::{self, MAX_BOTS};

/// `BotPolicy`: the data of `bot_policy`, and the whole content of an update to
/// it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotPolicy {
    /// `allowed_bots`.
    pub allowed_bots: Vec<Bot>,
}

/// `Bot`: a bot and its rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// `name`, for people.
    pub name: String,
    /// `description`, for people.
    pub description: String,
    /// `homepage`, for people.
    pub homepage: Option<Uri>,
    /// `local_client_bot` and `bot_role_index`: how the bot takes part.
    pub role: BotRole,
    /// `can_target_message_in_group`: the bot may write to single users, in the
    /// room or by other ways.
    pub can_target_message_in_group: bool,
    /// `per_user_content`: the bot may send each member something else.
    pub per_user_content: bool,
}

/// How a bot takes part in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotRole {
    /// It is none of the participants: it works inside the client of a user and
    /// sees what that client sees.
    LocalClient,
    /// It acts in the role with this index, which decides its capabilities; with
    /// 0 it is not an active participant.
    Index(u32),
}

impl Encode for Bot {
    fn encode(&self, w: &mut Writer) {
        let (local, index) = match self.role {
            BotRole::LocalClient => (true, 0),
            BotRole::Index(index) => (false, index),
        };
        w.opaque(self.name.as_bytes());
        w.opaque(self.description.as_bytes());
        Uri::encode_optional(self.homepage.as_ref(), w);
        w.boolean(local);
        w.u32(index);
        w.boolean(self.can_target_message_in_group);
        w.boolean(self.per_user_content);
    }
}

impl Decode for Bot {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Bot {
            name: limits::text(r, "the length of a bot name")?,
            description: limits::text(r, "the length of a bot description")?,
            homepage: Uri::decode_optional(r)?,
            role: role(r)?,
            can_target_message_in_group: r.boolean()?,
            per_user_content: r.boolean()?,
        })
    }
}

/// `local_client_bot` and `bot_role_index`, which is 0 if the first is true.
fn role(r: &mut Reader<'_>) -> Result<BotRole, DecodeError> {
    let local = r.boolean()?;
    let start = r.offset();
    match (local, r.u32()?) {
        (false, index) => Ok(BotRole::Index(index)),
        (true, 0) => Ok(BotRole::LocalClient),
        (true, _) => Err(r.error_at(
            start,
            Rule::Structure("a local client bot has a role other than 0"),
        )),
    }
}

impl Encode for BotPolicy {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.allowed_bots);
    }
}

impl Decode for BotPolicy {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(BotPolicy {
            allowed_bots: r.list_at_most("the number of bots", MAX_BOTS, Bot::decode)?,
        })
    }
}
