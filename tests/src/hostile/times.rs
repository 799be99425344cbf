//! Times and revocations that are said beside a signature: by authorities on no list, over other signatures, of other days.

use coset::cbor::Value;
use time::macros::datetime;

use super::edit::{find, flip};
use super::{Case, GENERATED, Made, authority, case, other_authority, picture};
use crate::certificates::{EcHolder, Holder, Plan, TIME_STAMPING};
use crate::forge::{Draft, Seal, Stamp, actions, created_at, map, revocation_answer, sign_into};

pub(super) const CASES: &[Case] = &[
    case("expired-and-time-stamped-by-stranger.jpg", expired_and_stamped),
    case("expired-and-time-stamp-altered.jpg", expired_and_stamp_altered),
    case(
        "expired-and-time-stamp-of-other-signature.jpg",
        expired_and_stamp_of_other,
    ),
    case("time-stamp-backdated-to-1990.jpg", backdated),
    case("action-dated-after-time-stamp.jpg", action_dated_after_stamp),
    case(
        "action-dated-minutes-after-time-stamp.jpg",
        action_dated_minutes_after_stamp,
    ),
    case("revoked.jpg", revoked),
    case("revoked-by-stranger.jpg", revoked_by_stranger),
    case("revocation-answer-altered.jpg", answer_altered),
];

/// Noon of a day on which the expired signer was valid.
const WHILE_VALID: &str = "20250601120000Z";

fn expired_and_stamped() -> Made {
    stamped(expired()?, WHILE_VALID, true)
}

/// The time in the token is another than was signed.
fn expired_and_stamp_altered() -> Made {
    let bytes = expired_and_stamped()?;
    let at = find(&bytes, WHILE_VALID.as_bytes())? + 3;
    flip(bytes, at)
}

fn expired_and_stamp_of_other() -> Made {
    stamped(expired()?, WHILE_VALID, false)
}

/// Long before the certificates of signer and authority.
fn backdated() -> Made {
    stamped(super::stranger()?, "19900101120000Z", true)
}

/// A day after the token's time: a clock that is wrong, or a token that is older than what it stands beside.
fn action_dated_after_stamp() -> Made {
    dated("action dated after time-stamp", "2025-06-02T14:00:00.123456789+02:00")
}

/// As far apart as clocks are, said in the time of another place.
fn action_dated_minutes_after_stamp() -> Made {
    dated("action dated minutes after time-stamp", "2025-06-01T14:09:59+02:00")
}

fn dated(name: &str, when: &str) -> Made {
    let seal = sealed_at(super::stranger()?, WHILE_VALID, true)?;
    let mut draft = Draft::new(name, Some(GENERATED), seal);
    draft.assertions = vec![actions(vec![created_at(Some(GENERATED), when)])?];
    sign_into(&picture("flat.jpg")?, &draft, &[])
}

fn expired() -> Result<Holder, Box<dyn std::error::Error>> {
    let plan = Plan {
        valid: (datetime!(2025-01-01 00:00 UTC), datetime!(2025-12-31 23:59:59 UTC)),
        ..Plan::signer("Example Pictures")
    };
    plan.issued_by(&authority()?)
}

fn stamped(signer: Holder, time: &'static str, covers: bool) -> Made {
    signed_by(sealed_at(signer, time, covers)?)
}

/// With a time-stamp by an authority that calls itself one, below one that is on no list.
fn sealed_at(signer: Holder, time: &'static str, covers: bool) -> Result<Seal, Box<dyn std::error::Error>> {
    let clock = Plan {
        common_name: "Time".to_owned(),
        valid: (datetime!(2024-01-01 00:00 UTC), datetime!(2030-12-31 23:59:59 UTC)),
        purposes: TIME_STAMPING,
        ..Plan::signer("Example Time")
    };
    let by = clock.ec_issued_by(&other_authority()?)?;
    Ok(Seal {
        stamp: Some(Stamp { by, time, covers }),
        ..Seal::of(&signer)
    })
}

/// The issuer says that it revoked the certificate before the picture was signed.
fn revoked() -> Made {
    answered(&issuing("Example Authority")?, Ok)
}

/// Another than the issuer says so.
fn revoked_by_stranger() -> Made {
    answered(&issuing("Foreign Authority")?, Ok)
}

/// A bit of the issuer's signature.
fn answer_altered() -> Made {
    answered(&issuing("Example Authority")?, |answer| {
        let last = answer.len() - 1;
        flip(answer, last)
    })
}

fn answered(by: &EcHolder, change: fn(Vec<u8>) -> Made) -> Made {
    let issuer = issuing("Example Authority")?;
    let leaf = Plan::signer("Example Pictures").issued_by_ec(&issuer)?;
    let answer = change(revocation_answer(by, &leaf.certificate, Some("20261101120000Z"))?)?;
    let answers = Value::Array(vec![Value::Bytes(answer)]);
    signed_by(Seal {
        chain: vec![leaf.certificate.clone(), issuer.certificate],
        beside: vec![("rVals", map([("ocspVals", answers)]))],
        ..Seal::of(&leaf)
    })
}

fn issuing(organisation: &str) -> Result<EcHolder, Box<dyn std::error::Error>> {
    let plan = Plan {
        common_name: "Issuing CA".to_owned(),
        ..Plan::authority(organisation)
    };
    plan.ec_issued_by(&authority()?)
}

fn signed_by(seal: Seal) -> Made {
    sign_into(&picture("flat.jpg")?, &Draft::new("signer", Some(GENERATED), seal), &[])
}
