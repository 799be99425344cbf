//! `issuers`: whom the number in a watermark leads to, by dated directories, offline.

use serde_json::{Value, json};
use touchmark::issuer::{Directory, Domain, Issuer};
use touchmark::report::IssuerBasis;

use crate::args::Issuers;
use crate::config::Config;
use crate::console::print;
use crate::exit;
use crate::failure::Failure;

/// A directory and whose it is.
type Named<'a> = (IssuerBasis, &'a Directory);

pub fn run(args: &Issuers, config: &Config) -> Result<u8, Failure> {
    let own = args.issuers.directory(config)?;
    let directories: Vec<Named<'_>> = [(IssuerBasis::Directory, Directory::shipped())]
        .into_iter()
        .chain(own.as_ref().map(|own| (IssuerBasis::OwnDirectory, own)))
        .collect();
    let text = match (args.json, args.domains.as_slice()) {
        (true, []) => format!("{}\n", all_as_json(&directories)),
        (true, domains) => format!("{}\n", domains_as_json(domains, &directories)),
        (false, []) => all(&directories),
        (false, domains) => domains
            .iter()
            .map(|domain| of_domain(domain, &directories))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    print(&text)?;
    Ok(exit::DONE)
}

fn all(directories: &[Named<'_>]) -> String {
    let listed = directories.iter().map(|(basis, directory)| {
        let entries: String = directory.issuers().map(entry).collect();
        let count = match directory.issuers().len() {
            0 if *basis == IssuerBasis::Directory => "empty, because no provider has registered yet".to_owned(),
            0 => "empty".to_owned(),
            1 => "1 issuer".to_owned(),
            count => format!("{count} issuers"),
        };
        format!("{}: {count}\n{entries}", name(*basis, directory))
    });
    listed.collect::<Vec<_>>().join("\n")
}

fn of_domain(domain: &Domain, directories: &[Named<'_>]) -> String {
    let number = domain.number();
    let known = directories.iter().map(|(basis, directory)| {
        let name = name(*basis, directory);
        match directory.find(number).as_slice() {
            [] => format!("  {name} knows nobody with this number\n"),
            issuers => {
                let entries: String = issuers.iter().copied().map(entry).collect();
                format!("  by {name}:\n{entries}")
            }
        }
    });
    format!(
        "{domain} has the number {number:06x}: ids that its stamps draw begin with it\n{}",
        known.collect::<String>()
    )
}

/// An entry, a line each.
fn entry(issuer: &Issuer) -> String {
    let ways = [("detector", &issuer.detector), ("removal", &issuer.removal)];
    let ways: String = ways
        .into_iter()
        .filter_map(|(what, address)| Some(format!("    {:<9} {}\n", format!("{what}:"), address.as_ref()?)))
        .collect();
    format!(
        "  {}  {:06x}\n{ways}    source:   {} (checked {})\n",
        issuer.domain,
        issuer.domain.number(),
        issuer.source,
        issuer.checked
    )
}

fn name(basis: IssuerBasis, directory: &Directory) -> String {
    let dated = directory.dated();
    match basis {
        IssuerBasis::OwnDirectory => format!("your own directory of {dated}"),
        _ => format!("touchmark's directory of {dated}"),
    }
}

fn all_as_json(directories: &[Named<'_>]) -> Value {
    let listed = directories.iter().map(|(basis, directory)| {
        let entries: Vec<Value> = directory.issuers().map(entry_as_json).collect();
        json!({ "basis": basis, "dated": directory.dated().to_string(), "entries": entries })
    });
    json!({ "directories": listed.collect::<Vec<_>>() })
}

fn domains_as_json(domains: &[Domain], directories: &[Named<'_>]) -> Value {
    let looked_into = directories
        .iter()
        .map(|(basis, directory)| json!({ "basis": basis, "dated": directory.dated().to_string() }));
    let answers = domains.iter().map(|domain| {
        let known = directories.iter().flat_map(|(basis, directory)| {
            let found = directory.find(domain.number()).into_iter();
            found.map(move |issuer| {
                let mut entry = entry_as_json(issuer);
                if let Some(members) = entry.as_object_mut() {
                    members.insert("basis".to_owned(), json!(basis));
                }
                entry
            })
        });
        json!({
            "domain": domain,
            "number": format!("{:06x}", domain.number()),
            "entries": known.collect::<Vec<_>>(),
        })
    });
    json!({ "directories": looked_into.collect::<Vec<_>>(), "domains": answers.collect::<Vec<_>>() })
}

fn entry_as_json(issuer: &Issuer) -> Value {
    json!({
        "domain": issuer.domain,
        "number": format!("{:06x}", issuer.domain.number()),
        "detector": issuer.detector,
        "removal": issuer.removal,
        "source": issuer.source,
        "checked": issuer.checked.to_string(),
    })
}
