//! What the rules for certificates ask, why, and what to do where one is not kept: the words of `keys check` and of every
//! command that refuses a certificate. What each rule tests is in `touchmark_signing::profile` and `examine`.

use touchmark_signing::profile::Rule;

/// The words for one rule.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// What the rule asks, as a fragment that stands where it is kept.
    pub asks: &'static str,
    /// Why, as a sentence.
    pub why: &'static str,
    /// What to do where it is not kept, as a sentence; lines for openssl.cnf stand in backquotes.
    pub fix: &'static str,
}

/// The words for a rule.
pub fn words(rule: Rule) -> Words {
    let row = TABLE.iter().find(|(known, _)| *known == rule);
    row.map_or(UNKNOWN, |(_, words)| *words)
}

/// Rules that are not kept, as lines below a failure: what each asks, why, and what to do.
pub fn lines(rules: impl IntoIterator<Item = Rule>) -> Vec<String> {
    let lines = rules.into_iter().flat_map(|rule| {
        let Words { asks, why, fix } = words(rule);
        [
            format!("{}: {asks}", rule.id()),
            format!("  why: {why}"),
            format!("  fix: {fix}"),
        ]
    });
    lines.collect()
}

/// Not reached: a test looks for every rule.
const UNKNOWN: Words = Words {
    asks: "a rule that this version has no words for",
    why: "It was added later than its words.",
    fix: "Please report it.",
};

const fn row(rule: Rule, asks: &'static str, why: &'static str, fix: &'static str) -> (Rule, Words) {
    (rule, Words { asks, why, fix })
}

