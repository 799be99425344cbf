//! Time-stamps and answers about revocation, by real authorities and by faulty ones: what is put into stamps, what keeps
//! them from being made, and what is read of them later.

mod authority;

use std::fs;
use std::io::Cursor;
use std::process::Output;
use std::sync::Arc;

use encypher_c2pa::{VerifyOptions, verify_with_options};
use getrandom::SysRng;
use time::{Duration, OffsetDateTime};
use touchmark::evidence::{Level, Rule, SignerAxis};
use touchmark::{EditedFrom, Error, Order, Report, Stamper, TrustLists, Verifier, Want};
use touchmark_signing::ocsp::{CertificateStatus, OcspAnswer, OcspRequest};
use touchmark_signing::timestamp::{
    MAX_CLOCK_DIFFERENCE, NoTimestamp, TimestampAuthorities, TimestampAuthority, TimestampFault,
};
use touchmark_signing::trust::{Purpose, TrustList};
use touchmark_signing::{Algorithm, Certificate, CertificateChain, Identity, SecretKey, Signer, Subject};
use touchmark_tests::identity;
use touchmark_tests::pictures::PICTURES;

use crate::machine::{Machine, lines, stderr};
use crate::readers::assert_accepted;
use authority::{Direct, Entry, Kind, Pki, Reply, STAMPS, asked, openssl_is_there, serve};

fn made(algorithm: Algorithm, now: OffsetDateTime) -> Identity {
    let subject = Subject::new("Example Images", "Example Images signer").unwrap();
    Identity::new(&subject, algorithm, now, &mut SysRng).unwrap()
}

fn picture(name: &str) -> Vec<u8> {
    let found = PICTURES.iter().find(|picture| picture.name == name).unwrap();
    found.bytes().unwrap()
}

