//! Lists mailing tools and their merge tags, which differ for each recipient.

use clap::ValueEnum;

/// A mailing tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MailTool {
    /// ActiveCampaign: %SUBSCRIBERID%
    ActiveCampaign,
    /// Brevo: {{contact.EXT_ID}}
    Brevo,
    /// HubSpot: {{contact.hs_object_id}}
    #[value(name = "hubspot")]
    HubSpot,
    /// Listmonk: {{.Subscriber.UUID}}
    Listmonk,
    /// Mailchimp: *|UNIQID|*
    Mailchimp,
    /// Mailgun: %recipient.userid%, a recipient variable of yours
    Mailgun,
    /// Mailjet: [[data:userid]], a contact property of yours
    Mailjet,
    /// Postmark: {{userid}}, a value of your template model
    Postmark,
    /// SendGrid: {{userid}}, a value of your dynamic template data
    #[value(name = "sendgrid")]
    SendGrid,
    /// Amazon SES: {{userid}}, a value of your template data
    Ses,
}

/// The merge tags of a tool, and its field that identifies a recipient by a pseudonym.
struct Syntax {
    open: &'static str,
    recipient: &'static str,
    close: &'static str,
    /// The place where the sender has to set `recipient`.
    set_in: Option<&'static str>,
}

impl MailTool {
    fn syntax(self) -> Syntax {
        let (open, recipient, close, set_in) = match self {
            MailTool::ActiveCampaign => ("%", "SUBSCRIBERID", "%", None),
            MailTool::Brevo => (
                "{{contact.",
                "EXT_ID",
                "}}",
                Some("each contact's attributes"),
            ),
            MailTool::HubSpot => ("{{contact.", "hs_object_id", "}}", None),
            MailTool::Listmonk => ("{{.Subscriber.", "UUID", "}}", None),
            MailTool::Mailchimp => ("*|", "UNIQID", "|*", None),
            MailTool::Mailgun => (
                "%recipient.",
                "userid",
                "%",
                Some("the recipient variables"),
            ),
            MailTool::Mailjet => ("[[data:", "userid", "]]", Some("each contact's properties")),
            MailTool::Postmark => ("{{", "userid", "}}", Some("the template model")),
            MailTool::SendGrid => ("{{", "userid", "}}", Some("the dynamic template data")),
            MailTool::Ses => ("{{", "userid", "}}", Some("the template data")),
        };
        Syntax {
            open,
            recipient,
            close,
            set_in,
        }
    }

    /// Returns the merge tag of a field, or of the tool's own identifier of a recipient.
    pub(super) fn recipient(self, field: Option<&Name>) -> String {
        let syntax = self.syntax();
        let field = field.map_or(syntax.recipient, |name| &name.0);
        format!("{}{field}{}", syntax.open, syntax.close)
    }

    /// Returns the merge tag of the mailing, if the tool has one.
    pub(super) fn campaign(self) -> Option<&'static str> {
        match self {
            MailTool::ActiveCampaign => Some("%CAMPAIGNID%"),
            MailTool::Listmonk => Some("{{.Campaign.UUID}}"),
            MailTool::Mailchimp => Some("*|CAMPAIGN_UID|*"),
            _ => None,
        }
    }

    /// Returns what the sender has to set or to know.
    pub(super) fn hint(self, field: Option<&Name>) -> String {
        let syntax = self.syntax();
        let tag = self.recipient(field);
        match (field, syntax.set_in) {
            (None, Some(set_in)) => format!(
                "Set {} in {set_in}, to letters and digits: {tag} is put into the URL as it is.",
                syntax.recipient
            ),
            (None, None) => format!("{tag} becomes the tool's own identifier of each recipient."),
            (Some(_), _) => {
                format!(
                    "{tag} is put into the URL as it is: it should hold letters and digits only."
                )
            }
        }
    }
}

/// The name of a field, which is part of a merge tag.
#[derive(Debug, Clone)]
pub(super) struct Name(String);

impl Name {
    pub(super) fn parse(text: &str) -> Result<Name, String> {
        let is_name = !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !is_name {
            return Err(
                "not the name of a field: write only the name, such as userid, without the tool's brackets"
                    .into(),
            );
        }
        Ok(Name(text.to_owned()))
    }
}
