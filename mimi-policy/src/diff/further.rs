//! The further components, in words.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use mimi_content::component::ComponentId;

use super::lines::{Lines, Of, Quoted, Sides};
use super::{Change, assets, operational};
use crate::components::bots::{Bot, BotPolicy, BotRole};
use crate::components::expiration::{ExpirationDurations, MessageExpiration};
use crate::components::history::{HistoryDetails, HistoryPolicy};
use crate::components::join_links::{JoinLinkPolicy, JoinLinks};
use crate::components::link_preview::{LinkPreviewPolicy, LinkPreviewProxy};
use crate::components::logging::{LoggingDetails, LoggingPolicy};
use crate::components::optionality::Optionality;
use crate::components::roles::Role;
use crate::components::status::StatusNotificationPolicy;
use crate::components::uri::Uri;
use crate::policy::RoomPolicy;
use crate::words::RoleLabel;

/// Nothing, if the component is not known here.
pub(super) fn diff(change: &Change<'_>, lines: &mut Lines) -> Option<()> {
    match change.id {
        ComponentId::LOGGING_POLICY => change.of(RoomPolicy::logging, logging, lines),
        ComponentId::CHAT_HISTORY_POLICY => change.of(RoomPolicy::chat_history, history, lines),
        ComponentId::BOT_POLICY => change.of(RoomPolicy::bots, bots, lines),
        ComponentId::STATUS_NOTIFICATION_POLICY => {
            change.of(RoomPolicy::status_notifications, status, lines)
        }
        ComponentId::MESSAGE_EXPIRATION_POLICY => {
            change.of(RoomPolicy::message_expiration, expiration, lines)
        }
        ComponentId::JOIN_LINK_POLICY => {
            change.of(RoomPolicy::join_link_policy, join_link_policy, lines)
        }
        ComponentId::JOIN_LINKS => change.of(RoomPolicy::join_links, join_links, lines),
        ComponentId::LINK_PREVIEW_POLICY => {
            change.of(RoomPolicy::link_previews, link_preview, lines)
        }
        ComponentId::ASSET_POLICY => change.of(RoomPolicy::asset_policy, assets::diff, lines),
        ComponentId::MLS_OPERATIONAL_POLICY => {
            change.of(RoomPolicy::operational, operational::diff, lines)
        }
        _ => return None,
    }
    Some(())
}

impl Change<'_> {
    fn of<T>(
        &self,
        component: fn(&RoomPolicy) -> Option<&T>,
        words: fn(&Change<'_>, &Sides<'_, T>, &mut Lines),
        lines: &mut Lines,
    ) {
        let sides = Sides {
            before: component(self.old),
            after: component(self.new),
            absent: "not regulated",
        };
        words(self, &sides, lines);
    }

    /// The role as it is now, or as it was if it is no more.
    fn label(&self, index: u32) -> RoleLabel {
        let policy = match self.new.role(index) {
            Some(_) => self.new,
            None => self.old,
        };
        RoleLabel::find(policy.roles(), index)
    }
}

fn optionality(value: Optionality) -> &'static str {
    match value {
        Optionality::Optional => "optional",
        Optionality::Required => "required",
        Optionality::Forbidden => "forbidden",
    }
}

/// Whether something is allowed.
pub(super) fn allowed(yes: bool) -> &'static str {
    if yes { "allowed" } else { "not allowed" }
}

fn logging(_: &Change<'_>, policy: &Sides<'_, LoggingPolicy>, lines: &mut Lines) {
    policy.value(lines, "logging of messages", |policy| match policy {
        LoggingPolicy::Forbidden => "forbidden",
        LoggingPolicy::Optional(_) => "optional",
        LoggingPolicy::Required(_) => "required",
    });
    let details: Sides<'_, LoggingDetails> = policy.inside(LoggingPolicy::details);
    let clients = "the list of those who log messages";
    details.list(lines, clients, |details| &details.clients);
    let machines = details.inside(|details| details.machine_readable_policy.as_ref());
    machines.value(lines, "the logging policy for machines", link);
    let people = details.inside(|details| details.human_readable_policy.as_ref());
    people.value(lines, "the logging policy for people", link);
}

fn link(uri: &Uri) -> Quoted<'_> {
    Quoted(uri.as_str())
}

fn history(change: &Change<'_>, policy: &Sides<'_, HistoryPolicy>, lines: &mut Lines) {
    policy.value(
        lines,
        "sharing history with new participants",
        |policy| match policy {
            HistoryPolicy::Forbidden => "forbidden",
            HistoryPolicy::Optional(_) => "optional",
            HistoryPolicy::Required(_) => "required",
        },
    );
    let details: Sides<'_, HistoryDetails> = policy.inside(HistoryPolicy::details);
    details.list(lines, "the list of roles that can share history", |d| {
        d.roles.iter().map(|role| change.label(*role))
    });
    policy.value(lines, "sharing history without asking", |policy| {
        allowed(policy.details().is_some_and(|details| details.automatic))
    });
    details.value(lines, "the time that shared history goes back", |d| {
        Of(d.max_period, "seconds")
    });
}

