//! The commented document that a provider fills in.

use time::{Date, Duration};

use super::values::Day;

/// How long a new document holds: a year.
const VALIDITY: Duration = Duration::days(365);

/// A commented document in TOML, issued on a day, with a placeholder for everything that only the provider knows.
///
/// It is not a disclosure: every placeholder is a fault until it is replaced.
pub fn template(issued: Date) -> String {
    let expires = issued.checked_add(VALIDITY).unwrap_or(Date::MAX);
    include_str!("template.toml")
        .replace("@ISSUED@", &Day(issued).to_string())
        .replace("@EXPIRES@", &Day(expires).to_string())
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::super::check::PLACEHOLDER;
    use super::super::{Document, Outcome};
    use super::*;
    use crate::error::DisclosureFault;

    const TODAY: Date = date!(2026 - 11 - 22);

    #[test]
    fn every_placeholder_is_named_and_nothing_else_is_wrong() {
        let text = template(TODAY);
        let document = Document::from_toml(&text).unwrap();
        let faults = document.faults();
        let placeholders = text
            .lines()
            .filter(|line| !line.starts_with('#') && line.contains(PLACEHOLDER))
            .count();
        assert_eq!(faults.len(), placeholders);
        assert!(faults.iter().all(|(_, fault)| *fault == DisclosureFault::Placeholder));
        assert!(document.clone().check().is_err());
        let findings = document.lint(TODAY);
        for (field, _) in faults {
            let named = findings
                .iter()
                .any(|finding| finding.field == field && finding.outcome == Outcome::Fails);
            assert!(named, "{field}");
        }
    }

    #[test]
    fn what_is_left_out_on_purpose_is_missed() {
        let findings = Document::from_toml(&template(TODAY)).unwrap().lint(TODAY);
        for field in [
            "removal.response_hours",
            "removal.no_account_needed",
            "removal.no_upload_needed",
            "children.minimum_age",
            "children.may_depict_minors",
        ] {
            let missed = findings
                .iter()
                .any(|finding| finding.field.as_str() == field && finding.outcome == Outcome::Fails);
            assert!(missed, "{field}");
        }
    }

    #[test]
    fn filled_in_it_passes() {
        let mut filled = template(TODAY);
        for (from, to) in [
            ("\"<fill in: two letters, such as DE>\"", "\"DE\""),
            ("\"<fill in: two letters>\"", "\"DE\""),
            (
                "\"<fill in: https://.. or mailto:..>\"",
                "\"mailto:images@example.org\"",
            ),
            ("# response_hours", "response_hours"),
            ("# no_account_needed", "no_account_needed"),
            ("# no_upload_needed", "no_upload_needed"),
            ("# minimum_age", "minimum_age"),
            ("# may_depict_minors", "may_depict_minors"),
        ] {
            assert!(filled.contains(from), "{from}");
            filled = filled.replace(from, to);
        }
        for line in filled
            .clone()
            .lines()
            .filter(|line| line.contains(PLACEHOLDER) && !line.starts_with('#'))
        {
            let (start, rest) = line.split_once("\"<fill in").unwrap();
            let end = rest.split_once('"').unwrap().1;
            let value = if line.contains("https://") {
                "https://example.org/a"
            } else {
                "A short text."
            };
            filled = filled.replace(line, &format!("{start}\"{value}\"{end}"));
        }
        let document = Document::from_toml(&filled).unwrap();
        let failing: Vec<_> = document
            .lint(TODAY)
            .into_iter()
            .filter(|finding| finding.outcome == Outcome::Fails)
            .collect();
        assert!(failing.is_empty(), "{failing:#?}");
        assert!(document.check().unwrap().is_filled());
    }

    #[test]
    fn every_line_behind_a_hash_is_of_the_schema() {
        let text: String = template(TODAY)
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.starts_with('[') || is_assignment(rest) => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let document = Document::from_toml(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert!(document.detector.is_some() && !document.compliance.is_empty());
    }

    fn is_assignment(line: &str) -> bool {
        line.split_once(" = ")
            .is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
    }
}
