//! The further components against the roles and the participants.

use std::collections::{BTreeMap, BTreeSet};

use mimi_content::MimiUri;

use super::Finding;
use crate::capability::Capability;
use crate::components::bots::BotRole;
use crate::components::history::HistoryPolicy;
use crate::components::logging::LoggingPolicy;
use crate::components::roles::Role;
use crate::components::uri::{DomainName, Uri};
use crate::policy::RoomPolicy;

pub(super) fn lint(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    lint_logging(policy, findings);
    lint_history(policy, findings);
    lint_bots(policy, findings);
    lint_assets(policy, findings);
    lint_links(policy, findings);
}

fn lint_logging(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    let details = policy.logging().and_then(LoggingPolicy::details);
    let clients = details.map(|details| &details.clients);
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

fn lint_history(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    let Some(details) = policy.chat_history().and_then(HistoryPolicy::details) else {
        return;
    };
    let listed: BTreeSet<u32> = details.roles.iter().copied().collect();
    let undefined = |index: &u32| policy.role(*index).is_none();
    let undefined: Vec<_> = listed.iter().copied().filter(undefined).collect();
    if undefined.len() == listed.len() || details.max_period == 0 {
        findings.push(Finding::NoHistory);
    }
    if !undefined.is_empty() {
        findings.push(Finding::HistoryRoles(undefined));
    }
}

fn lint_bots(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    for bot in policy
        .bots()
        .into_iter()
        .flat_map(|bots| &bots.allowed_bots)
    {
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

fn lint_assets(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    let (mut seen, mut twice) = (BTreeSet::new(), BTreeSet::new());
    let assets = policy.asset_policy().into_iter();
    let domains = assets.flat_map(|assets| &assets.upload_domains);
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

fn lint_links(policy: &RoomPolicy, findings: &mut Vec<Finding>) {
    let links = policy.join_links().map_or(0, |links| links.0.len());
    if links == 0 {
        return;
    }
    match policy.join_link_policy() {
        None => findings.push(Finding::LinksWithoutPolicy { links }),
        Some(rules) if rules.expiration == 0 => findings.push(Finding::LinksNeverValid),
        Some(_) => {}
    }
    let outside = policy.role(Role::NONE);
    if !outside.is_some_and(|role| role.grants(Capability::USE_JOIN_CODE)) {
        findings.push(Finding::LinksWithoutUse { links });
    }
}