/// Bots by name.
fn bots(change: &Change<'_>, policy: &Sides<'_, BotPolicy>, lines: &mut Lines) {
    let mut names: BTreeMap<&str, [Vec<&Bot>; 2]> = BTreeMap::new();
    for (side, policy) in [policy.before, policy.after].into_iter().enumerate() {
        for bot in policy.into_iter().flat_map(|policy| &policy.allowed_bots) {
            let sides = names.entry(&bot.name).or_default();
            if let Some(bots) = sides.get_mut(side) {
                bots.push(bot);
            }
        }
    }
    for (name, [before, after]) in names {
        let words = |bots| Namesakes { bots, change };
        lines.value(
            format!("the bot {}", Quoted(name)),
            words(before),
            words(after),
        );
    }
}

/// All bots with one name.
struct Namesakes<'a> {
    bots: Vec<&'a Bot>,
    change: &'a Change<'a>,
}

impl PartialEq for Namesakes<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bots == other.bots
    }
}

impl Display for Namesakes<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for bot in &self.bots {
            f.write_str(between)?;
            between = "; ";
            match bot.role {
                BotRole::LocalClient => f.write_str("allowed inside the client of a user")?,
                BotRole::Index(Role::NONE) => f.write_str("allowed without a role")?,
                BotRole::Index(index) => write!(f, "allowed in {}", self.change.label(index))?,
            }
            if bot.can_target_message_in_group {
                f.write_str(", can write to single users")?;
            }
            if bot.per_user_content {
                f.write_str(", can tell each user something else")?;
            }
            if !bot.description.is_empty() {
                write!(f, ", described as {}", Quoted(&bot.description))?;
            }
            if let Some(homepage) = &bot.homepage {
                write!(f, ", at {}", Quoted(homepage.as_str()))?;
            }
        }
        if self.bots.is_empty() {
            f.write_str("not allowed")?;
        }
        Ok(())
    }
}

fn status(_: &Change<'_>, policy: &Sides<'_, StatusNotificationPolicy>, lines: &mut Lines) {
    policy.value(lines, "telling that a message arrived", |policy| {
        optionality(policy.delivery_notifications)
    });
    policy.value(lines, "telling that a message was read", |policy| {
        optionality(policy.read_receipts)
    });
}

fn expiration(_: &Change<'_>, policy: &Sides<'_, MessageExpiration>, lines: &mut Lines) {
    policy.value(lines, "expiry of messages", |policy| match policy {
        MessageExpiration::Forbidden => "forbidden",
        MessageExpiration::Optional(_) => "optional",
        MessageExpiration::Required(_) => "required",
    });
    let times: Sides<'_, ExpirationDurations> = policy.inside(MessageExpiration::durations);
    let shortest = "the shortest time to expiry";
    times.value(lines, shortest, |times| Of(times.min, "seconds"));
    let longest = "the longest time to expiry";
    times.value(lines, longest, |times| Of(times.max, "seconds"));
    let usual: Sides<'_, u32> = times.inside(|times| times.default.as_ref());
    usual.value(lines, "the usual time to expiry", |time| {
        Of(time, "seconds")
    });
}

fn join_link_policy(_: &Change<'_>, policy: &Sides<'_, JoinLinkPolicy>, lines: &mut Lines) {
    policy.value(lines, "making several join links", |policy| {
        allowed(!policy.on_request)
    });
    policy.value(lines, "using a join link several times", |policy| {
        allowed(policy.multiuser)
    });
    policy.value(lines, "the lifetime of a join link", |policy| {
        Of(policy.expiration, "seconds")
    });
    let place = policy.inside(|policy| policy.request_uri.as_ref());
    place.value(lines, "the place to ask for a join link", link);
}

/// How many, but not which: whoever knows one can use it.
fn join_links(_: &Change<'_>, links: &Sides<'_, JoinLinks>, lines: &mut Lines) {
    let mut counts: BTreeMap<&[u8], [usize; 2]> = BTreeMap::new();
    for (side, links) in [links.before, links.after].into_iter().enumerate() {
        for link in links.into_iter().flat_map(|links| &links.0) {
            let sides = counts.entry(&link.0).or_default();
            if let Some(count) = sides.get_mut(side) {
                *count = count.saturating_add(1);
            }
        }
    }
    let surplus = |of: fn(&[usize; 2]) -> usize| counts.values().map(of).sum::<usize>();
    let added = surplus(|[before, after]| after.saturating_sub(*before));
    let gone = surplus(|[before, after]| before.saturating_sub(*after));
    if added > 0 {
        lines.text(format!("the number of new join links is {added}"));
    }
    if gone > 0 {
        lines.text(format!("the number of join links that are gone is {gone}"));
    }
}

fn link_preview(_: &Change<'_>, policy: &Sides<'_, LinkPreviewPolicy>, lines: &mut Lines) {
    let detect = "making links of text that looks like one";
    policy.value(lines, detect, |policy| {
        allowed(policy.autodetect_hyperlinks)
    });
    policy.value(lines, "sending previews of links", |policy| {
        optionality(policy.send_link_previews)
    });
    policy.value(lines, "fetching previews of links", |policy| {
        optionality(policy.automatic_link_previews)
    });
    policy.value(lines, "a proxy for previews of links", |policy| {
        Proxy(&policy.proxy)
    });
}

#[derive(PartialEq)]
struct Proxy<'a>(&'a LinkPreviewProxy);

impl Display for Proxy<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            LinkPreviewProxy::Forbidden => f.write_str("forbidden"),
            LinkPreviewProxy::Optional(uri) => write!(f, "optional, at {}", link(uri)),
            LinkPreviewProxy::Required(uri) => write!(f, "required, at {}", link(uri)),
        }
    }
}
