//! What a room asks of its group's context.

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentMap, ComponentsList};
use mimi_content::tls::Decode;
use openmls::prelude::{
    Extension, ExtensionType, Extensions, GroupContext, LeafNode, ProposalType,
};
use tls_codec::Serialize as _;

use crate::wire::mls::ExternalSender;

/// A group context, or a leaf, that does not fit a MIMI room.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// There is no `app_data_dictionary`.
    #[error("the group has no app_data_dictionary (PROTO, \"Cryptographic room representation\")")]
    NoDictionary,
    /// An AppDataUpdate would move the dictionary, so it stands last from the
    /// start.
    #[error("the app_data_dictionary is not the last extension of the group context")]
    DictionaryNotLast,
    /// The hub is not an external sender.
    #[error("external_senders does not hold the hub (PROTO, \"Authenticating proposals\")")]
    NoHubSender,
    /// A capability that a room cannot do without is not required.
    #[error("required_capabilities lacks {0} (EXT, \"Negotiating Extensions and Components\")")]
    NotRequired(&'static str),
    /// A leaf does not support what the group requires.
    #[error(
        "a leaf does not list {component} in its {list} (EXT, \"Negotiating Extensions and Components\")"
    )]
    LeafLacks {
        /// What it lacks.
        component: ComponentId,
        /// In which of its lists.
        list: ComponentId,
    },
    /// A component list cannot be read.
    #[error("the {0} list of a leaf or of the group is malformed")]
    MalformedList(ComponentId),
}

/// The group's application dictionary as components.
pub(crate) fn dictionary(context: &GroupContext) -> Option<ComponentMap> {
    context.extensions().app_data_dictionary().map(to_map)
}

/// One component of the group's application dictionary.
#[cfg(feature = "hub")]
pub(crate) fn component(context: &GroupContext, id: ComponentId) -> Option<&[u8]> {
    let dictionary = context.extensions().app_data_dictionary()?.dictionary();
    dictionary.get(&id.0)
}

pub(crate) fn to_map(extension: &openmls::prelude::AppDataDictionaryExtension) -> ComponentMap {
    let entries = extension.dictionary().entries();
    entries
        .map(|entry| (ComponentId(entry.id()), entry.data().to_vec()))
        .collect()
}

/// Checks that a context is one of a MIMI room whose hub has the external sender
/// `hub_sender` (TLS-encoded), and gives the dictionary.
pub(crate) fn check(
    context: &GroupContext,
    hub_sender: &[u8],
) -> Result<ComponentMap, ContextError> {
    let extensions = context.extensions();
    let dictionary = dictionary(context).ok_or(ContextError::NoDictionary)?;
    let last = extensions.iter().last().map(Extension::extension_type);
    if last != Some(ExtensionType::AppDataDictionary) {
        return Err(ContextError::DictionaryNotLast);
    }
    if !external_senders(extensions).any(|sender| sender == hub_sender) {
        return Err(ContextError::NoHubSender);
    }
    let required = extensions.required_capabilities();
    let proposal = |wanted| required.is_some_and(|r| r.proposal_types().contains(&wanted));
    let extension = |wanted| required.is_some_and(|r| r.extension_types().contains(&wanted));
    for (there, name) in [
        (proposal(ProposalType::AppDataUpdate), "app_data_update"),
        (proposal(ProposalType::SelfRemove), "self_remove"),
        (
            extension(ExtensionType::AppDataDictionary),
            "app_data_dictionary",
        ),
    ] {
        if !there {
            return Err(ContextError::NotRequired(name));
        }
    }
    Ok(dictionary)
}

/// The external senders, each TLS-encoded (their fields are not public).
pub(crate) fn external_senders(
    extensions: &Extensions<GroupContext>,
) -> impl Iterator<Item = Vec<u8>> {
    let senders = extensions.external_senders().into_iter().flatten();
    senders.filter_map(|sender| sender.tls_serialize_detached().ok())
}

/// Who the external senders are, in their order; `None` for one whose credential
/// names no MIMI URI and who can therefore do nothing here.
pub(crate) fn external_users(extensions: &Extensions<GroupContext>) -> Vec<Option<MimiUri>> {
    external_senders(extensions)
        .map(|sender| {
            let sender = ExternalSender::from_slice(&sender).ok()?;
            let identity = sender.credential.content().ok()?;
            MimiUri::parse(std::str::from_utf8(&identity).ok()?).ok()
        })
        .collect()
}

/// Checks that a leaf lists every component, and every Safe AAD component, that
/// the group requires; OpenMLS leaves this to us.
pub(crate) fn check_leaf(leaf: &LeafNode, group: &ComponentMap) -> Result<(), ContextError> {
    let own = leaf.extensions().app_data_dictionary().map(to_map);
    for list in [ComponentId::APP_COMPONENTS, ComponentId::SAFE_AAD] {
        let required = components(group, list)?;
        let supported = own
            .as_ref()
            .map_or(Ok(Vec::new()), |own| components(own, list))?;
        if let Some(component) = required.into_iter().find(|id| !supported.contains(id)) {
            return Err(ContextError::LeafLacks { component, list });
        }
    }
    Ok(())
}

fn components(map: &ComponentMap, list: ComponentId) -> Result<Vec<ComponentId>, ContextError> {
    let Some(data) = map.get(list) else {
        return Ok(Vec::new());
    };
    let ComponentsList(ids) =
        ComponentsList::from_slice(data).map_err(|_| ContextError::MalformedList(list))?;
    Ok(ids)
}
