//! The form of a directory document.

use serde::{Deserialize, Serialize};

use super::endpoint::EndpointKind;

/// Its members. A known one that stands twice is an error.
#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Document {
    #[serde(skip_serializing_if = "Option::is_none")]
    key_material: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notify: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    submit_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_info: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_consent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_consent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier_query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    report_abuse: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) proxy_download: Option<String>,
}

impl Document {
    /// The member of an endpoint.
    pub(super) fn member(&mut self, kind: EndpointKind) -> &mut Option<String> {
        match kind {
            EndpointKind::KeyMaterial => &mut self.key_material,
            EndpointKind::Update => &mut self.update,
            EndpointKind::Notify => &mut self.notify,
            EndpointKind::SubmitMessage => &mut self.submit_message,
            EndpointKind::GroupInfo => &mut self.group_info,
            EndpointKind::RequestConsent => &mut self.request_consent,
            EndpointKind::UpdateConsent => &mut self.update_consent,
            EndpointKind::IdentifierQuery => &mut self.identifier_query,
            EndpointKind::ReportAbuse => &mut self.report_abuse,
        }
    }
}