fn authorities(answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> TimestampAuthorities {
    let direct: Arc<dyn TimestampAuthority> = Arc::new(Direct(answer));
    TimestampAuthorities::new(vec![direct], Arc::new(TrustLists::empty()))
}

fn stamper(identity: &Identity, pki: &Arc<Pki>) -> Stamper {
    let pki = Arc::clone(pki);
    Stamper::new(identity.signer().unwrap())
        .unwrap()
        .with_timestamps(authorities(move |query| pki.reply(query)), None)
}

fn list(name: &str, purpose: Purpose, pem: &str) -> TrustList {
    TrustList::from_pem(name, purpose, pem.as_bytes()).unwrap()
}

fn report(lists: TrustLists, stamped: &[u8], at: OffsetDateTime) -> Report {
    Verifier::new(lists).unwrap().verify_as_of(stamped, at, at).unwrap()
}

fn has(report: &Report, rule: Rule) -> bool {
    report.verdict().reasons().any(|reason| reason.rule == rule)
}

#[test]
fn stamps_of_every_format_carry_the_time_and_every_reader_accepts_them() {
    if !openssl_is_there() {
        return;
    }
    let now = OffsetDateTime::now_utc();
    let disclosure = identity::disclosure().unwrap();
    for (algorithm, kind) in [(Algorithm::Ed25519, Kind::Rsa), (Algorithm::Es256, Kind::Ec)] {
        let (identity, pki) = (made(algorithm, now), Arc::new(Pki::for_timestamps(kind)));
        let stamper = stamper(&identity, &pki);
        for name in ["baseline-exif.jpg", "rgb.png", "lossless.webp"] {
            let stamped = stamper.stamp(&picture(name), &disclosure, now).unwrap();
            let record = stamped.record().timestamp.clone().unwrap();
            assert!((record.time - now).abs() < MAX_CLOCK_DIFFERENCE && !record.listed);
            assert_accepted(&identity, stamped.bytes(), name);
            let lists = identity::trusting(&identity).unwrap();
            assert!(has(
                &report(lists.clone(), stamped.bytes(), record.time),
                Rule::TimeClaimed
            ));
            let lists = lists.with(list("time", Purpose::Timestamps, &pki.pem("root.pem")));
            assert!(has(&report(lists, stamped.bytes(), record.time), Rule::TimeTrusted));
        }
    }
}

#[test]
fn large_files_and_edited_pictures_carry_the_time_too() {
    if !openssl_is_there() {
        return;
    }
    let now = OffsetDateTime::now_utc();
    let (identity, pki) = (made(Algorithm::Ed25519, now), Arc::new(Pki::for_timestamps(Kind::Ec)));
    let stamper = stamper(&identity, &pki);
    let disclosure = identity::disclosure().unwrap();
    let order = Order {
        timestamp: Want::Demanded,
        ..Order::of(&disclosure)
    };
    // What follows the end of a PNG is part of the file.
    let large = [picture("rgb.png"), vec![7; 3 << 20]].concat();
    let mut target = Cursor::new(Vec::new());
    let record = stamper
        .stamp_file(Cursor::new(&large), &mut target, &order, now)
        .unwrap();
    assert!(record.timestamp.is_some());
    assert_accepted(&identity, target.get_ref(), "in blocks");

    let parent = stamper.stamp(&picture("baseline-exif.jpg"), &disclosure, now).unwrap();
    let edited = stamper
        .stamp_edited(&picture("rgb.png"), EditedFrom::picture(parent.bytes()), &order, now)
        .unwrap();
    let found = report(identity::trusting(&identity).unwrap(), edited.stamped.bytes(), now);
    assert!(has(&found, Rule::TimeClaimed) && found.verdict().level == Level::Attested);
}

#[test]
fn a_time_stamp_takes_little_more_room_than_its_token() {
    if !openssl_is_there() {
        return;
    }
    let now = OffsetDateTime::now_utc();
    let (identity, pki) = (made(Algorithm::Ed25519, now), Arc::new(Pki::for_timestamps(Kind::Ec)));
    let disclosure = identity::disclosure().unwrap();
    let plain = Stamper::new(identity.signer().unwrap()).unwrap();
    let plain = plain.stamp(&picture("rgb.png"), &disclosure, now).unwrap();
    let stamped = stamper(&identity, &pki)
        .stamp(&picture("rgb.png"), &disclosure, now)
        .unwrap();
    let grown = stamped.bytes().len() - plain.bytes().len();
    // OpenSSL's token with the leaf's and the root's certificate.
    assert!((1000..1800).contains(&grown), "{grown}");
}

/// Tokens that grow from request to request, as where authorities take turns.
#[test]
fn a_token_that_does_not_fit_gets_its_room() {
    if !openssl_is_there() {
        return;
    }
    let now = OffsetDateTime::now_utc();
    let (small, large) = (Pki::for_timestamps(Kind::Ec), Pki::for_timestamps(Kind::Rsa));
    let identity = made(Algorithm::Es256, now);
    let first = std::sync::atomic::AtomicBool::new(true);
    let growing = move |query: &[u8]| match first.swap(false, std::sync::atomic::Ordering::SeqCst) {
        true => small.reply(query),
        false => large.reply(query),
    };
    let stamper = Stamper::new(identity.signer().unwrap())
        .unwrap()
        .with_timestamps(authorities(growing), None);
    let disclosure = identity::disclosure().unwrap();
    let order = Order {
        timestamp: Want::Demanded,
        ..Order::of(&disclosure)
    };
    let large = [picture("rgb.png"), vec![7; 3 << 20]].concat();
    let mut target = Cursor::new(Vec::new());
    stamper
        .stamp_file(Cursor::new(&large), &mut target, &order, now)
        .unwrap();
    assert_accepted(&identity, target.get_ref(), "a second round");
}

#[test]
fn a_time_counts_to_the_second_at_the_edges_of_the_certificates() {
    if !openssl_is_there() {
        return;
    }
    let pki = Arc::new(Pki::for_timestamps(Kind::Ec));
    let (begins, ends, second) = (pki.leaf().not_before(), pki.leaf().not_after(), Duration::SECOND);
    let disclosure = identity::disclosure().unwrap();
    // Valid at all these times, and now, by the clock that c2pa reads.
    let identity = made(Algorithm::Ed25519, OffsetDateTime::now_utc());
    let mut valid = Vec::new();
    for (at, fits) in [
        (begins, true),
        (ends, true),
        (begins - second, false),
        (ends + second, false),
    ] {
        let replying = Arc::clone(&pki);
        let stamper = Stamper::new(identity.signer().unwrap())
            .unwrap()
            .with_timestamps(authorities(move |query| replying.reply_at(query, at, "leaf")), None);
        match stamper.stamp(&picture("rgb.png"), &disclosure, at) {
            Ok(stamped) => {
                let lists = identity::trusting(&identity).unwrap().with(list(
                    "time",
                    Purpose::Timestamps,
                    &pki.pem("root.pem"),
                ));
                // Long after, and trusted all the same: it was signed at the edge.
                let later = report(lists, stamped.bytes(), at + Duration::days(2000));
                assert!(has(&later, Rule::TimeTrusted), "{at}");
                assert_eq!(later.verdict().signer, SignerAxis::Trusted, "{at}");
                valid.push(at);
            }
            Err(error) => assert_eq!(fault(&error), TimestampFault::OutsideValidity(at)),
        }
        assert_eq!(valid.contains(&at), fits, "{at}");
    }
    // The signer's own certificate, at the time that the authority states.
    let signer = identity.signer().unwrap();
    let just_over = signer.certificate().not_after() + second;
    let issued = Pki::for_timestamps(Kind::Ec);
    issued.issue("long", Kind::Ec, STAMPS, 3000);
    let stamper = Stamper::new(signer).unwrap().with_timestamps(
        authorities(move |query| issued.reply_at(query, just_over, "long")),
        None,
    );
    let refused = stamper.stamp(&picture("rgb.png"), &disclosure, just_over - second);
    assert!(matches!(refused, Err(Error::Identity(_))), "{refused:?}");
}

fn fault(error: &Error) -> TimestampFault {
    match error {
        Error::Timestamp(NoTimestamp { attempts, .. }) => attempts[0].fault.clone(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_stamp_outlives_its_certificate_by_a_time_that_is_trusted() {
    if !openssl_is_there() {
        return;
    }
    let now = OffsetDateTime::now_utc();
    let (identity, pki) = (made(Algorithm::Es256, now), Arc::new(Pki::for_timestamps(Kind::Ec)));
    let stamped = stamper(&identity, &pki)
        .stamp(&picture("rgb.png"), &identity::disclosure().unwrap(), now)
        .unwrap();
    let signers = identity::trusting(&identity).unwrap();
    let time = || list("time", Purpose::Timestamps, &pki.pem("root.pem"));
    let other = Pki::for_timestamps(Kind::Ec);
    let elsewhere = || list("elsewhere", Purpose::Timestamps, &other.pem("root.pem"));
    let as_signers = || list("as signers", Purpose::Signers, &pki.pem("root.pem"));
    let end = identity.leaf().certificate.not_after();
    for (lists, at, expected) in [
        (signers.clone().with(time()), now, SignerAxis::Trusted),
        (signers.clone().with(time()), end, SignerAxis::Trusted),
        (
            signers.clone().with(time()),
            end + Duration::SECOND,
            SignerAxis::Trusted,
        ),
        (
            signers.clone().with(time()),
            end + Duration::days(1500),
            SignerAxis::Trusted,
        ),
        // Asked about a time before the time-stamp: it shows nothing yet.
        (
            signers.clone().with(time()),
            now - Duration::minutes(1),
            SignerAxis::Trusted,
        ),
        (
            signers.clone().with(time()),
            now - Duration::days(1),
            SignerAxis::Unknown,
        ),
        (signers.clone(), end, SignerAxis::Trusted),
        (signers.clone(), end + Duration::SECOND, SignerAxis::Expired),
        (
            signers.clone().with(elsewhere()),
            end + Duration::SECOND,
            SignerAxis::Expired,
        ),
        (
            signers.clone().with(as_signers()),
            end + Duration::SECOND,
            SignerAxis::Expired,
        ),
        (
            TrustLists::empty().with(time()),
            end + Duration::SECOND,
            SignerAxis::Unknown,
        ),
    ] {
        let found = report(lists, stamped.bytes(), at);
        assert_eq!(found.verdict().signer, expected, "{at}");
    }
}

/// The command with these options, on a machine whose identity is its own.
fn stamp(machine: &Machine, options: &[&str]) -> Output {
    machine.touchmark(&[&["stamp", "picture.png"], options].concat())
}

#[test]
fn each_faulty_authority_is_named_and_nothing_is_written() {
    if !openssl_is_there() {
        return;
    }
    let pki = || Pki::for_timestamps(Kind::Ec);
    let by = |answer: fn(&Pki, &[u8]) -> Reply, pki: Pki| serve(move |query| answer(&pki, query));
    let other_query = |query: &[u8], change_nonce: bool| {
        let mut query = query.to_vec();
        let (imprint, nonce) = asked(&query);
        let part = if change_nonce { nonce } else { imprint };
        let at = query.windows(part.len()).position(|window| window == part).unwrap();
        query[at + part.len() - 1] ^= 1;
        query
    };
    let days = |days| Duration::days(days);
    let purpose = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=timeStamping,emailProtection";
    let badly_made = pki();
    badly_made.issue("bad", Kind::Ec, purpose, 200);
    let short_lived = pki();
    let faults: Vec<(String, &str)> = vec![
        (
            by(
                |pki, query| Reply::Body(pki.reply_at(query, OffsetDateTime::now_utc() + Duration::hours(1), "leaf")),
                pki(),
            ),
            "far from this machine's clock",
        ),
        (
            serve(move |query| {
                Reply::Body(short_lived.reply_at(query, short_lived.leaf().not_after() + days(1), "leaf"))
            }),
            "was not valid at",
        ),
        (
            {
                let pki = pki();
                serve(move |query| Reply::Body(pki.reply(&other_query(query, true))))
            },
            "answers another request",
        ),
        (
            {
                let pki = pki();
                serve(move |query| Reply::Body(pki.reply(&other_query(query, false))))
            },
            "for another message",
        ),
        (
            serve(move |query| Reply::Body(badly_made.reply_at(query, OffsetDateTime::now_utc(), "bad"))),
            "certificate.extended-key-usage",
        ),
        (
            by(|pki, query| Reply::Body(pki.refusal(query)), pki()),
            "the hash is not accepted",
        ),
        (
            by(
                |pki, query| {
                    let reply = pki.reply(query);
                    Reply::Body(reply[..reply.len() - 7].to_vec())
                },
                pki(),
            ),
            "cut off",
        ),
        (by(|pki, query| Reply::Half(pki.reply(query)), pki()), "no answer"),
        (serve(|_| Reply::Status(503)), "HTTP status 503"),
        (serve(|_| Reply::Status(404)), "HTTP status 404"),
        (serve(|_| Reply::Body(vec![0x30; 10 << 20])), "too large"),
        (serve(|_| Reply::Body(b"<html>".to_vec())), "no time-stamp"),
        (
            serve(|_| Reply::RedirectTo("http://169.254.169.254/".to_owned())),
            "redirects",
        ),
        (serve(|_| Reply::Silence), "took too long"),
        ("http://127.0.0.1:1/".to_owned(), "no answer"),
    ];
    let machine = Machine::with_picture();
    stamp(&machine, &["-o", "warm-up.png"]);
    for (address, words) in &faults {
        let output = stamp(&machine, &["--timestamp", address]);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{words}: {said}");
        assert!(
            said.contains("TM0701") && said.contains(words) && said.contains(address.as_str()),
            "{words}: {said}"
        );
        let step = said.lines().last().unwrap();
        let authorities = step.matches("second authority").count() + step.matches("another authority").count();
        assert!(authorities <= 1 && step.contains("--allow-no-timestamp"), "{step}");
        assert_eq!(machine.left_over(&["warm-up.png"]), Vec::<String>::new(), "{words}");
    }
    // The first that answers rightly is taken, and all that did not are named where none does.
    let sound = by(|pki, query| Reply::Body(pki.reply(query)), pki());
    let bad = &faults[9].0;
    let output = stamp(
        &machine,
        &["--timestamp", bad, "--timestamp", &sound, "--json", "-o", "second.png"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(lines(&output)[0]["timestamp"]["authority"], sound.as_str());
    assert_eq!(lines(&output)[0]["timestamp"]["listed"], false);
    assert!(
        stderr(&output).contains("on no list of time-stamp authorities"),
        "{}",
        stderr(&output)
    );
    let output = stamp(
        &machine,
        &["--timestamp", bad, "--timestamp", &faults[5].0, "-o", "third.png"],
    );
    assert!(stderr(&output).contains("HTTP status 404") && stderr(&output).contains("not accepted"));

    // Where it is allowed, the stamp is made without, and it is said.
    let output = stamp(
        &machine,
        &[
            "--timestamp",
            bad,
            "--allow-no-timestamp",
            "--json",
            "-o",
            "without.png",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let notes = lines(&output)[0]["notes"].to_string();
    assert!(
        notes.contains("without a time-stamp") && notes.contains("HTTP status 404"),
        "{notes}"
    );
    assert!(lines(&output)[0]["timestamp"].is_null() && stderr(&output).contains("without a time-stamp"));
}

#[test]
fn one_failure_in_a_batch_does_not_stop_the_others() {
    if !openssl_is_there() {
        return;
    }
    let pki = Pki::for_timestamps(Kind::Ec);
    let mut answered = 0;
    // The first is the sample that tells the length of tokens.
    let address = serve(move |query| {
        answered += 1;
        match answered {
            3 => Reply::Status(400),
            _ => Reply::Body(pki.reply(query)),
        }
    });
    let machine = Machine::new();
    for index in 0..6 {
        machine.put("rgb.png", format!("{index}.png"));
    }
    let output = machine.touchmark(&["stamp", "*.png", "-d", "out", "--json", "--timestamp", &address]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let stamped = |line: &serde_json::Value| line["status"] == "stamped" && line["timestamp"].is_object();
    let lines = lines(&output);
    assert_eq!(lines.iter().filter(|line| stamped(line)).count(), 5);
    assert!(lines.iter().any(|line| line["error"]["code"] == "TM0701"));
}

#[test]
fn a_configured_authority_is_asked_and_a_profile_is_content() {
    if !openssl_is_there() {
        return;
    }
    let pki = Pki::for_timestamps(Kind::Ec);
    let root = pki.path("root.pem");
    let machine = Machine::with_picture();
    fs::copy(&root, machine.path("time.pem")).unwrap();
    let address = serve(move |query| Reply::Body(pki.reply(query)));
    let add = [
        "trust",
        "add",
        "time.pem",
        "--purpose",
        "timestamps",
        "--name",
        "Test time",
    ];
    assert!(machine.touchmark(&add).status.success());
    let configured = |options: &[&str]| {
        let mut command = machine.command(crate::machine::BINARY);
        command.env("TOUCHMARK_TIMESTAMP", format!("http://127.0.0.1:1/ {address}"));
        command.args([&["stamp", "picture.png", "--json", "--force"], options].concat());
        command.output().unwrap()
    };
    let output = configured(&[]);
    assert_eq!(lines(&output)[0]["timestamp"]["listed"], true, "{}", stderr(&output));
    assert!(!stderr(&output).contains("on no list"));
    assert!(lines(&configured(&["--timestamp", "none"]))[0]["timestamp"].is_null());

    let end = OffsetDateTime::now_utc() + Duration::days(400);
    let at = end.format(&time::format_description::well_known::Rfc3339).unwrap();
    let verify = |at: &str| {
        let output = machine.touchmark(&["verify", "picture.stamped.png", "--json", "--at", at]);
        lines(&output)[0].clone()
    };
    configured(&[]);
    assert_eq!(verify(&at)["verdict"]["signer"], "local");
    assert_eq!(verify(&at)["layers"]["manifest"]["signed_at"]["trusted"], true);
    configured(&["--timestamp", "none"]);
    assert_eq!(verify(&at)["verdict"]["signer"], "expired");

    let doctor = |options: &[&str]| {
        let output = machine.touchmark(&[&["doctor", "--profile", "eu"], options].concat());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(doctor(&[]).contains("MISSING  a time-stamp"));
    let asked = doctor(&["--timestamp", &address]);
    assert!(
        asked.contains("has      a time-stamp") && asked.contains(&format!("{address} answers")),
        "{asked}"
    );
    let silent = doctor(&["--timestamp", "http://127.0.0.1:1/"]);
    assert!(
        silent.contains("timestamps: http://127.0.0.1:1/: no answer"),
        "{silent}"
    );
    let configured = |args: &[&str]| {
        let mut command = machine.command(crate::machine::BINARY);
        command
            .args(args)
            .env("TOUCHMARK_TIMESTAMP", format!("{address} {address}"));
        command.output().unwrap()
    };
    let output = configured(&["doctor", "--json"]);
    let report = &lines(&output)[0];
    let check = |name: &str| {
        report["checks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|check| check["check"] == name)
    };
    assert!(check("timestamps") && check("trust_lists"), "{report}");
    let text = configured(&["doctor"]);
    let text = String::from_utf8_lossy(&text.stdout);
    assert!(text.contains("2 authorities configured, not asked"), "{text}");
}

#[test]
fn addresses_that_cannot_be_asked_are_refused_at_once() {
    let machine = Machine::with_picture();
    for address in [
        "timestamp.example",
        "ftp://timestamp.example/",
        "http://user:word@timestamp.example/",
    ] {
        let output = stamp(&machine, &["--timestamp", address]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("TM0702"), "{}", stderr(&output));
        assert!(!stderr(&output).contains("word"), "{}", stderr(&output));
    }
}

/// A claim signer that an authority issued, whose responder is at this address.
fn claim_signer(responder: &str) -> Pki {
    Pki::new(
        Kind::Ec,
        &format!(
            "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\n\
             extendedKeyUsage=1.3.6.1.4.1.62558.2.1,emailProtection\nauthorityInfoAccess=OCSP;URI:{responder}"
        ),
    )
}

#[test]
fn the_issuer_is_asked_before_anything_is_signed() {
    if !openssl_is_there() {
        return;
    }
    use std::sync::{Mutex, OnceLock};
    static ISSUER: OnceLock<Pki> = OnceLock::new();
    static CASE: Mutex<(Entry, &str)> = Mutex::new((Entry::Good, "root"));
    let responder = serve(|question| {
        let (entry, signer) = *CASE.lock().unwrap();
        Reply::Body(ISSUER.get().unwrap().revocation(question, entry, signer))
    });
    let issuer = ISSUER.get_or_init(|| claim_signer(&responder));
    issuer.issue("delegate", Kind::Ec, "extendedKeyUsage=OCSPSigning", 30);
    issuer.issue("stranger", Kind::Ec, "basicConstraints=CA:FALSE", 30);
    let time = Pki::for_timestamps(Kind::Ec);
    let authority = serve(move |query| Reply::Body(time.reply(query)));

    let machine = Machine::with_picture();
    fs::copy(issuer.path("leaf.key"), machine.path("leaf.key")).unwrap();
    fs::write(
        machine.path("chain.pem"),
        issuer.pem("leaf.pem") + &issuer.pem("root.pem"),
    )
    .unwrap();
    fs::copy(issuer.path("root.pem"), machine.path("root.pem")).unwrap();
    let signed = [
        "--key",
        "file:leaf.key",
        "--certificates",
        "chain.pem",
        "--online",
        "--force",
    ];
    let online = |options: &[&str]| stamp(&machine, &[&signed, options].concat());
    let timestamp = ["--timestamp", authority.as_str()];
    for (case, code) in [
        ((Entry::Revoked, "root"), "TM0703"),
        ((Entry::Unknown, "root"), "TM0704"),
        ((Entry::Good, "stranger"), "TM0704"),
    ] {
        *CASE.lock().unwrap() = case;
        let output = online(&timestamp);
        assert_eq!(output.status.code(), Some(1), "{case:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(code), "{case:?}: {}", stderr(&output));
        assert!(!machine.path("picture.stamped.png").exists());
    }
    // Without the issuer's certificate there is nothing to ask with, and waiting does not help.
    fs::copy(issuer.path("leaf.pem"), machine.path("leaf.pem")).unwrap();
    let mut lone = signed;
    lone[3] = "leaf.pem";
    let output = stamp(&machine, &[&lone, &timestamp[..]].concat());
    let said = stderr(&output);
    assert!(
        said.contains("TM0704") && said.contains("put the issuer's certificate into the same file"),
        "{said}"
    );
    assert!(!said.contains("try again later"), "{said}");
    *CASE.lock().unwrap() = (Entry::Good, "delegate");
    let alone = online(&[]);
    assert_eq!(alone.status.code(), Some(2));
    assert!(stderr(&alone).contains("TM0705"), "{}", stderr(&alone));
    for signer in ["root", "delegate"] {
        *CASE.lock().unwrap() = (Entry::Good, signer);
        let output = online(&timestamp);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stderr(&output).contains("asking 127.0.0.1"), "{}", stderr(&output));
        let verify = machine.touchmark(&["verify", "picture.stamped.png", "--trust", "root.pem"]);
        let text = String::from_utf8_lossy(&verify.stdout).into_owned();
        assert_eq!(verify.status.code(), Some(0), "{text}");
        assert!(text.contains("not revoked on"), "{text}");
        assert!(!text.contains("We did not ask"), "{text}");
    }
    let without = stamp(&machine, &["--online", "-o", "local.png"]);
    assert!(stderr(&without).contains("names nobody to ask"), "{}", stderr(&without));
}

#[test]
fn what_is_stapled_is_read_and_weighed() {
    if !openssl_is_there() {
        return;
    }
    let issuer = claim_signer("http://ocsp.example/");
    let now = OffsetDateTime::now_utc();
    let time = Arc::new(Pki::for_timestamps(Kind::Ec));
    let chain = CertificateChain::from_pem(&(issuer.pem("leaf.pem") + &issuer.pem("root.pem"))).unwrap();
    let (leaf, root) = (
        chain.leaf().clone(),
        Certificate::from_pem(&issuer.pem("root.pem")).unwrap(),
    );
    let question = OcspRequest::new(&leaf, &root).unwrap();
    let stamped = |entry| {
        let answer = issuer.revocation(question.der(), entry, "root");
        let answer = OcspAnswer::check(&answer, &leaf, &root).unwrap();
        let key = SecretKey::from_pem(&issuer.pem("leaf.key"), None).unwrap();
        let signer = Signer::new(key, chain.clone()).unwrap();
        let replying = Arc::clone(&time);
        Stamper::new(signer)
            .unwrap()
            .with_timestamps(authorities(move |query| replying.reply(query)), Some(answer))
            .stamp(&picture("rgb.png"), &identity::disclosure().unwrap(), now)
            .unwrap()
            .into_bytes()
    };
    let signers = || TrustLists::empty().with(list("signers", Purpose::Signers, &issuer.pem("root.pem")));
    let trusted_time = || signers().with(list("time", Purpose::Timestamps, &time.pem("root.pem")));

    let good = stamped(Entry::Good);
    let found = report(signers(), &good, now);
    assert_eq!(found.verdict().signer, SignerAxis::Trusted);
    assert!(has(&found, Rule::SignerNotRevoked));
    // A time-stamp keeps the answer from growing old; without, it does within a week.
    let later = now + Duration::days(30);
    assert!(has(&report(trusted_time(), &good, later), Rule::SignerNotRevoked));
    let stale = report(signers(), &good, later);
    assert!(has(&stale, Rule::RevocationUnusable) && stale.to_text().contains("ocsp.outside-its-time"));
    // Nobody is at hand whose answer it could be.
    assert!(has(&report(TrustLists::empty(), &good, now), Rule::RevocationUnusable));

    let revoked = stamped(Entry::Revoked);
    for lists in [signers(), trusted_time()] {
        let found = report(lists, &revoked, now);
        let verdict = found.verdict();
        assert_eq!((verdict.signer, verdict.level), (SignerAxis::Revoked, Level::Signed));
        // Whoever has a stolen key may say what they like.
        assert!(!has(&found, Rule::AiStated), "{}", found.to_text());
        let text = found.to_text();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("was revoked by its issuer on 2026-01-01"), "{text}");
    }
    let unknown = stamped(Entry::Unknown);
    let found = report(signers(), &unknown, now);
    assert_eq!(found.verdict().signer, SignerAxis::Trusted);
    assert!(found.to_text().contains("ocsp.unknown"), "{}", found.to_text());

    // Beside the signature nothing is signed: a changed answer is worth nothing, and harms nothing.
    let mut changed = good.clone();
    let at = changed.windows(8).rposition(|window| window == b"ocspVals").unwrap();
    // Somewhere in what the issuer signed.
    changed[at + 112] ^= 1;
    assert!(crc_of_store(&mut changed));
    let found = report(signers(), &changed, now);
    assert_eq!(found.verdict().level, Level::Attested, "{}", found.to_text());
    assert!(!has(&found, Rule::SignerNotRevoked));
}

/// Writes the CRC of a PNG's `caBX` chunk anew.
fn crc_of_store(png: &mut [u8]) -> bool {
    let Some(at) = png.windows(4).position(|window| window == b"caBX") else {
        return false;
    };
    let length = u32::from_be_bytes(png[at - 4..at].try_into().unwrap()) as usize;
    let crc = crc32fast::hash(&png[at..at + 4 + length]).to_be_bytes();
    png[at + 4 + length..at + 8 + length].copy_from_slice(&crc);
    true
}

/// What an independent reader asks of the conformance program: nothing is missing once both authorities are there.
#[test]
fn in_strict_mode_nothing_is_missing() {
    if !openssl_is_there() {
        return;
    }
    let issuer = claim_signer("http://ocsp.example/");
    let now = OffsetDateTime::now_utc();
    issuer.issue(
        "delegate",
        Kind::Ec,
        "keyUsage=digitalSignature\nextendedKeyUsage=OCSPSigning\nnoCheck=ignored",
        30,
    );
    let time = Arc::new(Pki::for_timestamps(Kind::Ec));
    let chain = CertificateChain::from_pem(&(issuer.pem("leaf.pem") + &issuer.pem("root.pem"))).unwrap();
    let root = Certificate::from_pem(&issuer.pem("root.pem")).unwrap();
    let question = OcspRequest::new(chain.leaf(), &root).unwrap();
    let answer = issuer.revocation(question.der(), Entry::Good, "delegate");
    let answer = OcspAnswer::check(&answer, chain.leaf(), &root).unwrap();
    assert_eq!(answer.status(), CertificateStatus::Good);
    // That reader wants the time of signing after the answer's, to the second.
    while OffsetDateTime::now_utc().unix_timestamp() <= answer.this_update().unix_timestamp() {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let key = SecretKey::from_pem(&issuer.pem("leaf.key"), None).unwrap();
    let replying = Arc::clone(&time);
    let stamped = Stamper::new(Signer::new(key, chain).unwrap())
        .unwrap()
        .with_timestamps(authorities(move |query| replying.reply(query)), Some(answer))
        .stamp(&picture("rgb.png"), &identity::disclosure().unwrap(), now)
        .unwrap();
    let options = VerifyOptions {
        trust_pem: Some(issuer.pem("root.pem")),
        tsa_trust_pem: Some(time.pem("root.pem")),
        no_default_trust: true,
        strict_conformance: true,
        ..VerifyOptions::default()
    };
    let report = verify_with_options(stamped.bytes(), "image/png", &options).unwrap();
    let failures: Vec<_> = report
        .validation_results
        .failure
        .iter()
        .map(|status| status.code.as_str())
        .collect();
    assert_eq!(failures, Vec::<&str>::new());
}
