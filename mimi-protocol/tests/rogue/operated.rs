//! Alice's room under an operational policy.

use mimi_content::MimiUri;
use mimi_content::component::{ComponentId, ComponentsList};
use mimi_content::tls::{Decode, Encode};
use mimi_policy::{
    AppMessagePolicy, Capability, ExtendedCapabilities, MinDefaultMaxTime, OperationalParameters,
    PendingProposalPolicy, Role, RoleList, presets,
};
use mimi_protocol::client::leaf_components;
use mimi_protocol::engine::{
    BasicIdentity, Identified, Identity, IdentityError, Presented, Validity,
};
use mimi_protocol::mls::openmls::prelude::LeafNodeParameters;

use super::{Plan, Scene, leaf_extensions, update};

/// A room that asks for nothing.
pub fn lenient() -> OperationalParameters {
    let any = MinDefaultMaxTime {
        min: 0,
        default: 0,
        max: u64::MAX,
    };
    OperationalParameters {
        mandatory_capabilities: ExtendedCapabilities::default(),
        default_capabilities: ExtendedCapabilities::default(),
        forbidden_capabilities: ExtendedCapabilities::default(),
        handshake_formats: Vec::new(),
        external_proposal_allowed: true,
        external_commit_allowed: true,
        pending_proposal_policy: PendingProposalPolicy::Unspecified,
        leaf_node_update_time: any,
        app_message_policy: AppMessagePolicy::default(),
        max_kp_lifetime: 0,
        max_credential_lifetime: 0,
        resumption_psk_lifetime: 0,
        sender_nonce_keypair_lifetime: any,
        max_keypairs: 0,
        buffer_incoming_message_time: any,
        max_buffered_messages: 0,
    }
}

/// A room that takes messages of so many past epochs.
pub fn tolerant(epoch_tolerance: u8) -> OperationalParameters {
    OperationalParameters {
        app_message_policy: AppMessagePolicy {
            epoch_tolerance,
            ..AppMessagePolicy::default()
        },
        ..lenient()
    }
}

/// A room that takes SemiPrivateMessages only.
pub fn semi_private() -> OperationalParameters {
    OperationalParameters {
        handshake_formats: vec![0xf0a1],
        ..lenient()
    }
}

/// What lists this component.
pub fn listing(component: ComponentId) -> ExtendedCapabilities {
    ExtendedCapabilities {
        component_ids: vec![component],
        ..ExtendedCapabilities::default()
    }
}

/// A leaf that says it supports all that our clients do, but `without` one
/// component and `with` another.
pub fn leaf(without: Option<ComponentId>, with: Option<ComponentId>) -> LeafNodeParameters {
    let mut components = leaf_components().unwrap();
    let list = components.get(ComponentId::APP_COMPONENTS).unwrap();
    let ComponentsList(mut ids) = Decode::from_slice(list).unwrap();
    ids.retain(|id| Some(*id) != without);
    ids.extend(with);
    let list = ComponentsList(ids).to_vec().unwrap();
    components.insert(ComponentId::APP_COMPONENTS, list);
    LeafNodeParameters::builder()
        .with_extensions(leaf_extensions(&components))
        .build()
}

/// Basic credentials, of which those of one user are valid for so many seconds.
#[derive(Debug)]
pub struct Lasting {
    pub user: MimiUri,
    pub seconds: u64,
}

impl Identity for Lasting {
    fn identify(&self, presented: &Presented<'_>) -> Result<Identified, IdentityError> {
        let who = BasicIdentity.identify(presented)?;
        if who.user != self.user {
            return Ok(who);
        }
        Ok(who.valid(Validity {
            not_before: 1_000,
            not_after: 1_000 + self.seconds,
        }))
    }
}

/// The cooperative roles, where ordinary users have one capability more or less.
pub fn roles(change: impl Fn(Role) -> Role) -> RoleList {
    let roles = presets::cooperative();
    let roles = roles.iter().cloned().map(|role| match role.index {
        presets::ORDINARY_USER => change(role),
        _ => role,
    });
    RoleList::new(roles.collect()).unwrap()
}

impl Scene {
    /// The room, to which Bob gives this policy. He and Alice may change it.
    pub fn operated(parameters: &OperationalParameters) -> Self {
        let more = |mut role: Role| {
            let may = [Capability::CHANGE_MLS_OPERATIONAL_POLICIES];
            role.capabilities = role.capabilities.iter().chain(may).collect();
            role
        };
        let users = roles(more);
        let roles = users.iter().cloned().map(|role| match role.index {
            presets::SUPER_ADMIN => more(role),
            _ => role,
        });
        let roles = RoleList::new(roles.collect()).unwrap();
        let mut scene = Scene::with_roles(roles);
        scene.operate(parameters);
        scene
    }

    /// Bob gives the room this policy.
    pub fn operate(&mut self, parameters: &OperationalParameters) {
        let parameters = parameters.to_vec().unwrap();
        let set = update(ComponentId::MLS_OPERATIONAL_POLICY, parameters);
        self.accept_commit(Plan::of([set]));
        assert!(self.hub().policy().operational().is_some());
        let alice = &self.world.clients[&self.alice];
        let alices = alice.room().policy().components();
        assert_eq!(alices, self.hub().policy().components());
    }

    /// Credentials of `user` are valid for so many seconds, from now on.
    pub fn certify(&mut self, user: &MimiUri, seconds: u64) {
        let user = user.clone();
        self.world.identity = Box::new(Lasting { user, seconds });
    }
}