const TABLE: &[(Rule, Words)] = &[
    row(
        Rule::Readable,
        "every certificate can be read",
        "Readers call a signature invalid when they cannot read its certificates.",
        "Ask the issuer for the chain again, as PEM, with at most 8 certificates.",
    ),
    row(
        Rule::Version,
        "X.509 version 3",
        "Only version 3 has the extensions that say what a certificate is for.",
        "Issue it with extensions: `openssl x509 -req ... -extfile openssl.cnf`; without them OpenSSL writes version 1.",
    ),
    row(
        Rule::SignatureAlgorithm,
        "signed by its issuer with an algorithm that C2PA allows",
        "Readers refuse SHA-1, MD5 and anything else that C2PA does not list (2.2, 14.5.1.1).",
        "Ask the issuer to sign with SHA-256 or above: `default_md = sha256`.",
    ),
    row(
        Rule::Key,
        "a key of a kind that C2PA allows",
        "Claims are signed with Ed25519, ECDSA on P-256, P-384 or P-521, or RSA-PSS. Ed448 is not Ed25519, although COSE \
         has one number (-8) for both, and other curves have none.",
        "Make a new key and request: `touchmark keys request` makes one for ES256.",
    ),
    row(
        Rule::RsaSize,
        "an RSA key of 2048 to 8192 bits, if RSA",
        "Shorter keys can be broken, and C2PA refuses them; longer ones cost every reader too much work.",
        "Make a new key: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`, or `touchmark keys request`.",
    ),
    row(
        Rule::RsaExponent,
        "an RSA exponent that is odd and at least 3, if RSA",
        "With an exponent of 1 every text is its own signature; readers refuse exponents that are even, tiny or huge.",
        "Make a new key with the usual exponent 65537, which every tool takes by itself.",
    ),
    row(
        Rule::NoUniqueIds,
        "no unique identifiers of issuer or subject",
        "C2PA forbids these fields of X.509 version 2 (2.2, 14.5.1.1).",
        "Ask the issuer to leave issuerUniqueID and subjectUniqueID out.",
    ),
    row(
        Rule::Extensions,
        "extensions that readers understand, each once",
        "A reader must refuse a critical extension that it does not know, and one that stands twice or cannot be read \
         (RFC 5280, 4.2).",
        "Ask the issuer to write private extensions without `critical`, and each one once.",
    ),
    row(
        Rule::EndEntity,
        "not a certificate authority",
        "A certificate that issues others must not sign claims (C2PA 2.2, 14.5.1.1).",
        "Issue a certificate for the signer under it: `basicConstraints = critical, CA:FALSE`.",
    ),
    row(
        Rule::KeyUsage,
        "key usage with digitalSignature and without keyCertSign",
        "Readers take a claim only from a key that may sign data, and no certificates.",
        "Ask for key usage digitalSignature and nonRepudiation: `keyUsage = critical, digitalSignature, nonRepudiation`.",
    ),
    row(
        Rule::ExtendedKeyUsage,
        "a purpose for signing claims, and none that stands alone",
        "Readers ask for claim signing, e-mail protection or document signing, and refuse anyExtendedKeyUsage, \
         timeStamping and OCSPSigning beside it.",
        "Ask for the purposes of C2PA: `extendedKeyUsage = 1.3.6.1.4.1.62558.2.1, emailProtection`.",
    ),
    row(
        Rule::AuthorityKeyIdentifier,
        "an authority key identifier",
        "Readers find the issuer by it, and C2PA requires it.",
        "Ask the issuer for it: `authorityKeyIdentifier = keyid:always`.",
    ),
    row(
        Rule::NotSelfSigned,
        "issued by somebody else",
        "Every reader calls a signer that vouches for itself invalid (signingCredential.invalid).",
        "Get a certificate from an authority (`touchmark keys request`), or make a root and a leaf (`touchmark keys new`).",
    ),
    row(
        Rule::SerialNumber,
        "a serial number that is positive, of at most 20 octets",
        "RFC 5280 (4.1.2.2) asks for it; some readers refuse the rest.",
        "Ask the issuer for a random serial number: `openssl x509 -req ... -set_serial 0x$(openssl rand -hex 16)`.",
    ),
    row(
        Rule::SubjectKeyIdentifier,
        "a subject key identifier",
        "C2PA's Certificate Policy asks for it.",
        "Ask the issuer for it: `subjectKeyIdentifier = hash`.",
    ),
    row(
        Rule::BasicConstraintsCritical,
        "critical basic constraints",
        "C2PA's Certificate Policy asks that the certificate says it is no authority, critically.",
        "Ask the issuer for them: `basicConstraints = critical, CA:FALSE`.",
    ),
    row(
        Rule::KeyUsageConformance,
        "a critical key usage with nonRepudiation",
        "C2PA's Certificate Policy asks for both bits; authorities of the programme set them.",
        "Ask for `keyUsage = critical, digitalSignature, nonRepudiation`.",
    ),
    row(
        Rule::ExtendedKeyUsageConformance,
        "claim signing together with e-mail protection or document signing, not critical",
        "C2PA's Certificate Policy asks for claim signing, and current readers for one of the two beside it.",
        "Ask for `extendedKeyUsage = 1.3.6.1.4.1.62558.2.1, emailProtection`.",
    ),
    row(
        Rule::Organisation,
        "an organisation in the subject",
        "Readers show it as the name of the signer; without it they have little to show.",
        "Ask for it: `O = Your Organisation` in the subject, as in the list of conforming products.",
    ),
    row(
        Rule::Country,
        "a country in the subject",
        "C2PA's Certificate Policy asks for C, O and CN.",
        "Ask for it: `C = DE` in the subject, two letters.",
    ),
    row(
        Rule::CommonName,
        "a common name in the subject",
        "C2PA's Certificate Policy asks for C, O and CN.",
        "Ask for it: `CN = Your Product` in the subject, as in the list of conforming products.",
    ),
    row(
        Rule::ValidityPeriod,
        "valid for at most 366 days, 90 at assurance level 2",
        "C2PA's Certificate Policy limits how long a key signs: 366 days at assurance level 1, 90 at level 2.",
        "Ask for a shorter one: `-days 365`, or `-days 90` where it states assurance level 2.",
    ),
    row(
        Rule::CertificatePolicies,
        "C2PA's certificate policy",
        "Certificates of the conformance programme name the policy they were issued under.",
        "Ask an authority of the programme for it: `certificatePolicies = 1.3.6.1.4.1.62558.1.1`.",
    ),
    row(
        Rule::OcspResponder,
        "the address of an OCSP responder",
        "Without it nobody can ask whether the certificate was revoked, and no answer can be stapled.",
        "Ask the issuer for it: `authorityInfoAccess = OCSP;URI:http://ocsp.example.org`.",
    ),
    row(
        Rule::AssuranceLevel,
        "an assurance level",
        "Certificates of the conformance programme say how well the key is protected.",
        "Ask an authority of the programme for it: `1.3.6.1.4.1.62558.3 = ASN1:OID:1.3.6.1.4.1.62558.3.10` is level 1.",
    ),
    row(
        Rule::ProductRecord,
        "the record of a conforming product",
        "Certificates of the conformance programme name the product's record, a UUID of 36 characters.",
        "Register the product; then ask for `1.3.6.1.4.1.62558.4 = ASN1:UTF8String:UUID-OF-THE-RECORD`.",
    ),
    row(
        Rule::Dates,
        "valid at this time",
        "A signature made outside of these dates is called expired, or not yet valid, by every reader.",
        "Ask the issuer for a new certificate (`touchmark keys request`); look at this machine's clock.",
    ),
    row(
        Rule::OwnKey,
        "a key that not everybody has",
        "The keys of sample and test certificates are published: anyone can sign with them, and readers may say so.",
        "Make a key of your own: `touchmark keys new` or `touchmark keys request`.",
    ),
    row(
        Rule::ChainMembers,
        "one chain and nothing else",
        "A certificate that issued none of the others has no place in a signature.",
        "Take it out of the file; `touchmark keys import` leaves it out by itself.",
    ),
    row(
        Rule::ChainOrder,
        "the signer's certificate first, each followed by its issuer",
        "Signatures hold certificates in this order; touchmark puts them in order, other programs may not.",
        "Let `touchmark keys import` write the file anew, or sort it: leaf, intermediates, root.",
    ),
    row(
        Rule::ChainSignatures,
        "each certificate signed by its issuer",
        "An issuer of the right name with another key did not sign it; no reader finds a way past it.",
        "Ask the authority for the intermediate certificate that belongs to this one: it may have renewed its own.",
    ),
    row(
        Rule::ChainAlgorithms,
        "issuers signed with algorithms that readers accept",
        "Readers follow no signature made with SHA-1 or another algorithm that C2PA does not allow, so the chain ends there.",
        "Ask the authority for its intermediate certificate signed with SHA-256 or better, or have it issue under another.",
    ),
    row(
        Rule::ChainIssuers,
        "issuers that may issue, this deep",
        "A certificate above the signer must be an authority: CA:TRUE, key usage keyCertSign, a key that is accepted, and \
         a path length that allows what stands below.",
        "Issue under an authority: `basicConstraints = critical, CA:TRUE` and `keyUsage = critical, keyCertSign, cRLSign`.",
    ),
    row(
        Rule::ChainDates,
        "issuers that are valid at this time",
        "Readers call a signature expired when an issuer above the signer is.",
        "Ask the authority for its present intermediate certificate.",
    ),
    row(
        Rule::ChainPath,
        "issuers that allow this signer: purposes, names, and extensions that readers understand",
        "Readers follow no issuer that is limited to other purposes or names, or that says something critical they do not \
         understand, whatever list it is on.",
        "Have it issued under an authority for signing content: without an extended key usage, or with `emailProtection` or \
         1.3.6.1.4.1.62558.2.1 in it, and with no name constraints that leave the signer out.",
    ),
    row(
        Rule::ChainComplete,
        "complete up to a root, or to a certificate on a list in force",
        "Readers fetch nothing: without the intermediates in the file they find no way to a list they know.",
        "Add the authority's intermediate certificates to the file, up to its root; `touchmark keys import` adds those it knows. \
         Where the root alone is missing, signatures are whole as they are.",
    ),
    row(
        Rule::KeyMatch,
        "the private key belongs to the certificate",
        "A signature by another key does not hold under the certificate.",
        "Give the key that the request was made with; `touchmark keys list` shows requests that wait.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_once() {
        for (rule, id) in Rule::ALL {
            assert_eq!(TABLE.iter().filter(|(known, _)| *known == rule).count(), 1, "{id}");
            let words = words(rule);
            assert!(
                !words.asks.ends_with('.') && words.why.ends_with('.') && words.fix.ends_with('.'),
                "{id}"
            );
        }
    }
}
