//! The further components against the roles and the participants.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap};
use mimi_content::tls::Decode;

use super::Finding;
use crate::capability::Capability;
use crate::components::assets::AssetPolicy;
use crate::components::bots::{BotPolicy, BotRole};
use crate::components::expiration::MessageExpiration;
use crate::components::history::HistoryPolicy;
use crate::components::join_links::{JoinLinkPolicy, JoinLinks};
use crate::components::link_preview::LinkPreviewPolicy;
use crate::components::logging::LoggingPolicy;
use crate::components::operational::OperationalParameters;
use crate::components::roles::Role;
use crate::components::status::StatusNotificationPolicy;
use crate::components::uri::{DomainName, Uri};
use crate::policy::RoomPolicy;

pub(super) fn lint(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    let components = policy.components();
    let mut read = Read {
        components: &components,
        findings,
    };
    let history = read.one(ComponentId::CHAT_HISTORY_POLICY);
    let bots = read.one(ComponentId::BOT_POLICY);
    let logging = read.one(ComponentId::LOGGING_POLICY);
    let assets = read.one(ComponentId::ASSET_POLICY);
    let link_policy = read.one(ComponentId::JOIN_LINK_POLICY);
    let links = read.one(ComponentId::JOIN_LINKS);
    read.one::<MessageExpiration>(ComponentId::MESSAGE_EXPIRATION_POLICY);
    read.one::<StatusNotificationPolicy>(ComponentId::STATUS_NOTIFICATION_POLICY);
    read.one::<LinkPreviewPolicy>(ComponentId::LINK_PREVIEW_POLICY);
    read.one::<OperationalParameters>(ComponentId::MLS_OPERATIONAL_POLICY);
    lint_logging(logging.as_ref(), findings);
    lint_history(policy, history.as_ref(), findings);
    lint_bots(policy, bots.as_ref(), findings);
    lint_assets(assets.as_ref(), findings);
    lint_links(policy, link_policy.as_ref(), links.as_ref(), findings);
}

struct Read<'a> {
    components: &'a ComponentMap,
    findings: &'a mut Vec<Finding>,
}

impl Read<'_> {
    fn one<T: Decode>(&mut self, id: ComponentId) -> Option<T> {
        let value = T::from_slice(self.components.get(id)?);
        if value.is_err() {
            self.findings.push(Finding::Unreadable(id));
        }
        value.ok()
    }
}

fn lint_logging(policy: Option<&LoggingPolicy>, findings: &mut Vec<Finding>) {
    let clients = policy.and_then(LoggingPolicy::details).map(|d| &d.clients);
    let mut of_provider: BTreeMap<String, Vec<Uri>> = BTreeMap::new();
    for client in clients.into_iter().flatten() {
        // A client that has no MIMI URI tells nothing of its provider.
        if let Ok(uri) = MimiUri::parse(client.as_str()) {
            let clients = of_provider.entry(uri.domain().to_owned()).or_default();
            clients.push(client.clone());
        }
    }
    for (provider, clients) in of_provider.into_iter().filter(|(_, c)| c.len() > 1) {
        findings.push(Finding::SeveralLoggers { provider, clients });
    }
}

fn lint_history(policy: &RoomPolicy, history: Option<&HistoryPolicy>, findings: &mut Vec<Finding>) {
    let Some(details) = history.and_then(HistoryPolicy::details) else {
        return;
    };
    let able = |index: &u32| policy.role(*index).is_some_and(|r| r.max_active != Some(0));
    let listed: BTreeSet<u32> = details.roles.iter().copied().collect();
    let unable: Vec<_> = listed.iter().copied().filter(|r| !able(r)).collect();
    if unable.len() == listed.len() || details.max_period == 0 {
        findings.push(Finding::NoHistory);
    }
    if !unable.is_empty() {
        findings.push(Finding::HistoryRoles(unable));
    }
}

fn lint_bots(policy: &RoomPolicy, bots: Option<&BotPolicy>, findings: &mut Vec<Finding>) {
    for bot in bots.into_iter().flat_map(|bots| &bots.allowed_bots) {
        let BotRole::Index(index) = bot.role else {
            continue;
        };
        let unable = match policy.role(index) {
            // With 0, the bot is not active in the room, and needs no role.
            _ if index == Role::NONE => false,
            Some(role) => role.is_banned() || role.max_active == Some(0),
            None => true,
        };
        if unable {
            findings.push(Finding::BotRole {
                bot: bot.name.clone(),
                role: index,
            });
        }
    }
}

fn lint_assets(assets: Option<&AssetPolicy>, findings: &mut Vec<Finding>) {
    let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
    let domains = assets.into_iter().flat_map(|assets| &assets.upload_domains);
    for domain in domains {
        if !seen.insert(&domain.provider) {
            twice.insert(domain.provider.clone());
        }
    }
    if !twice.is_empty() {
        let twice: Vec<DomainName> = twice.into_iter().collect();
        findings.push(Finding::AssetProvidersTwice(twice));
    }
}

fn lint_links(
    policy: &RoomPolicy,
    link_policy: Option<&JoinLinkPolicy>,
    links: Option<&JoinLinks>,
    findings: &mut Vec<Finding>,
) {
    let count = links.map_or(0, |links| links.0.len());
    if count == 0 {
        return;
    }
    match link_policy {
        None => findings.push(Finding::LinksWithoutPolicy { links: count }),
        Some(link_policy) => {
            if links.is_some_and(|links| !link_policy.allows(links)) {
                findings.push(Finding::TooManyLinks { links: count });
            }
            if link_policy.expiration == 0 {
                findings.push(Finding::LinksNeverValid);
            }
        }
    }
    let usable = policy.role(Role::NONE);
    if !usable.is_some_and(|none| none.grants(Capability::USE_JOIN_CODE)) {
        findings.push(Finding::LinksWithoutUse { links: count });
    }
}
