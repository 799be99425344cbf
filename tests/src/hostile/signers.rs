//! Signers whose certificates are over, wrong, borrowed or boastful. The claims are in order.

use time::macros::datetime;
use x509_cert::der::oid::ObjectIdentifier;

use super::edit::replace;
use super::{CAMERA, Case, GENERATED, Made, authority, case, picture, stranger};
use crate::certificates::{Holder, Plan, TIME_STAMPING};
use crate::forge::{ChainHeader, Draft, Hand, Seal, sign_into};
use crate::rules::{distinguished_name, rsa, sequence, tlv};

pub(super) const CASES: &[Case] = &[
    case("certificate-expired.jpg", expired),
    case("certificates-protected-by-name.jpg", protected_by_name),
    case("certificate-not-yet-valid.jpg", not_yet_valid),
    case("certificate-self-signed.jpg", self_signed),
    case("certificate-of-authority.jpg", of_authority),
    case("certificate-by-no-authority.jpg", by_no_authority),
    case("certificate-for-time-stamps.jpg", for_time_stamps),
    case("certificate-unknown-critical-extension.jpg", unknown_critical_extension),
    case("certificate-outside-name-constraints.jpg", outside_name_constraints),
    case("certificate-of-rsa-exponent-1.jpg", rsa_exponent_1),
    case("certificate-name-edited.jpg", name_edited),
    case("certificate-unprotected.jpg", unprotected),
    case("certificate-unprotected-by-name.jpg", unprotected_by_name),
    case("certificates-of-two-signers.jpg", of_two_signers),
    case("certificate-no-der.jpg", no_der),
    case("certificates-none.jpg", none),
    case("certificate-names-google.jpg", names_google),
    case("certificate-names-camera-maker.jpg", names_camera_maker),
    case("certificate-names-local-identity.jpg", names_local_identity),
    case("certificate-names-escapes.jpg", names_escapes),
    case("certificate-names-10000-characters.jpg", names_ten_thousand_characters),
    case("key-mismatched.jpg", key_mismatched),
];

fn expired() -> Made {
    issued(Plan {
        valid: (datetime!(2025-01-01 00:00 UTC), datetime!(2025-12-31 23:59:59 UTC)),
        ..Plan::signer("Example Pictures")
    })
}

fn not_yet_valid() -> Made {
    issued(Plan {
        valid: (datetime!(2030-01-01 00:00 UTC), datetime!(2030-12-31 23:59:59 UTC)),
        ..Plan::signer("Example Pictures")
    })
}

fn self_signed() -> Made {
    signed_by(&Plan::signer("Example Pictures").self_signed()?)
}

/// Signed with the key of the one certificate, with the other, of a signer that lists may name, where readers look that know
/// the header by its number alone.
fn of_two_signers() -> Made {
    let issuer = Plan::authority("Example Forgers").self_signed()?;
    let forger = Plan::signer("Example Forgers").issued_by(&issuer)?;
    sealed(Seal {
        chain_header: ChainHeader::ProtectedByName,
        borrowed: Some(stranger()?.certificate),
        ..Seal::of(&forger)
    })
}

/// The chain is protected, under its old name: nobody else can exchange it.
fn protected_by_name() -> Made {
    sealed(Seal {
        chain_header: ChainHeader::ProtectedByName,
        ..Seal::of(&stranger()?)
    })
}

fn of_authority() -> Made {
    issued(Plan {
        common_name: "Issuing CA".to_owned(),
        ..Plan::authority("Example Authority")
    })
}

/// Issued by a signer's certificate, which may not issue anything.
fn by_no_authority() -> Made {
    let issuer = stranger()?;
    let plan = Plan {
        common_name: "Second signer".to_owned(),
        ..Plan::signer("Example Pictures")
    };
    let leaf = plan.issued_by(&issuer)?;
    let mut seal = Seal::of(&leaf);
    seal.chain.push(issuer.certificate);
    sealed(seal)
}

fn for_time_stamps() -> Made {
    issued(Plan {
        purposes: TIME_STAMPING,
        ..Plan::signer("Example Pictures")
    })
}

