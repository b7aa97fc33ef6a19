//! `roles_list`: the roles of a room and what each may do (POLICY, "Role-Based
//! Access Control").

use mimi_content::tls::{Decode, DecodeError, Encode, Reader, Rule, Writer};

use crate::capability::{Capability, CapabilitySet};
use crate::limits::{self, MAX_ROLE_CHANGES, MAX_ROLES};

/// `Role`: a set of capabilities, bounds on how many hold it, and between
/// which roles its holders may move others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// `role_index`: how the participant list refers to the role.
    pub index: u32,
    /// `role_name`, for people; but `banned` at index 1 is the banned role.
    pub name: String,
    /// `role_description`, for people; may be empty.
    pub description: String,
    /// `role_capabilities`.
    pub capabilities: CapabilitySet,
    /// `minimum_participants_constraint`; 0 for none.
    pub min_participants: u32,
    /// `maximum_participants_constraint`.
    pub max_participants: Option<u32>,
    /// `minimum_active_participants_constraint`: of participants with at least
    /// one client in the group; 0 for none.
    pub min_active: u32,
    /// `maximum_active_participants_constraint`; 0 bars holders from having
    /// clients.
    pub max_active: Option<u32>,
    /// `authorized_role_changes`.
    pub role_changes: Vec<RoleChanges>,
}

/// `SingleSourceRoleChangeTargets`: from one role to any of several. Role 0
/// stands for not being in the participant list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleChanges {
    /// `from_role_index`.
    pub from: u32,
    /// `target_role_indexes`.
    pub to: Vec<u32>,
}

impl Role {
    /// Index of the role of everybody who is not in the participant list.
    pub const NONE: u32 = 0;

    /// Index of the banned role, if its name is [`Role::BANNED_NAME`] too.
    pub const BANNED: u32 = 1;

    /// Name of the banned role (POLICY, "Role Changes", `canBan`).
    pub const BANNED_NAME: &'static str = "banned";

    /// Whether this is the banned role: index 1 and name `banned`.
    #[must_use]
    #[inline]
    pub fn is_banned(&self) -> bool {
        self.index == Self::BANNED && self.name == Self::BANNED_NAME
    }

    /// Whether the role grants `capability`.
    #[must_use]
    pub fn grants(&self, capability: Capability) -> bool {
        self.capabilities.grants(capability)
    }

    /// Whether `authorized_role_changes` leads from `from` to `to`. Several
    /// entries with the same source count together.
    #[must_use]
    #[inline]
    pub fn may_move(&self, from: u32, to: u32) -> bool {
        self.role_changes
            .iter()
            .any(|changes| changes.from == from && changes.to.contains(&to))
    }
}

/// `RoleData`: the data of `roles_list`, and the whole content of an update to
/// it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleList {
    roles: Vec<Role>,
    /// Indices of roles and where they stand, in increasing order.
    by_index: Vec<(u32, usize)>,
}

impl RoleList {
    /// A list of these roles, in any order and with gaps between the indices.
    ///
    /// # Errors
    /// When there are more than [`MAX_ROLES`], an index is there twice, or a
    /// role other than 0 has `canOpenJoin` (POLICY, "Adding").
    pub fn new(roles: Vec<Role>) -> Result<Self, Rule> {
        if roles.len() > MAX_ROLES {
            return Err(Rule::Limit {
                what: "the number of roles",
                max: MAX_ROLES,
            });
        }
        let open = |role: &Role| role.capabilities.contains(Capability::OPEN_JOIN);
        if roles
            .iter()
            .any(|role| role.index != Role::NONE && open(role))
        {
            return Err(Rule::Structure("a role other than 0 has canOpenJoin"));
        }
        let positions = roles.iter().enumerate();
        let mut by_index: Vec<_> = positions.map(|(at, role)| (role.index, at)).collect();
        by_index.sort_unstable();
        if !by_index.is_sorted_by(|one, next| one.0 < next.0) {
            return Err(Rule::Structure("two roles have the same index"));
        }
        Ok(RoleList { roles, by_index })
    }

    /// The role with `index`.
    #[inline]
    #[must_use]
    pub fn get(&self, index: u32) -> Option<&Role> {
        self.roles.get(self.position(index)?)
    }

    /// Where the role with `index` stands in the list.
    #[inline]
    pub(crate) fn position(&self, index: u32) -> Option<usize> {
        // Nearly every list counts its roles from 0.
        let guess = usize::try_from(index).ok()?;
        if self
            .roles
            .get(guess)
            .is_some_and(|role| role.index == index)
        {
            return Some(guess);
        }
        let at = self.by_index.binary_search_by_key(&index, |one| one.0);
        self.by_index.get(at.ok()?).map(|(_, position)| *position)
    }

    /// The banned role, if the room has one.
    #[must_use]
    pub fn banned(&self) -> Option<&Role> {
        self.get(Role::BANNED).filter(|role| role.is_banned())
    }

    /// The roles in the order of the list.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Role> {
        self.roles.iter()
    }
}

impl Encode for RoleChanges {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.from);
        w.list(&self.to);
    }
}

impl Decode for RoleChanges {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(RoleChanges {
            from: r.u32()?,
            to: r.list_at_most(
                "the number of role change targets",
                MAX_ROLE_CHANGES,
                u32::decode,
            )?,
        })
    }
}

impl Encode for Role {
    fn encode(&self, w: &mut Writer) {
        w.u32(self.index);
        w.opaque(self.name.as_bytes());
        w.opaque(self.description.as_bytes());
        self.capabilities.encode(w);
        w.u32(self.min_participants);
        w.optional(self.max_participants.as_ref(), |w, max| w.u32(*max));
        w.u32(self.min_active);
        w.optional(self.max_active.as_ref(), |w, max| w.u32(*max));
        w.list(&self.role_changes);
    }
}

impl Decode for Role {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Role {
            index: r.u32()?,
            name: limits::text(r, "the length of a role name")?,
            description: limits::text(r, "the length of a role description")?,
            capabilities: CapabilitySet::decode(r)?,
            min_participants: r.u32()?,
            max_participants: r.optional(Reader::u32)?,
            min_active: r.u32()?,
            max_active: r.optional(Reader::u32)?,
            role_changes: r.list_at_most(
                "the number of authorized role changes",
                MAX_ROLE_CHANGES,
                RoleChanges::decode,
            )?,
        })
    }
}

impl Encode for RoleList {
    fn encode(&self, w: &mut Writer) {
        w.list(&self.roles);
    }
}

impl Decode for RoleList {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = r.offset();
        let roles = r.list_at_most("the number of roles", MAX_ROLES, Role::decode)?;
        RoleList::new(roles).map_err(|rule| r.error_at(start, rule))
    }
}