fn unknown_critical_extension() -> Made {
    issued(Plan {
        unknown_critical: true,
        ..Plan::signer("Example Pictures")
    })
}

/// The authority above it may only issue for another organisation (RFC 5280, 4.2.1.10).
fn outside_name_constraints() -> Made {
    const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
    let permitted = distinguished_name(&[("2.5.4.10", "Other Pictures".to_owned())])?;
    let subtree = sequence(&[tlv(0xA4, &permitted)]);
    let issuer = Plan {
        common_name: "Issuing CA".to_owned(),
        extensions: vec![(NAME_CONSTRAINTS, true, sequence(&[tlv(0xA0, &subtree)]))],
        ..Plan::authority("Example Authority")
    };
    let issuer = issuer.issued_by(&authority()?)?;
    let mut seal = Seal::of(&Plan::signer("Example Pictures").issued_by(&issuer)?);
    seal.chain.push(issuer.certificate);
    sealed(seal)
}

/// Under an RSA key whose exponent is 1, everybody can sign.
fn rsa_exponent_1() -> Made {
    const OCTETS: usize = 256;
    let plan = Plan {
        public_key: Some(rsa(OCTETS, &[1])?),
        ..Plan::signer("Example Pictures")
    };
    sealed(Seal {
        hand: Hand::Exponent1(OCTETS),
        ..Seal::of(&plan.issued_by(&authority()?)?)
    })
}

/// The name in the certificate changed after everything was signed.
fn name_edited() -> Made {
    replace(issued(Plan::signer("Noodle LLC"))?, b"Noodle LLC", b"Google LLC")
}

fn unprotected() -> Made {
    sealed(Seal {
        chain_header: ChainHeader::Unprotected,
        ..Seal::of(&stranger()?)
    })
}

fn unprotected_by_name() -> Made {
    sealed(Seal {
        chain_header: ChainHeader::UnprotectedByName,
        ..Seal::of(&stranger()?)
    })
}

fn no_der() -> Made {
    sealed(Seal {
        chain: vec![b"no certificate".to_vec()],
        ..Seal::of(&stranger()?)
    })
}

fn none() -> Made {
    sealed(Seal {
        chain: Vec::new(),
        ..Seal::of(&stranger()?)
    })
}

fn names_google() -> Made {
    let authority = Plan::authority("Google LLC").self_signed()?;
    signed_by(&Plan::signer("Google LLC").issued_by(&authority)?)
}

/// An authority of one's own that calls itself a maker of cameras, over a picture that says it was taken by one.
fn names_camera_maker() -> Made {
    let authority = Plan::authority("Leica Camera AG").self_signed()?;
    let signer = Plan::signer("Leica Camera AG").issued_by(&authority)?;
    let draft = Draft::new("camera maker", Some(CAMERA), Seal::of(&signer));
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

/// The local identity of another machine.
fn names_local_identity() -> Made {
    let authority = Plan::authority(touchmark_signing::LOCAL_ORGANISATION).self_signed()?;
    signed_by(&Plan::signer(touchmark_signing::LOCAL_ORGANISATION).issued_by(&authority)?)
}

fn names_escapes() -> Made {
    issued(Plan::signer(
        "\u{1B}[2J\u{1B}]0;trusted\u{7}Associated\u{202E}sserP\0</script>",
    ))
}

fn names_ten_thousand_characters() -> Made {
    issued(Plan::signer(&"ä".repeat(10_000)))
}

/// As c2patool writes it with the key of one certificate and the chain of another: exit code 0, file invalid.
fn key_mismatched() -> Made {
    let other = Plan::signer("Other Pictures").self_signed()?;
    sealed(Seal {
        hand: Hand::Key(Box::new(other.key)),
        ..Seal::of(&stranger()?)
    })
}

fn issued(plan: Plan) -> Made {
    signed_by(&plan.issued_by(&authority()?)?)
}

fn signed_by(holder: &Holder) -> Made {
    sealed(Seal::of(holder))
}

fn sealed(seal: Seal) -> Made {
    sign_into(&picture("flat.jpg")?, &Draft::new("signer", Some(GENERATED), seal), &[])
}
